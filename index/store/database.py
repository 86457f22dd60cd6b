"""Opens the database for reading while another connection may be writing to it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from index.store.migrations import APPLICATION_ID

# What SQLite reports, less its details, where it cannot create or enlarge a file.
_NO_FILES_BESIDE = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
)

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
        as_readable(file),
        timeout=BUSY_TIMEOUT_S,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def as_readable(file: Path) -> str:
    """The URI by which SQLite can read a file.

    Even to read it, SQLite writes files beside it; unless they could not be created, in a folder
    that is read-only or on a full disk. Then no process can change the database either.
    """
    uri = existing(file, "ro")
    with closing(sqlite3.connect(uri, timeout=BUSY_TIMEOUT_S, uri=True)) as db:
        try:
            db.execute("PRAGMA schema_version").fetchone()
        except sqlite3.DatabaseError as error:  # others are for those who use it
            if error.sqlite_errorcode & 0xFF in _NO_FILES_BESIDE:
                return f"{uri}&immutable=1"
    return uri


def as_openable(file: Path) -> str:
    """The URI by which SQLite can write to a file, or else read it."""
    readable = as_readable(file)
    return existing(file) if readable == existing(file, "ro") else readable


def newest_snapshot_id(db: sqlite3.Connection) -> str:
    """The id of the newest committed snapshot; empty before the first."""
    row = db.execute("SELECT generation FROM reindex").fetchone()
    return str(row[0]) if row else ""
