"""Choosing the passages that an answer shows from the ranking."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter

from index.answers.ranking import RankedPassage
from index.queries.query import Query

# Another article's best passage is shown too where it holds this share of what the best one does.
_ALSO_SPEAKS = 0.6


def choose(query: Query, ranked: Iterable[RankedPassage], top: int) -> list[RankedPassage]:
    """The `top` best passages, no text twice, best first.

    Where all come from one article, the last gives way to the best of another one that holds
    enough of the question. Where the question asks for `each` article, the best of each.
    """
    distinct = _distinct(ranked, attrgetter("text"))
    if query.each:
        return [*islice(_distinct(distinct, attrgetter("article")), top)]
    chosen = [*islice(distinct, top)]
    if top > 1 and len({one.article for one in chosen}) == 1:
        enough = chosen[0].features.coverage * _ALSO_SPEAKS
        for one in distinct:
            if one.article != chosen[0].article and one.features.coverage >= enough:
                return [*chosen[:-1], one]
    return chosen


def further(
    ranked: Iterable[RankedPassage], chosen: Sequence[RankedPassage]
) -> Iterator[RankedPassage]:
    """The passages that were not chosen, best first, no text twice."""
    texts = {one.text for one in chosen}
    return (one for one in _distinct(ranked, attrgetter("text")) if one.text not in texts)


def _distinct(
    ranked: Iterable[RankedPassage], key: Callable[[RankedPassage], object]
) -> Iterator[RankedPassage]:
    """The first of those for which `key` gives the same."""
    seen = set()
    for one in ranked:
        if (value := key(one)) not in seen:
            seen.add(value)
            yield one
