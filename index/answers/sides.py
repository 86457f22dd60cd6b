"""Puts a passage of each side first: of each outlet, or of the sources or times that are named."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from operator import attrgetter

from index.answers.ranking import RankedPassage, Ranking
from index.model import Article
from index.queries.comparison import Each
from index.queries.query import Query
from index.retrieval.filters import Filter
from index.retrieval.retriever import Retriever
from index.retrieval.sources import source_key

_CANDIDATES = 8  # passages of a side that is not among the candidates of the question
# An outlet has its say if its best passage is about as good as the best one.
_MIN_COVERAGE_SHARE = 0.4
_MAX_LOGIT_LOSS = 3.0


def sides_first(
    retriever: Retriever, query: Query, ranked: Iterable[RankedPassage]
) -> Iterable[RankedPassage]:
    """The ranked passages, those of the sides first; if each outlet is asked for, one of each only.

    Raises StaleIndexError.
    """
    if query.sides:
        return [*_of_sides(retriever, query, ranked), *ranked]
    return [*_of_each_outlet(retriever, [*ranked])] if query.each is Each.OUTLET else ranked


def _of_sides(
    retriever: Retriever, query: Query, ranked: Iterable[RankedPassage]
) -> list[RankedPassage]:
    """The best passage of each source or time that the question names, best first.

    A side with nothing on the matter has none.
    """
    articles, best = _articles(retriever, ranked), list[RankedPassage]()
    for side in query.sides:
        found = (one for one in ranked if _admits(side, articles[one.article]))
        best += islice(chain(found, _alone(retriever, query, side)), 1)
    best = [one for one in best if one.features.coverage or one.logit is None or one.logit > 0]
    return sorted(best, key=attrgetter("score"), reverse=True)


def _alone(retriever: Retriever, query: Query, side: Filter) -> Iterator[RankedPassage]:
    """The passages of a side, if those of others are better than all of them."""
    yield from Ranking(retriever, query, retriever.retrieve(query.known_ids, side, _CANDIDATES))


def _of_each_outlet(retriever: Retriever, ranked: list[RankedPassage]) -> Iterator[RankedPassage]:
    """The best passage of each outlet that has something on the matter, best first."""
    articles, seen = _articles(retriever, ranked), set[str]()
    for passage in ranked:
        article = articles[passage.article]
        outlet = source_key(article.publisher or article.author or article.id)
        if outlet not in seen and _is_on_topic(passage, ranked[0]):
            seen.add(outlet)
            yield passage


def _is_on_topic(passage: RankedPassage, best: RankedPassage) -> bool:
    if passage.features.coverage >= best.features.coverage * _MIN_COVERAGE_SHARE:
        return True
    if passage.logit is None or best.logit is None:
        return False
    return passage.logit >= best.logit - _MAX_LOGIT_LOSS


def _articles(retriever: Retriever, ranked: Iterable[RankedPassage]) -> dict[int, Article]:
    """The articles of the passages by position."""
    positions = [*dict.fromkeys(one.article for one in ranked)]
    return dict(zip(positions, retriever.articles_at(positions), strict=True))


def _admits(side: Filter, article: Article) -> bool:
    has_source = side.admits_source(article.publisher, article.author)
    return has_source and side.admits_date(article.published)
