"""Chooses the passages of an answer from the ranking."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter

from index.answers.ranking import RankedPassage
from index.queries.comparison import Each
from index.queries.query import Query

# A second article is shown if its best passage has this share of the best passage's coverage.
_MIN_COVERAGE_SHARE = 0.6


def choose(query: Query, ranked: Iterable[RankedPassage], top: int) -> list[RankedPassage]:
    """The `top` best passages, best first, no text twice.

    If all come from one article, the last is replaced by the best of another article that matches
    enough of the question. If each article is asked for, the best passage of each.
    """
    distinct = _distinct(ranked, attrgetter("text"))
    if query.each is Each.ARTICLE:
        return [*islice(_distinct(distinct, attrgetter("article")), top)]
    chosen = [*islice(distinct, top)]
    if top > 1 and len({passage.article for passage in chosen}) == 1:
        enough = chosen[0].features.coverage * _MIN_COVERAGE_SHARE
        for passage in distinct:
            if passage.article != chosen[0].article and passage.features.coverage >= enough:
                return [*chosen[:-1], passage]
    return chosen


def further(
    ranked: Iterable[RankedPassage], chosen: Sequence[RankedPassage]
) -> Iterator[RankedPassage]:
    """The passages that were not chosen, best first, no text twice."""
    texts = {passage.text for passage in chosen}
    distinct = _distinct(ranked, attrgetter("text"))
    return (passage for passage in distinct if passage.text not in texts)


def _distinct(
    ranked: Iterable[RankedPassage], key: Callable[[RankedPassage], object]
) -> Iterator[RankedPassage]:
    """The first passage of each value of `key`."""
    seen = set()
    for passage in ranked:
        if (value := key(passage)) not in seen:
            seen.add(value)
            yield passage
