"""A generation as it is kept: its index file, and its articles in the database."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from index.errors import StaleIndexError
from index.model import Article
from index.retrieval.embedded.index_files import IndexFiles
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.embedded.snapshot import Snapshot
from index.retrieval.retriever import PassageKey
from index.store.read_connection import ReadConnection

# Many at once, in the order in which they are asked for: one statement is faster than one for each.
_ARTICLES = """
    SELECT article.id, title, publisher, author, published, url, brief
    FROM json_each(?) AS wanted LEFT JOIN article ON article.row = wanted.value
    ORDER BY wanted.key
"""
# A place is one number, with an article's row above the 32 bits of the paragraph's number: to take
# two numbers out of an array for each takes as long as all else.
_NUMBER_BITS = 32
_TEXTS = """
    SELECT text FROM json_each(?) AS wanted LEFT JOIN passage
    ON article = wanted.value >> 32 AND number = wanted.value & 0xffffffff
    ORDER BY wanted.key
"""
_BEFORE = """
    SELECT coalesce((SELECT group_concat(text, char(10)) FROM (
        SELECT text FROM passage
        WHERE article = wanted.value >> 32 AND number < wanted.value & 0xffffffff ORDER BY number
    )), '') FROM json_each(?) AS wanted ORDER BY wanted.key
"""
_NO_ROW = -1  # of what is gone
_PARAGRAPHS = "SELECT text FROM passage WHERE article = ? ORDER BY number"


class SqliteDocuments:
    """A library of the stored articles of a generation."""

    def __init__(self, connection: ReadConnection, generation: Snapshot) -> None:
        self._connection = connection
        self._rows = np.full(generation.size, _NO_ROW, np.int64)
        self._rows[generation.order] = generation.rows
        self._paragraphs = np.diff(generation.first)

    def articles(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions. Raises OutdatedError."""
        found = self._connection.rows(_ARTICLES, _json(self._rows[positions].tolist()))
        return [
            Article(key, title, publisher, author, published, url, bool(brief), paragraphs)
            for (key, title, publisher, author, published, url, brief), paragraphs in zip(
                _all(found), self._paragraphs[positions].tolist(), strict=True
            )
        ]

    def texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The text of each of those paragraphs. Raises OutdatedError."""
        return [text for (text,) in _all(self._connection.rows(_TEXTS, self._stored(keys)))]

    def before(self, keys: Sequence[PassageKey]) -> list[str]:
        """What stands before each of those paragraphs in its article, a paragraph a line.

        Nothing for an article that is gone: `articles` tells.
        """
        return [text for (text,) in self._connection.rows(_BEFORE, self._stored(keys))]

    def paragraphs(self, article: int) -> list[str]:
        """All paragraphs of an article, in order. Raises OutdatedError."""
        found = self._connection.rows(_PARAGRAPHS, int(self._rows[article]))
        if len(found) != self._paragraphs[article]:
            raise stale_index()
        return [text for (text,) in found]

    def positions_of(self, article_id: str) -> list[int]:
        """The articles with that id, in order."""
        rows = self._connection.rows("SELECT row FROM article WHERE id = ?", article_id)
        return np.flatnonzero(np.isin(self._rows, [row for (row,) in rows])).tolist()

    def _stored(self, keys: Sequence[PassageKey]) -> str:
        return _json([(int(self._rows[at]) << _NUMBER_BITS) | number for at, number in keys])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def stale_index() -> StaleIndexError:
    """What there is to raise where another generation is stored than the one that is read."""
    return StaleIndexError("The coverage has just been indexed anew; ask again.")


def _all(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows, if none of what was asked for is missing. Raises OutdatedError.

    Rows are never given to other articles: what is there is what was indexed.
    """
    if any(row[0] is None for row in rows):
        raise stale_index()
    return rows


def open_searcher(
    connection: ReadConnection, files: IndexFiles, snapshot_id: str
) -> Searcher | None:
    """The searcher over the snapshot with that id; None where there are no index files of it."""
    snapshot = files.open(snapshot_id)
    return Searcher(snapshot, SqliteDocuments(connection, snapshot)) if snapshot else None
