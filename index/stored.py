"""A generation as it is kept: its index file, and its articles in the database."""

import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from index.corpus.corpus import Corpus
from index.corpus.generation import Generation
from index.corpus.index_files import IndexFiles
from index.corpus.library import Place
from index.errors import OutdatedError
from index.model import Article
from index.storage.damage import store_errors
from index.storage.database import open_readonly

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


class Reader:
    """A connection that reads the database while others write, for all threads."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._one_at_a_time = threading.Lock()
        with store_errors(database):
            self._db = open_readonly(database)

    def rows(self, query: str, value: object) -> list[tuple[Any, ...]]:
        """What is found for a value. Raises StoreError."""
        with self._one_at_a_time, store_errors(self._database), closing(self._db.cursor()) as found:
            return found.execute(query, [value]).fetchall()

    def close(self) -> None:
        """Read no more."""
        self._db.close()


class StoredLibrary:
    """A library of the stored articles of a generation."""

    def __init__(self, reader: Reader, generation: Generation) -> None:
        self._reader = reader
        self._rows = np.full(generation.size, _NO_ROW, np.int64)
        self._rows[generation.order] = generation.rows
        self._paragraphs = np.diff(generation.first)

    def articles(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions. Raises OutdatedError."""
        found = self._reader.rows(_ARTICLES, _json(self._rows[positions].tolist()))
        return [
            Article(key, title, publisher, author, published, url, bool(brief), paragraphs)
            for (key, title, publisher, author, published, url, brief), paragraphs in zip(
                _all(found), self._paragraphs[positions].tolist(), strict=True
            )
        ]

    def texts(self, places: Sequence[Place]) -> list[str]:
        """The text of each of those paragraphs. Raises OutdatedError."""
        return [text for (text,) in _all(self._reader.rows(_TEXTS, self._stored(places)))]

    def before(self, places: Sequence[Place]) -> list[str]:
        """What stands before each of those paragraphs in its article, a paragraph a line.

        Nothing for an article that is gone: `articles` tells.
        """
        return [text for (text,) in self._reader.rows(_BEFORE, self._stored(places))]

    def paragraphs(self, article: int) -> list[str]:
        """All paragraphs of an article, in order. Raises OutdatedError."""
        found = self._reader.rows(_PARAGRAPHS, int(self._rows[article]))
        if len(found) != self._paragraphs[article]:
            raise outdated()
        return [text for (text,) in found]

    def positions_of(self, article_id: str) -> list[int]:
        """The articles with that id, in order."""
        rows = self._reader.rows("SELECT row FROM article WHERE id = ?", article_id)
        return np.flatnonzero(np.isin(self._rows, [row for (row,) in rows])).tolist()

    def _stored(self, places: Sequence[Place]) -> str:
        return _json([(int(self._rows[at]) << _NUMBER_BITS) | number for at, number in places])


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def outdated() -> OutdatedError:
    """What there is to raise where another generation is stored than the one that is read."""
    return OutdatedError("The coverage has just been indexed anew; ask again.")


def _all(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows, if none of what was asked for is missing. Raises OutdatedError.

    Rows are never given to other articles: what is there is what was indexed.
    """
    if any(row[0] is None for row in rows):
        raise outdated()
    return rows


def open_corpus(reader: Reader, files: IndexFiles, generation: str) -> Corpus | None:
    """That generation, as its index files have it; None where there are no such."""
    made = files.open(generation)
    return Corpus(made, StoredLibrary(reader, made)) if made else None
