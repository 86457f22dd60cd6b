"""SQLite's FTS5, optimised into one segment, without the texts."""

import sqlite3
from pathlib import Path

from benchmarks.collection import Collection
from benchmarks.engines import Search


def build(collection: Collection, folder: Path) -> None:
    """Index passages."""
    with sqlite3.connect(folder / "fts5.db") as db:
        db.execute("CREATE VIRTUAL TABLE passage USING fts5 (text, content = '')")
        insert = "INSERT INTO passage (rowid, text) VALUES (?, ?)"
        db.executemany(insert, enumerate(collection.texts()))
        db.execute("INSERT INTO passage (passage) VALUES ('optimize')")


def open_index(folder: Path) -> Search:
    """The best passages."""
    db = sqlite3.connect(folder / "fts5.db")
    statement = "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ?"

    def search(terms: list[int], k: int) -> list[int]:
        return [row for (row,) in db.execute(statement, (" OR ".join(map(str, terms)), k))]

    return search
