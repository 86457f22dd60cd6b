"""Compares the stored articles with those that the index files already have."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.indexing.analyze import StoredArticle
from index.retrieval.embedded.segment import Segment
from index.retrieval.embedded.snapshot import Snapshot

NEW = -1  # the position of an article that the segments lack
_WORTH_KEEPING = 0.5  # share of the previous articles that must still be listed


class ArticleListing(NamedTuple):
    """Articles in the order of the sources: their rows, digests, and numbers of paragraphs."""

    rows: NDArray[np.int64]
    digests: Sequence[str]
    sizes: NDArray[np.int64]


def list_articles(db: sqlite3.Connection, sources: Sequence[str]) -> ArticleListing:
    """List the stored articles of those sources."""
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


def load_articles(db: sqlite3.Connection, rows: Sequence[int]) -> Iterator[StoredArticle]:
    """Load the articles in those rows, in that order."""
    for row, digest, paragraphs, title, *about in db.execute(
        "SELECT row, digest, paragraphs, title, publisher, author, published"
        " FROM json_each(?) AS wanted JOIN article ON row = wanted.value ORDER BY wanted.key",
        [msgspec.json.encode(rows).decode()],
    ):
        yield StoredArticle(row, digest, paragraphs, title, (*about,))


class PreviousIndex(NamedTuple):
    """The index files as they are: `positions` has each listed article's in the segments, or `NEW`.

    Listed articles that say the same may share a position. `removed` has the articles that are no
    longer listed: the row of each, its digest, the position of its first paragraph, and the index
    of its language.
    """

    segments: Sequence[Segment]
    positions: NDArray[np.int64]
    removed: Sequence[tuple[int, str, int, int]]

    @property
    def size(self) -> int:
        """The number of articles in the segments."""
        return sum(map(len, self.segments))


def compare_with(previous: Snapshot | None, listed: ArticleListing) -> PreviousIndex:
    """Find the listed articles in a snapshot by their digests.

    A snapshot that has lost most of its articles counts as empty, as its words would remain.
    """
    positions = np.full(len(listed.rows), NEW, np.int64)
    empty = PreviousIndex((), positions.copy(), ())
    if previous is None:
        return empty
    digests = [*chain.from_iterable(one.digests.tolist() for one in previous.segments)]
    positions_of = defaultdict(list)
    for position in reversed(range(previous.size)):
        positions_of[digests[position]].append(position)
    for at, digest in enumerate(listed.digests):
        if left := positions_of.get(digest.encode()):
            positions[at] = left.pop() if len(left) > 1 else left[0]
    stays = np.isin(previous.order, positions)
    if np.count_nonzero(stays) < len(stays) * _WORTH_KEEPING:
        return empty
    gone = zip(previous.rows[~stays].tolist(), previous.order[~stays].tolist(), strict=True)
    first, languages = previous.first, previous.languages
    removed = [(row, digests[at].decode(), int(first[at]), int(languages[at])) for row, at in gone]
    return PreviousIndex(previous.segments, positions, removed)
