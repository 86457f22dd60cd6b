"""How sure it is that the passages found answer a question: a number that can be compared.

The signs are shares of the question's worth, so that they mean the same in a coverage of two
articles and in an archive. They are put together by logistic regression, which makes of them the
chance that the question is one that the coverage answers: of the answers given at 0.8, about eight
in ten are right. Fitted to the news questions by `tests/benchmarks/fit_ranking.py`.
"""

import math
from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from index.corpus import Corpus
from index.evidence import Candidate
from index.question import Query


class Signs(NamedTuple):
    """What tells an answered question, or what each sign weighs."""

    coverage: float  # the most of the question that any passage with its headline holds
    headline: float  # what the headline of the best passage's article holds
    nearness: float  # pairs of the question's words that the best passage holds close together
    article: float  # what the whole article of the best passage holds


WEIGHTS = Signs(coverage=3.7, headline=3.7, nearness=1.8, article=2.5)
BIAS = -4.6


def confidence(corpus: Corpus, query: Query, candidates: Sequence[Candidate]) -> float:
    """The chance, between 0 and 1, that the best of the ranked candidates answers the question.

    0 where there are none.
    """
    if not candidates:
        return 0.0
    weighed = map(mul, signs(corpus, query, candidates), WEIGHTS)
    return 1 / (1 + math.exp(-BIAS - sum(weighed)))


def signs(corpus: Corpus, query: Query, candidates: Sequence[Candidate]) -> Signs:
    """The signs for the best of some ranked candidates."""
    best = candidates[0]
    article = corpus.article_of[best.position]
    holds = corpus.article_ranker.holds
    return Signs(
        coverage=max(candidate.evidence.coverage for candidate in candidates),
        headline=query.worth(corpus.headlines[article]),
        nearness=best.evidence.nearness,
        article=query.worth(term for term in query.weights if holds(term, article)),
    )
