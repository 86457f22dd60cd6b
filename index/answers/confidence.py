"""The confidence that the passages found answer a question.

A logistic regression over features that mean the same for every question. It is fitted to separate
the questions that the coverage answers from others, then calibrated to the chance that one of the
first three passages is right: of the answers given at 0.8, about eight in ten are. Fitted to the
news questions and to those on the two articles by `tests/benchmarks/fit_confidence.py`, which also
prints what is lost without each feature.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import mul
from typing import NamedTuple

import numpy as np

from index.answers.ranking import RankedPassage
from index.queries.query import Query

_LONG = 20  # terms; longer questions ramble
_FIRST = 5  # passages whose headlines should be about the matter


class ConfidenceFeatures(NamedTuple):
    """The features of a question and its ranked passages, or the weight of each."""

    coverage: float  # the highest idf share that any passage holds with its headline
    headlines: float  # the mean idf share that the headlines of the first passages hold
    length: float  # tens of terms in the question: to hold all of many says more
    number: float  # 1: the question names a number that the best passage and its headline do not


WEIGHTS = ConfidenceFeatures(coverage=4.98, headlines=2.56, length=0.56, number=-1.24)
BIAS = -4.38


def confidence(query: Query, ranked: Iterable[RankedPassage], coverage: float) -> float:
    """The chance, between 0 and 1, that the best of the ranked passages answer the question.

    `coverage` is the highest that any candidate has; see `Ranking`. 0 where nothing is ranked.
    """
    if not (firsts := [*islice(ranked, _FIRST)]):
        return 0.0
    weighed = map(mul, confidence_features(query, firsts, coverage), WEIGHTS)
    return 1 / (1 + math.exp(-BIAS - sum(weighed)))


def confidence_features(
    query: Query, ranked: Sequence[RankedPassage], coverage: float
) -> ConfidenceFeatures:
    """The features of at least one ranked passage; `coverage` as above."""
    headlines = query.idf_share(np.array([one.headline for one in ranked[:_FIRST]]))
    matched = zip(query.weights, ranked[0].matched.tolist(), strict=True)
    return ConfidenceFeatures(
        coverage=coverage,
        headlines=sum(headlines.tolist()) / len(headlines),
        length=min(len(query.weights), _LONG) / 10,
        number=float(any(term[:1].isdigit() and not has for term, has in matched)),
    )
