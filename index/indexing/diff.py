"""Which articles are stored, and which of them the index files have already."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.indexing.analyze import Stored
from index.retrieval.embedded.segment import Segment
from index.retrieval.embedded.snapshot import Snapshot

NEW = -1  # the place of an article that was not there before
_WORTH_KEEPING = 0.5  # share of the articles of before that must still be there


class ArticleListing(NamedTuple):
    """The articles in the order of the corpus: their rows, digests, and numbers of paragraphs."""

    rows: NDArray[np.int64]
    digests: Sequence[str]
    sizes: NDArray[np.int64]


def list_articles(db: sqlite3.Connection, sources: Sequence[str]) -> ArticleListing:
    """The articles of those sources."""
    found = [
        one
        for source in sources
        for one in db.execute(
            "SELECT article.row, article.digest, paragraphs"
            " FROM article JOIN item ON item.row = article.item"
            " WHERE item.source = ? AND NOT removed ORDER BY item.path, article.position",
            [source],
        )
    ]
    rows, digests, sizes = zip(*found, strict=True) if found else ((), (), ())
    return ArticleListing(np.array(rows, np.int64), digests, np.array(sizes, np.int64))


def stored(db: sqlite3.Connection, rows: Sequence[int]) -> Iterator[Stored]:
    """The articles in those rows, in that order."""
    for row, digest, paragraphs, title, *about in db.execute(
        "SELECT row, digest, paragraphs, title, publisher, author, published"
        " FROM json_each(?) AS wanted JOIN article ON row = wanted.value ORDER BY wanted.key",
        [msgspec.json.encode(rows).decode()],
    ):
        yield Stored(row, digest, paragraphs, title, (*about,))


class PreviousIndex(NamedTuple):
    """What there was before: `places` are those of the listed articles in the segments, or `NEW`.

    Several that say the same may have the same place. `gone` are those that are not listed any
    more: the row of each, its digest, and the place of its first paragraph.
    """

    segments: Sequence[Segment]
    places: NDArray[np.int64]
    gone: Sequence[tuple[int, str, int]]

    @property
    def size(self) -> int:
        """How many articles the segments have."""
        return sum(map(len, self.segments))


def compare_with(before: Snapshot | None, listed: ArticleListing) -> PreviousIndex:
    """The listed articles in a generation, by their digests.

    Where most of its articles are gone, it counts as none: their words would stay.
    """
    places = np.full(len(listed.rows), NEW, np.int64)
    nothing = PreviousIndex((), places.copy(), ())
    if before is None:
        return nothing
    digests = [*chain.from_iterable(one.digests.tolist() for one in before.segments)]
    there = defaultdict(list)
    for place in reversed(range(before.size)):
        there[digests[place]].append(place)
    for at, digest in enumerate(listed.digests):
        if some := there.get(digest.encode()):
            places[at] = some.pop() if len(some) > 1 else some[0]
    stay = np.isin(before.order, places)
    if np.count_nonzero(stay) < len(stay) * _WORTH_KEEPING:
        return nothing
    first = before.first
    left = zip(before.rows[~stay].tolist(), before.order[~stay].tolist(), strict=True)
    gone = [(row, digests[place].decode(), int(first[place])) for row, place in left]
    return PreviousIndex(before.segments, places, gone)
