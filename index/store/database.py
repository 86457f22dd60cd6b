"""The database as other processes and threads read it, while the one that writes goes on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.store.migrations import APPLICATION_ID

BUSY_TIMEOUT_S = 10  # how long to wait while another process writes


def empty_database() -> bytes:
    """A database that has nothing in it but the sign that it is clipdesk's."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        content = bytearray(db.serialize())
    content[18:20] = b"\2\2"  # it has a write-ahead log, and so never a journal
    return bytes(content)


def existing(file: Path, mode: str = "rw") -> str:
    """The address by which SQLite opens a file, but creates none."""
    return f"{file.absolute().as_uri()}?mode={mode}"


def open_readonly(file: Path) -> sqlite3.Connection:
    """A connection that only reads, in transactions that are begun by hand, from any thread."""
    return sqlite3.connect(
        existing(file, "ro"),
        timeout=BUSY_TIMEOUT_S,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def newest_generation(db: sqlite3.Connection) -> str:
    """The name of the newest generation of what is stored; empty before the first."""
    row = db.execute("SELECT generation FROM reindex").fetchone()
    return str(row[0]) if row else ""
