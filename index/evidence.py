"""What speaks for a passage: the signs that it answers a question.

Each sign is a share of the question's worth, or otherwise comes to about 1, so that their weights
can be compared. The weights are those of a listwise softmax over the candidates of a question
(ListNet, Cao et al. 2007), fitted by `tests/benchmarks/fit_ranking.py`, which also tells what each
sign is worth: how much a ranking without it loses.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from typing import NamedTuple

from index.answer_kinds import holds
from index.corpus import Corpus
from index.dates import first_day
from index.highlight import answering_sentence
from index.model import Span
from index.question import Query
from index.ranking import Scored
from index.times import Period

_WEEK = 7  # days: news of that age is half as fresh
_DOUBT = 3  # best articles: as if so many more had other headlines, a few of them say little
_BEST_ONLY = 8  # the power that makes headlines of lesser articles count for little


class Evidence(NamedTuple):
    """The signs for one passage, or what each of them weighs."""

    article: float  # Okapi of the whole article, per worth of the question
    coverage: float  # share of the question that the passage and its headline hold
    order: float  # pairs of neighbours of the question that are neighbours in the passage
    focus: float  # share that its sentence holds of the sentence that asks, of several
    news: float  # what its sentence holds of what the headlines found say beyond the question
    kind: float  # its sentence holds an answer of the kind that is asked for
    early: float  # news begins with what matters: 1 for the first paragraph, 1/2 for the second
    fresh: float  # published at the time of the question: 1 then, 1/2 a week before or after

    def weigh(self, weights: "Evidence") -> float:
        """The sum of all signs, each times its weight."""
        return float(sum(map(mul, self, weights)))


WEIGHTS = Evidence(
    article=5.6,
    coverage=3.6,
    order=3.3,
    focus=3.0,
    news=3.0,
    kind=2.8,
    early=1.2,
    fresh=1.3,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage by its position in the corpus, its answering sentence, and what speaks for it.

    `score` orders the candidates of one question.
    """

    position: int
    sentence: Span
    evidence: Evidence
    score: float


def gather(
    corpus: Corpus, query: Query, found: Sequence[Scored], weights: Evidence = WEIGHTS
) -> list[Candidate]:
    """What speaks for each of the passages `found` by Okapi, best first, in the same order."""
    news = _headline_news(corpus, query, found)
    return [_candidate(corpus, query, scored, news, weights) for scored in found]


def _candidate(
    corpus: Corpus, query: Query, scored: Scored, news: Mapping[str, float], weights: Evidence
) -> Candidate:
    position = scored.position
    passage = corpus.passages[position]
    headline = corpus.headlines[corpus.article_of[position]]
    sentences = corpus.sentences(position)
    answering = answering_sentence(query, passage.text, sentences, headline)
    terms = [term for sentence in sentences for term in sentence.terms]
    evidence = Evidence(
        article=scored.added / query.total,
        coverage=query.worth({*terms, *headline}),
        order=_in_order(query, terms),
        focus=query.focus_worth(answering.terms),
        news=sum(news.get(term, 0.0) for term in set(answering.terms)),
        kind=float(holds(query.kind, answering.span.of(passage.text), query.text)),
        early=1 / passage.number,
        fresh=_freshness(passage.article.published, query.when),
    )
    return Candidate(position, answering.span, evidence, evidence.weigh(weights))


def _headline_news(corpus: Corpus, query: Query, found: Sequence[Scored]) -> dict[str, float]:
    """The words that headlines add to the question, each with what it is worth.

    Who asks "Which country …?" finds "Canada to print warnings …": where many headlines of the best
    articles name the same, it is likely to be the answer. A word is worth the share of the articles
    that name it, those found first counting most, times how rare it is.
    """
    firsts: dict[int, float] = {}
    for scored in found:
        firsts.setdefault(int(corpus.article_of[scored.position]), max(0.0, scored.score))
    if not (best := max(firsts.values(), default=0.0)):
        return {}
    shares = {article: (score / best) ** _BEST_ONLY for article, score in firsts.items()}
    total = sum(shares.values()) + _DOUBT
    news: defaultdict[str, float] = defaultdict(float)
    for article, share in shares.items():
        for term in corpus.headlines[article] - query.weights.keys():
            news[term] += share / total
    return {term: share * corpus.rarity(term) for term, share in news.items()}


def _freshness(published: str, when: Period) -> float:
    """How close to the time of the question an article came out, between 0 and 1; 0 if unknown.

    1 / (1 + weeks): it falls for ever, so that of two old articles the newer one has more.
    """
    if not published:
        return 0.0
    return 1 / (1 + when.days_from(first_day(published)) / _WEEK)


def _in_order(query: Query, terms: Sequence[str]) -> float:
    """The worth of the question's pairs of neighbours that are neighbours in `terms`."""
    pairs = set(pairwise(terms))
    return sum(worth for pair, worth in query.pairs.items() if pair in pairs)
