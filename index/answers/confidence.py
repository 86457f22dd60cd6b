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
_PUNCTUATION = " \t\n\"'“‘«¿¡(["
_TOP = 5  # passages whose headlines should match the question


class ConfidenceFeatures(NamedTuple):
    """The features of a question and its ranked passages, or the weight of each."""

    coverage: float  # the highest idf share that any passage and its headline match
    headlines: float  # the mean idf share that the headlines of the top passages match
    length: float  # terms in the question, in tens: to match all of many says more
    number: float  # 1 if the best passage and its headline lack a number of the question


WEIGHTS = ConfidenceFeatures(coverage=4.98, headlines=2.56, length=0.56, number=-1.24)
BIAS = -4.38


class ReadFeatures(NamedTuple):
    """The features of the best passage if a reader has read it, or the weight of each."""

    logit: float  # the reader's
    coverage: float  # the idf share that the passage and its headline match
    name: float  # 1 if the coverage does not contain a name of the question at all
    lookup: float  # 1 if the question only names what the passage and its headline have


# Logit and bias are fitted to the two articles, to news stories, to the quality gate and to the
# news archive alike, each set with equal weight; see `tests/benchmarks/RESULTS.md`. The weight of
# the coverage is less than the fitted one: people who have not read an article ask in other
# words. Those of a missing name and of a lookup are not fitted. Readers cannot see that a name is
# unknown, so it outweighs any usual logit, and they have learned from questions, not from a few
# words.
READ_WEIGHTS = ReadFeatures(logit=0.42, coverage=1.0, name=-3.0, lookup=2.0)
READ_BIAS = 0.42


def confidence(query: Query, ranked: Iterable[RankedPassage], coverage: float) -> float:
    """The confidence, from 0 to 1, that the best ranked passages answer; 0 without any.

    `coverage` is the highest of all candidates, see `Ranking.coverage`.
    """
    if not (top := [*islice(ranked, _TOP)]):
        return 0.0
    best = top[0]
    if best.logit is None:
        return _sigmoid(BIAS, confidence_features(query, top, coverage), WEIGHTS)
    features = ReadFeatures(
        logit=best.logit,
        coverage=best.features.coverage,
        name=float(_misses_name(query)),
        lookup=float(query.is_lookup and best.matched.all()),
    )
    return _sigmoid(READ_BIAS, features, READ_WEIGHTS)


def _misses_name(query: Query) -> bool:
    """True if a word that is not in the coverage has a capital within the question."""
    start = query.text.lstrip(_PUNCTUATION)
    return any(word[0].isupper() and not start.startswith(word) for word in query.unmatched)


def _sigmoid(bias: float, features: Iterable[float], weights: Iterable[float]) -> float:
    # Twice tanh is the same function, and does not overflow.
    return (1 + math.tanh((bias + sum(map(mul, features, weights))) / 2)) / 2


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
