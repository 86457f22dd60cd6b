"""What speaks for a passage: the signs that it answers a question.

Each sign is a share of the question's worth, or otherwise comes to about 1, so that their weights
can be compared. The weights are those of a listwise softmax over the candidates of a question
(ListNet, Cao et al. 2007), fitted by `tests/benchmarks/fit_ranking.py`, which also tells what each
sign is worth: how much a ranking without it loses.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.corpus import Corpus
from index.highlight import answering_sentences
from index.lexicon import COMMON
from index.matches import Matches, columns, flags
from index.model import Span
from index.question import Flags, Floats, Query
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
class Found:
    """Passages that were found by the words of a question, best first.

    `positions` in the corpus, their `scores`, and what of it their articles had: `articles`.
    """

    positions: NDArray[np.int32]
    scores: Floats
    articles: Floats


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage by its position in the corpus and number in its article; what speaks for it.

    `sentence` is the one that answers.
    `held` flags the terms of the question that the passage or its headline holds, and `headline`
    those that the headline does, in the order of `Query.weights`. `score` orders the candidates of
    one question.
    """

    position: int
    number: int
    text: str
    sentence: Span
    held: Flags
    headline: Flags
    evidence: Evidence
    score: float


def gather(
    corpus: Corpus, query: Query, found: Found, weights: Evidence = WEIGHTS
) -> list[Candidate]:
    """What speaks for each of the passages `found` by Okapi, best first, in the same order."""
    positions, numbers = found.positions, corpus.numbers(found.positions)
    matches = Matches(corpus, query, positions)
    texts = corpus.texts(positions)
    answering, kinds = answering_sentences(query, matches, texts)
    spans = [Span(*span) for span in matches.text.spans[answering].tolist()]
    held = matches.passages | matches.headlines
    columns = {
        "article": found.articles / (query.total or 1),
        "coverage": query.worth(held),
        "order": matches.in_order(),
        "focus": query.focus_worth(matches.sentences[answering]),
        "news": matches.worth_in(answering, *_headline_news(corpus, query, found)),
        "kind": kinds,
        "early": 1 / numbers,
        "fresh": _freshness(corpus.days[matches.articles], query.when),
    }
    signs = np.column_stack([columns[name] for name in Evidence._fields])
    scores = (signs * weights).sum(axis=1)  # see `Query.worth`
    evidence = [Evidence(*row) for row in signs.tolist()]
    places, rows = (positions.tolist(), numbers.tolist()), (held, matches.headlines)
    return [*map(Candidate, *places, texts, spans, *rows, evidence, scores.tolist())]


def _headline_news(corpus: Corpus, query: Query, found: Found) -> tuple[NDArray[np.int32], Floats]:
    """The terms that headlines add to the question, by their ids, and what each is worth.

    Who asks "Which country …?" finds "Canada to print warnings …": where many headlines of the best
    articles name the same, it is likely to be the answer. A word is worth the share of the articles
    that name it, those found first counting most, times how rare it is.
    """
    firsts: dict[int, float] = {}
    for article, score in zip(corpus.article_of[found.positions], found.scores, strict=True):
        firsts.setdefault(int(article), max(0.0, score))
    scores = np.array([*firsts.values()])
    shares = (scores / (scores.max(initial=0) or 1)) ** _BEST_ONLY
    headlines = corpus.headlines.take(np.array([*firsts], np.int64))
    articles = np.repeat(np.arange(len(firsts)), np.diff(headlines.starts))
    new = (headlines.tokens >= COMMON) & (columns(headlines.tokens, query.ids) < 0)
    terms = np.array(sorted({*headlines.tokens[new].tolist()}), np.int32)
    at = columns(headlines.tokens, terms)
    held = flags(articles[new], at[new], len(firsts), len(terms))
    news = (held * shares[:, np.newaxis]).sum(axis=0) / (shares.sum() + _DOUBT)
    return terms, news * corpus.rarities(terms)


def _freshness(days: NDArray[np.int32], when: Period) -> Floats:
    """How close to the time of the question articles came out, between 0 and 1; 0 if unknown.

    1 / (1 + weeks): it falls for ever, so that of two old articles the newer one has more.
    """
    return np.where(days > 0, 1 / (1 + when.days_from(days) / _WEEK), 0.0)
