"""The ranking features of a passage, and their weights.

Each is a share of the query's idf sum, or has a maximum near 1, so that weights can be compared.
The weights are those of a listwise softmax over the candidates of a question (ListNet, Cao et al.
2007), fitted by `tests/benchmarks/fit_ranking.py`, which also prints the figures without each.

To add a feature: a field of `Features`, its weight in `WEIGHTS`, a line in `compute_features`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.answers.config import AnswerConfig
from index.answers.matches import Indices, Matches
from index.periods.period import Period
from index.queries.query import Floats, Query
from index.retrieval.retriever import Candidates, Retriever

_WEEK = 7  # days: news of that age is half as fresh
_PSEUDO_ARTICLES = 3  # smoothing pseudo-count for headlines
_SHARPNESS = 8  # exponent: headlines of lower-ranked articles count for little


class Features(NamedTuple):
    """The features of one passage, or the weight of each."""

    article: float  # BM25 of the whole article over the query's idf sum
    coverage: float  # idf share of the query that the passage or its headline matches
    order: float  # idf share of the query's adjacent term pairs that are adjacent in the passage
    focus: float  # as coverage of the answering sentence, by the terms of the asking sentence
    news: float  # weight of the terms in its sentence that headlines add to the question
    kind: float  # 1 if its sentence contains an answer of the expected kind
    early: float  # 1 / paragraph number: news begins with what matters
    fresh: float  # 1 if published in the period of the question, 1/2 a week before or after


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
    """The features of the candidates, with each of `sentences` as the answering one.

    Returns one row per sentence, `float64[sentences, len(Features)]`. The column `kind` is 0: it
    needs the text, which is fetched later.
    """
    passage_of = matches.passage_of[sentences]
    added = _headline_weights(retriever, candidates, matches)
    of_passages = {
        "article": (candidates.article_scores / (query.idf_sum or 1))[candidates.article_of],
        "coverage": query.idf_share(matches.matched),
        "order": matches.adjacent_pairs(),
        "early": 1 / candidates.numbers,
        "fresh": _freshness(candidates.published_days, query.period)[candidates.article_of],
    }
    of_sentences = {
        "focus": query.focus_idf_share(matches.sentences[sentences]),
        "news": (matches.all_sentences[sentences] * added).sum(axis=1),
        "kind": np.zeros(len(sentences)),
    }
    columns = {name: values[passage_of] for name, values in of_passages.items()} | of_sentences
    return np.array([columns[name] for name in Features._fields]).T


def _headline_weights(retriever: Retriever, candidates: Candidates, matches: Matches) -> Floats:
    """The weight of each of `matches.terms` as an addition of the headlines; 0 for query terms.

    "Which country …?" finds "Canada to print warnings …": a term that many headlines of the best
    articles share is likely to be the answer. Its weight is its relative idf times the share of
    the articles whose headline has it, the best articles counting most.
    """
    scores = np.maximum(0.0, candidates.scores[candidates.best_of])
    shares = (scores / (scores.max(initial=0) or 1)) ** _SHARPNESS
    share_of_term = (matches.all_headlines * shares[:, np.newaxis]).sum(axis=0)
    weights = (
        share_of_term / (shares.sum() + _PSEUDO_ARTICLES) * retriever.relative_idf(matches.terms)
    )
    weights[matches.query_columns] = 0.0
    return np.asarray(weights)


def _freshness(days: NDArray[np.int32], period: Period) -> Floats:
    """1 / (1 + weeks between each article and the period); 0 for unknown days.

    It never stops falling, so that the newer of two old articles has more.
    """
    return np.where(days > 0, 1 / (1 + period.days_from(days) / _WEEK), 0.0)
