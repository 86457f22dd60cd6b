"""Chooses the sentence of a passage to highlight: the one that answers.

The weights are those of a softmax over the sentences of a right passage, fitted to wiki and news
questions by `tests/benchmarks/fit_ranking.py`, which also prints the figures without each feature.
"""

from typing import NamedTuple

import numpy as np

from index.answers.matches import Indices, Matches
from index.queries.query import Floats, Query


class SentenceFeatures(NamedTuple):
    """The features of one sentence, or the weight of each."""

    coverage: float  # idf share of the query that the sentence matches
    words: float  # share of all words of the question, stop words such as "was … by" too
    distinct: float  # as coverage, each idf divided by the sentences that match the term
    before: float  # idf share that the previous sentence adds: "It is called …" refers back to it
    kind: float  # 1 if it contains an answer of the expected kind


WEIGHTS = SentenceFeatures(coverage=2.0, words=2.2, distinct=3.3, before=1.9, kind=2.6)


def candidate_sentences(query: Query, matches: Matches) -> tuple[Indices, Floats]:
    """The sentences that may be the best of their passage, ascending, with the value of each.

    These are the sentences that would be best if they alone contained an answer of the expected
    kind. Whether they do is not known yet, and not part of the values.
    """
    values = (sentence_features(query, matches) * WEIGHTS).sum(axis=1)  # see `Query.idf_share`
    best = np.maximum.reduceat(values, matches.first)[matches.passage_of]
    candidates = np.flatnonzero(values + (WEIGHTS.kind if query.kind else 0.0) >= best)
    return candidates, values[candidates]


def sentence_features(query: Query, matches: Matches) -> Floats:
    """The features of each sentence, `float64[sentences, len(SentenceFeatures)]`; `kind` is 0."""
    matched, passage_of = matches.sentences, matches.passage_of
    # A term in every sentence is the topic of the passage and favours none of them.
    sentences_with = np.add.reduceat(matched, matches.first, axis=0, dtype=float)
    distinct_idf = query.idf / np.maximum(1, sentences_with)
    coverage = query.idf_share(matched)
    previous = np.empty_like(matched)
    previous[1:] = matched[:-1]
    previous[matches.first] = matches.headlines
    features = np.zeros((len(matched), len(SentenceFeatures._fields)))
    features[:, 0] = coverage
    features[:, 1] = matches.word_share
    totals = distinct_idf.sum(axis=1)
    features[:, 2] = (matched * distinct_idf[passage_of]).sum(axis=1) / totals[passage_of]
    features[:, 3] = query.idf_share(previous | matched) - coverage
    return features
