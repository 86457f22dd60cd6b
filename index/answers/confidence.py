"""How sure it is that the passages found answer a question: a number that can be compared.

The signs are shares of the question's worth, so that they mean the same for every question. They
are put together by logistic regression, first so that they tell questions that the coverage answers
from others, then stretched to the chance that one of the first three passages is right: of the
answers given at 0.8, about eight in ten are. Fitted to the news questions and to those on the two
articles by `tests/benchmarks/fit_confidence.py`, which also tells what each sign is worth.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import mul
from typing import NamedTuple

import numpy as np

from index.answers.ranking import Candidate
from index.queries.question import Query

_LONG = 20  # terms: longer questions are rambling
_FIRST = 5  # passages whose headlines should be about the matter


class Signs(NamedTuple):
    """What tells an answered question, or what each sign weighs."""

    coverage: float  # the most of the question that any passage with its headline holds
    headlines: float  # what the headlines of the first passages hold, on average
    length: float  # tens of terms in the question: to hold all of many tells more
    number: float  # the question names a number that the best passage and its headline do not


WEIGHTS = Signs(coverage=4.98, headlines=2.56, length=0.56, number=-1.24)
BIAS = -4.38


def confidence(query: Query, ranked: Iterable[Candidate], coverage: float) -> float:
    """The chance, between 0 and 1, that the best of the ranked candidates answer the question.

    `coverage` is the most that any of them has; see `Ranking`. 0 where there are none.
    """
    if not (firsts := [*islice(ranked, _FIRST)]):
        return 0.0
    weighed = map(mul, signs(query, firsts, coverage), WEIGHTS)
    return 1 / (1 + math.exp(-BIAS - sum(weighed)))


def signs(query: Query, ranked: Sequence[Candidate], coverage: float) -> Signs:
    """The signs for some ranked candidates, at least one; `coverage` as above."""
    headlines = query.worth(np.array([one.headline for one in ranked[:_FIRST]]))
    held = zip(query.weights, ranked[0].held.tolist(), strict=True)
    return Signs(
        coverage=coverage,
        headlines=sum(headlines.tolist()) / len(headlines),
        length=min(len(query.weights), _LONG) / 10,
        number=float(any(term[:1].isdigit() and not has for term, has in held)),
    )
