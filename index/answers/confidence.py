"""Estimates the confidence that the ranked passages answer a question.

A logistic regression over features that are comparable between questions. It is fitted to separate
the questions that the coverage answers from the others, then calibrated to the chance that one of
the first three passages is right: of the answers given at 0.8, about eight in ten are. Fitted to
the news questions and to those on the two articles by `tests/benchmarks/fit_confidence.py`, which
also prints the figures without each feature.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import mul
from typing import NamedTuple

import numpy as np

from index.answers.ranking import RankedPassage
from index.queries.query import Query

_MAX_TERMS = 20  # beyond, the length of a question says no more
_TOP = 5  # passages whose headlines should match the question


class ConfidenceFeatures(NamedTuple):
    """The features of a question and its ranked passages, or the weight of each."""

    coverage: float  # the highest idf share that any passage and its headline match
    headlines: float  # the mean idf share that the headlines of the top passages match
    length: float  # terms in the question, in tens: to match all of many says more
    number: float  # 1 if the best passage and its headline lack a number of the question


WEIGHTS = ConfidenceFeatures(coverage=4.98, headlines=2.56, length=0.56, number=-1.24)
BIAS = -4.38


def confidence(query: Query, ranked: Iterable[RankedPassage], coverage: float) -> float:
    """The chance, from 0 to 1, that the best ranked passages answer the question; 0 without any.

    `coverage` is the highest of all candidates, see `Ranking.coverage`.
    """
    if not (top := [*islice(ranked, _TOP)]):
        return 0.0
    weighted = map(mul, confidence_features(query, top, coverage), WEIGHTS)
    return 1 / (1 + math.exp(-BIAS - sum(weighted)))


def confidence_features(
    query: Query, ranked: Sequence[RankedPassage], coverage: float
) -> ConfidenceFeatures:
    """The features of one or more ranked passages; `coverage` as above."""
    headlines = query.idf_share(np.array([passage.headline for passage in ranked[:_TOP]]))
    matched = zip(query.idf_of, ranked[0].matched.tolist(), strict=True)
    return ConfidenceFeatures(
        coverage=coverage,
        headlines=sum(headlines.tolist()) / len(headlines),
        length=min(len(query.idf_of), _MAX_TERMS) / 10,
        number=float(any(term[:1].isdigit() and not is_matched for term, is_matched in matched)),
    )
