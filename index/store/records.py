"""What is stored of items and articles, as an update compares and writes it."""

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from index.model import Article
from index.sources.source import KnownLine


class ItemRecord(NamedTuple):
    """An item (see `sources.Item`) as it was last indexed."""

    row: int
    stamp: str
    digest: str


class ArticleRecord(NamedTuple):
    """An article as it was last indexed: its place in its item, and a digest of all it says.

    `line` is a digest of the line of an archive that it was read from; empty for others.
    """

    row: int
    position: int
    digest: str
    line: bytes


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to be written, with all that a `ArticleRecord` has, and its paragraphs."""

    position: int
    digest: str
    line: bytes
    article: Article
    paragraphs: tuple[str, ...]


def known_lines(db: sqlite3.Connection, item: int) -> dict[bytes, KnownLine]:
    """The lines that an archive had, by their digests."""
    rows = db.execute(
        "SELECT line, id, position FROM article WHERE item = ? AND NOT removed AND line <> x''",
        [item],
    )
    return {line: KnownLine(key, position) for line, key, position in rows}
