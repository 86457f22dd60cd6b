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

from index.answers.matches import Matches, Places
from index.answers.tuning import Tuning
from index.corpus.corpus import Corpus
from index.queries.question import Floats, Query
from index.queries.times import Period

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
    fresh=Tuning().freshness,
)


@dataclass(frozen=True, slots=True)
class Found:
    """Passages that were found by the words of a question, best first.

    `positions` in the corpus, their `scores`, and what of it their articles had: `articles`.
    """

    positions: NDArray[np.int32]
    scores: Floats
    articles: Floats


def evidence(
    corpus: Corpus, query: Query, found: Found, matches: Matches, sentences: Places
) -> Floats:
    """What speaks for each of the passages `found` where one of `sentences` is its answering one.

    A row for each of these, in the order of `Evidence`. `kind` is 0: what their text says is not
    known here.
    """
    passage_of = matches.passage_of[sentences]
    of_passages = {
        "article": found.articles / (query.total or 1),
        "coverage": query.worth(matches.held),
        "order": matches.in_order(),
        "early": 1 / corpus.numbers(found.positions),
        "fresh": _freshness(corpus.days[matches.articles], query.when)[matches.article_of],
    }
    of_sentences = {
        "focus": query.focus_worth(matches.sentences[sentences]),
        "news": (matches.all_sentences[sentences] * _news(corpus, found, matches)).sum(axis=1),
        "kind": np.zeros(len(sentences)),
    }
    columns = {name: sign[passage_of] for name, sign in of_passages.items()} | of_sentences
    return np.array([columns[name] for name in Evidence._fields]).T


def _news(corpus: Corpus, found: Found, matches: Matches) -> Floats:
    """What each of `matches.terms` is worth that headlines add to the question.

    Who asks "Which country …?" finds "Canada to print warnings …": where many headlines of the best
    articles name the same, it is likely to be the answer. A word is worth the share of the articles
    that name it, those found first counting most, times how rare it is.
    """
    scores = np.maximum(0.0, found.scores[matches.best])
    shares = (scores / (scores.max(initial=0) or 1)) ** _BEST_ONLY
    named = (matches.all_headlines * shares[:, np.newaxis]).sum(axis=0)
    worths = named / (shares.sum() + _DOUBT) * corpus.rarities(matches.terms)
    worths[matches.asked] = 0.0
    return np.asarray(worths)


def _freshness(days: NDArray[np.int32], when: Period) -> Floats:
    """How close to the time of the question articles came out, between 0 and 1; 0 if unknown.

    1 / (1 + weeks): it falls for ever, so that of two old articles the newer one has more.
    """
    return np.where(days > 0, 1 / (1 + when.days_from(days) / _WEEK), 0.0)
