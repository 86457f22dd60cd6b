"""The SQLite document store of a snapshot, and opening a searcher over it."""

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

# Many at once, in the order of the request: one statement is faster than one for each.
_ARTICLES = """
    SELECT article.id, title, publisher, author, published, url, brief
    FROM json_each(?) AS wanted LEFT JOIN article ON article.row = wanted.value
    ORDER BY wanted.key
"""
# A paragraph is one integer, its article's row above the 32 bits of its number: extracting two
# numbers of a JSON array takes as long as everything else.
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
_NO_ROW = -1  # of removed articles
_PARAGRAPHS = "SELECT text FROM passage WHERE article = ? ORDER BY number"


class SqliteDocuments:
    """The stored articles of a snapshot."""

    def __init__(self, connection: ReadConnection, snapshot: Snapshot) -> None:
        self._connection = connection
        self._rows = np.full(snapshot.size, _NO_ROW, np.int64)
        self._rows[snapshot.order] = snapshot.rows
        self._paragraphs = np.diff(snapshot.first)

    def articles(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions. Raises StaleIndexError."""
        found = self._connection.rows(_ARTICLES, _json(self._rows[positions].tolist()))
        return [
            Article(key, title, publisher, author, published, url, bool(brief), paragraphs)
            for (key, title, publisher, author, published, url, brief), paragraphs in zip(
                _all(found), self._paragraphs[positions].tolist(), strict=True
            )
        ]

    def texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The text of each passage. Raises StaleIndexError."""
        return [text for (text,) in _all(self._connection.rows(_TEXTS, self._stored(keys)))]

    def before(self, keys: Sequence[PassageKey]) -> list[str]:
        """The paragraphs before each passage in its article, joined by line breaks.

        Empty for a removed article, for which `articles` raises StaleIndexError.
        """
        return [text for (text,) in self._connection.rows(_BEFORE, self._stored(keys))]

    def paragraphs(self, article: int) -> list[str]:
        """All paragraphs of an article, in order. Raises StaleIndexError."""
        found = self._connection.rows(_PARAGRAPHS, int(self._rows[article]))
        if len(found) != self._paragraphs[article]:
            raise stale_index()
        return [text for (text,) in found]

    def positions_of(self, article_id: str) -> list[int]:
        """The articles with that id, by position."""
        rows = self._connection.rows("SELECT row FROM article WHERE id = ?", article_id)
        return np.flatnonzero(np.isin(self._rows, [row for (row,) in rows])).tolist()

    def _stored(self, keys: Sequence[PassageKey]) -> str:
        return _json([(int(self._rows[at]) << _NUMBER_BITS) | number for at, number in keys])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def stale_index() -> StaleIndexError:
    """The error to raise where the database has another snapshot than the searcher."""
    return StaleIndexError("The coverage has just been reindexed; ask again.")


def _all(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows, if none is missing; else raises StaleIndexError.

    A row that exists has the indexed article, because row numbers are never reused.
    """
    if any(row[0] is None for row in rows):
        raise stale_index()
    return rows


def open_searcher(
    connection: ReadConnection, files: IndexFiles, snapshot_id: str
) -> Searcher | None:
    """The searcher over the snapshot with that id; None without intact index files of it."""
    snapshot = files.open(snapshot_id)
    return Searcher(snapshot, SqliteDocuments(connection, snapshot)) if snapshot else None


def open_newest_searcher(
    connection: ReadConnection, files: IndexFiles
) -> tuple[str, Searcher] | None:
    """The id of the snapshot that has index files, and the searcher over it; None without any.

    The database keeps the articles of that snapshot until the files of a later one are complete.
    """
    if opened := files.open_newest():
        snapshot_id, snapshot = opened
        return snapshot_id, Searcher(snapshot, SqliteDocuments(connection, snapshot))
    return None
