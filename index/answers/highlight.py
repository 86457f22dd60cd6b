"""Which sentence of a passage answers: the one that is marked in the quotation.

The signs are weighed as in `evidence`, by a softmax over the sentences of a right passage, fitted
to wiki and news questions by `tests/benchmarks/fit_ranking.py`, which also tells what each earns.
"""

from typing import NamedTuple

import numpy as np

from index.answers.matches import Matches, Places
from index.queries.question import Floats, Query


class SentenceSigns(NamedTuple):
    """What speaks for one sentence, or what each of that weighs."""

    coverage: float  # share of the question that it holds
    words: float  # share of all words of the question: "was … by" tells sentences apart, too
    distinct: float  # share of the question, a word counting less that other sentences hold as well
    before: float  # what the sentence before adds: "It is called …" goes on about what was named
    kind: float  # holds an answer of the kind that is asked for


WEIGHTS = SentenceSigns(coverage=2.0, words=2.2, distinct=3.3, before=1.9, kind=2.6)


def possible_sentences(query: Query, matches: Matches) -> tuple[Places, Floats]:
    """The sentences that may answer best in their passage, in order, and what speaks for each.

    Those that do where they, and no others, hold an answer of the kind that is asked for; the
    values are without that.
    """
    values = (sentence_signs(query, matches) * WEIGHTS).sum(axis=1)  # see `Query.worth`
    best = np.maximum.reduceat(values, matches.first)[matches.passage_of]
    possible = np.flatnonzero(values + (WEIGHTS.kind if query.kind else 0.0) >= best)
    return possible, values[possible]


def sentence_signs(query: Query, matches: Matches) -> Floats:
    """The signs for each sentence, a row each, in the order of `SentenceSigns`; no `kind` yet."""
    held, passage_of = matches.sentences, matches.passage_of
    # A word in every sentence is what the passage is about, and tells none from the next.
    spread = np.add.reduceat(held, matches.first, axis=0, dtype=float)
    rare = query.worths / np.maximum(1, spread)
    coverage = query.worth(held)
    before = np.empty_like(held)
    before[1:] = held[:-1]
    before[matches.first] = matches.headlines
    signs = np.zeros((len(held), len(SentenceSigns._fields)))
    signs[:, 0] = coverage
    signs[:, 1] = matches.words
    signs[:, 2] = (held * rare[passage_of]).sum(axis=1) / rare.sum(axis=1)[passage_of]
    signs[:, 3] = query.worth(before | held) - coverage
    return signs
