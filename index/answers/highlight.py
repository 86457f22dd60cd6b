"""The sentence of a passage that answers: the one that is highlighted.

Weights as in `features`: a softmax over the sentences of a right passage, fitted to wiki and news
questions by `tests/benchmarks/fit_ranking.py`, which also prints what each feature earns.
"""

from typing import NamedTuple

import numpy as np

from index.answers.matches import Indices, Matches
from index.queries.query import Floats, Query


class SentenceFeatures(NamedTuple):
    """What speaks for one sentence, or what each of that weighs."""

    coverage: float  # share of the question that it holds
    words: float  # share of all words of the question: "was … by" tells sentences apart, too
    distinct: float  # share of the question, a word counting less that other sentences hold as well
    before: float  # what the sentence before adds: "It is called …" goes on about what was named
    kind: float  # holds an answer of the kind that is asked for


WEIGHTS = SentenceFeatures(coverage=2.0, words=2.2, distinct=3.3, before=1.9, kind=2.6)


def candidate_sentences(query: Query, matches: Matches) -> tuple[Indices, Floats]:
    """The sentences that may be the best of their passage, ascending, and the value of each.

    That is those that would be if they, and no others, held an answer of the kind that is asked
    for; which ones do is not known yet, and not in the values.
    """
    values = (sentence_features(query, matches) * WEIGHTS).sum(axis=1)  # see `Query.idf_share`
    best = np.maximum.reduceat(values, matches.first)[matches.passage_of]
    candidates = np.flatnonzero(values + (WEIGHTS.kind if query.kind else 0.0) >= best)
    return candidates, values[candidates]


def sentence_features(query: Query, matches: Matches) -> Floats:
    """The features of each sentence, a row each in the order of `SentenceFeatures`; `kind` is 0."""
    matched, passage_of = matches.sentences, matches.passage_of
    # A word in every sentence is what the passage is about, and does not favour any.
    spread = np.add.reduceat(matched, matches.first, axis=0, dtype=float)
    rare = query.idf / np.maximum(1, spread)
    coverage = query.idf_share(matched)
    before = np.empty_like(matched)
    before[1:] = matched[:-1]
    before[matches.first] = matches.headlines
    features = np.zeros((len(matched), len(SentenceFeatures._fields)))
    features[:, 0] = coverage
    features[:, 1] = matches.word_share
    features[:, 2] = (matched * rare[passage_of]).sum(axis=1) / rare.sum(axis=1)[passage_of]
    features[:, 3] = query.idf_share(before | matched) - coverage
    return features
