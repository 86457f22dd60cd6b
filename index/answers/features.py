"""The ranking features of a passage, and what each weighs.

Each is a share of the question's idf sum, or otherwise comes to about 1, so that weights can be
compared. The weights are those of a listwise softmax over the candidates of a question (ListNet,
Cao et al. 2007), fitted by `tests/benchmarks/fit_ranking.py`, which also prints how much a ranking
without each feature loses.

A new feature is a field of `Features`, its weight in `WEIGHTS`, and a line in `compute_features`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.answers.config import AnswerConfig
from index.answers.matches import Indices, Matches
from index.queries.query import Floats, Query
from index.queries.time_expressions import Period
from index.retrieval.retriever import Candidates, Retriever

_WEEK = 7  # days: news of that age is half as fresh
_PSEUDO_ARTICLES = 3  # smoothing count: as if so many more articles had other headlines
_BEST_ONLY = 8  # exponent that makes headlines of lower-ranked articles count for little


class Features(NamedTuple):
    """The features of one passage, or the weight of each."""

    article: float  # BM25 of the whole article over the question's idf sum
    coverage: float  # idf share of the question that the passage and its headline hold
    order: float  # weight of the question's adjacent term pairs that are adjacent in the passage
    focus: float  # of a question of several sentences: idf share of the one that asks
    news: float  # what its sentence holds of the words that the headlines add to the question
    kind: float  # its sentence holds an answer of the kind that is asked for
    early: float  # news begins with what matters: 1 for the first paragraph, 1/2 for the second
    fresh: float  # published at the time of the question: 1 then, 1/2 a week before or after


WEIGHTS = Features(
    article=5.6,
    coverage=3.6,
    order=3.3,
    focus=3.0,
    news=3.0,
    kind=2.8,
    early=1.2,
    fresh=AnswerConfig().freshness,
)


def compute_features(
    retriever: Retriever,
    query: Query,
    candidates: Candidates,
    matches: Matches,
    sentences: Indices,
) -> Floats:
    """The features of the candidates, where each of `sentences` is taken as the answering one.

    Returns a row for each of these sentences, `float64[sentences, len(Features)]`. The column
    `kind` is 0: only the text can say, and it is read later.
    """
    passage_of = matches.passage_of[sentences]
    added = _headline_weights(retriever, candidates, matches)
    of_passages = {
        "article": (candidates.article_scores / (query.idf_sum or 1))[candidates.article_of],
        "coverage": query.idf_share(matches.matched),
        "order": matches.adjacent_pairs(),
        "early": 1 / candidates.numbers,
        "fresh": _freshness(candidates.published_days, query.when)[candidates.article_of],
    }
    of_sentences = {
        "focus": query.focus_idf_share(matches.sentences[sentences]),
        "news": (matches.all_sentences[sentences] * added).sum(axis=1),
        "kind": np.zeros(len(sentences)),
    }
    columns = {name: values[passage_of] for name, values in of_passages.items()} | of_sentences
    return np.array([columns[name] for name in Features._fields]).T


def _headline_weights(retriever: Retriever, candidates: Candidates, matches: Matches) -> Floats:
    """The weight of each of `matches.terms` that headlines add to the question.

    Who asks "Which country …?" finds "Canada to print warnings …": where many headlines of the best
    articles name the same thing, it is likely to be the answer. A term weighs the share of the
    articles that name it, those found first counting most, times its relative idf.
    """
    scores = np.maximum(0.0, candidates.scores[candidates.best_of])
    shares = (scores / (scores.max(initial=0) or 1)) ** _BEST_ONLY
    named = (matches.all_headlines * shares[:, np.newaxis]).sum(axis=0)
    weights = named / (shares.sum() + _PSEUDO_ARTICLES) * retriever.relative_idf(matches.terms)
    weights[matches.asked] = 0.0
    return np.asarray(weights)


def _freshness(days: NDArray[np.int32], when: Period) -> Floats:
    """How close articles came out to the time of the question: between 0 and 1, 0 if unknown.

    1 / (1 + weeks): it falls for ever, so that the newer of two old articles has more.
    """
    return np.where(days > 0, 1 / (1 + when.days_from(days) / _WEEK), 0.0)
