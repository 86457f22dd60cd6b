"""Opens the database for reading while another connection may be writing to it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.store.migrations import APPLICATION_ID

BUSY_TIMEOUT_S = 10  # how long to wait for another process's write lock


def empty_database() -> bytes:
    """The bytes of an empty database that is marked as clipdesk's."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        content = bytearray(db.serialize())
    content[18:20] = b"\2\2"  # WAL mode from the first, so that no rollback journal is ever created
    return bytes(content)


def existing(file: Path, mode: str = "rw") -> str:
    """The URI by which SQLite opens a file without ever creating it."""
    return f"{file.absolute().as_uri()}?mode={mode}"


def open_readonly(file: Path) -> sqlite3.Connection:
    """Open a read-only connection for any thread; transactions are begun explicitly."""
    return sqlite3.connect(
        existing(file, "ro"),
        timeout=BUSY_TIMEOUT_S,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def newest_snapshot_id(db: sqlite3.Connection) -> str:
    """The id of the newest committed snapshot; empty before the first."""
    row = db.execute("SELECT generation FROM reindex").fetchone()
    return str(row[0]) if row else ""
