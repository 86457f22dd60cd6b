"""What speaks for a passage: the signs that it answers a question.

Each sign is a share of the question's worth, or otherwise comes to about 1, so that their weights
can be compared. The weights are those of a listwise softmax over the candidates of a question
(ListNet, Cao et al. 2007), fitted by `tests/benchmarks/fit_ranking.py`, which also tells what each
sign is worth: how much a ranking without it loses. Only the weight of `fresh` was chosen by hand,
on the same news questions with their days.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from index.answer_kinds import holds
from index.corpus import Corpus
from index.dates import first_day
from index.question import Query

_NEAR = 8  # words: a pair that close speaks of one thing
_HALF_LIFE_DAYS = 30  # of news


class Evidence(NamedTuple):
    """The signs for one passage, or what each of them weighs."""

    bm25: float  # Okapi of the passage, per worth of the question
    article: float  # Okapi of the whole article, likewise
    coverage: float  # share of the question that the passage and its headline hold
    order: float  # pairs of neighbours of the question that are neighbours in the passage
    nearness: float  # the same pairs, within a few words in any order
    early: float  # news begins with what matters: 1 for the first paragraph, 1/2 for the second
    kind: float  # holds an answer of the kind that is asked for
    fresh: float  # published when it was asked: 1 on the day, 1/2 a month before or after

    def weigh(self, weights: "Evidence") -> float:
        """The sum of all signs, each times its weight."""
        return float(sum(map(mul, self, weights)))


WEIGHTS = Evidence(
    bm25=3.6, article=3.8, coverage=5.3, order=2.6, nearness=1.3, early=1.3, kind=2.0, fresh=1.0
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage by its position in the corpus, the evidence for it, and what that weighs."""

    position: int
    evidence: Evidence
    score: float


def gather(corpus: Corpus, query: Query, position: int, bm25: float, article: float) -> Evidence:
    """The evidence for the passage at `position`, whose Okapi scores are `bm25` and `article`."""
    passage = corpus.passages[position]
    terms = corpus.terms(position)
    headline = corpus.headlines[corpus.article_of[position]]
    order, nearness = _pairs(query, terms)
    return Evidence(
        bm25=bm25 / query.total,
        article=article / query.total,
        coverage=query.worth({*terms, *headline}),
        order=order,
        nearness=nearness,
        early=1 / passage.number,
        kind=float(holds(query.kind, passage.text, query.text)),
        fresh=_freshness(passage.article.published, query.asked),
    )


def _freshness(published: str, asked: dt.date) -> float:
    """How close to the day of the question an article came out, between 0 and 1; 0 if unknown."""
    if not published:
        return 0.0
    age = (asked - first_day(published)).days
    return math.pow(0.5, abs(age) / _HALF_LIFE_DAYS)


def _pairs(query: Query, terms: Sequence[str]) -> tuple[float, float]:
    """The worth of the question's pairs that stand in order, and of those that stand near."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(terms):
        if term in query.weights:
            places.setdefault(term, []).append(place)
    order = nearness = 0.0
    for (one, other), worth in query.pairs.items():
        gaps = [b - a for a in places.get(one, ()) for b in places.get(other, ())]
        order += worth * (1 in gaps)
        nearness += worth * any(abs(gap) <= _NEAR for gap in gaps)
    return order, nearness
