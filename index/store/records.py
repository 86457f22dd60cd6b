"""Records of items and articles, as a reindex compares and writes them."""

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from index.model import Article
from index.sources.source import KnownLine


class ItemRecord(NamedTuple):
    """An item (see `sources.Item`) as it was read last."""

    row: int
    stamp: str
    digest: str


class ArticleRecord(NamedTuple):
    """An article as it was read last: its position in its item, and a digest of what it says.

    `line` is the digest of the line of an archive that it was read from; empty for other articles.
    """

    row: int
    position: int
    digest: str
    line: bytes


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to store: the fields of an `ArticleRecord`, and all that it says."""

    position: int
    digest: str
    line: bytes
    article: Article
    paragraphs: tuple[str, ...]


def known_lines(db: sqlite3.Connection, item: int) -> dict[bytes, KnownLine]:
    """Load the stored lines of an archive, by their digests."""
    rows = db.execute(
        "SELECT line, id, position FROM article WHERE item = ? AND NOT removed AND line <> x''",
        [item],
    )
    return {line: KnownLine(key, position) for line, key, position in rows}
