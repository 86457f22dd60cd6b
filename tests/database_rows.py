"""Reads the stored articles directly from a database."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple


class StoredArticle(NamedTuple):
    """An article that has not been removed."""

    id: str
    title: str
    published: str
    brief: int
    texts: list[str]


def stored_articles(database: Path, *sources: str) -> list[StoredArticle]:
    """The articles of the sources, in the order of the sources."""
    with closing(sqlite3.connect(database)) as db:
        return [
            StoredArticle(
                key, title, published, brief, [one for (one,) in db.execute(_TEXTS, [row])]
            )
            for source in sources
            for row, key, title, published, brief in db.execute(_ARTICLES, [source]).fetchall()
        ]


_ARTICLES = """
    SELECT article.row, id, title, published, brief
    FROM article JOIN item ON item.row = article.item
    WHERE source = ? AND NOT removed ORDER BY path, position
"""
_TEXTS = "SELECT text FROM passage WHERE article = ? ORDER BY number"
