"""Turns SQLite's errors into StoreErrors, and recovers what it can of a damaged database."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeAlias

from index.errors import StoreError
from index.store.database import as_openable
from index.store.ownership import MARKER, SHM, SUSPECT, WAL, beside, create

_log = logging.getLogger(__name__)

# A key, its value, and when that expires, in seconds of Unix time; None for never.
SavedValue: TypeAlias = tuple[str, bytes, int | None]

# Read from both ends, so that one damaged page costs only its own rows.
_ALL_VALUES = (
    "SELECT row, key, value, expires FROM note ORDER BY row",
    "SELECT row, key, value, expires FROM note ORDER BY row DESC",
)

# Bytes. Checking a larger file takes longer than the rest of the start: it is checked only once
# damage was found in use, at the next start.
_MAX_CHECKED_BYTES = 64 << 20

# The suffixes of the files to move aside, the database last: until then, all can be tried again.
_MOVED = (WAL, SHM, "")


@contextmanager
def store_errors(file: Path, path: object = "") -> Iterator[None]:
    """Raise StoreError for SQLite's errors within the block; messages name the database `path`.

    Mark a database that proves damaged, so that the next start checks it.
    """
    name = path or file
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreError(
                "Another clipdesk is writing to {path}; try again when it is done.", path=name
            ) from error
        raise StoreError(
            "The database {path} cannot be used ({why}); check the disk and permissions, or "
            "choose another with --database.",
            path=name,
            why=error,
        ) from error
    except sqlite3.Error as error:
        with suppress(OSError):
            if file.exists():
                create(beside(file, SUSPECT), MARKER)
        raise StoreError(
            "The database {path} is damaged ({why}); start clipdesk again.", path=name, why=error
        ) from error


def move_damaged_aside(path: Path, timeout_s: float) -> list[SavedValue]:
    """Rename a database of ours if SQLite finds it damaged, so that a new one can be created.

    The files beside it must have been checked. Returns the key-value pairs that can be read from
    it; none of an intact one. Raises StoreError where it cannot be checked or moved.
    """
    marker = beside(path, SUSPECT)
    with suppress(OSError):
        if path.stat().st_size > _MAX_CHECKED_BYTES and not marker.exists():
            return []
    with (
        store_errors(path),
        closing(sqlite3.connect(as_openable(path), timeout=timeout_s, uri=True)) as db,
    ):
        if _is_intact(db):
            with suppress(OSError):  # a folder that cannot be written
                marker.unlink(missing_ok=True)
            return []
        saved = _readable_values(db)
    aside = _unused_name(path)
    try:
        for suffix in _MOVED:
            with suppress(FileNotFoundError):
                beside(path, suffix).rename(beside(aside, suffix))
        marker.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            "The database {path} is damaged and cannot be moved aside ({why}); move it, or "
            "choose another with --database.",
            path=path,
            why=error.strerror,
        ) from error
    line = "The database %s is damaged: kept as %s, and created again with %d of its stored values."
    _log.warning(line, path, aside, len(saved))
    return saved


def _unused_name(path: Path) -> Path:
    """A name for a damaged database under which no file exists."""
    name = f".damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    names = (beside(path, f"{name}-{number}" if number else name) for number in count())
    return next(
        one for one in names if not any(os.path.lexists(beside(one, end)) for end in _MOVED)
    )


def _is_intact(db: sqlite3.Connection) -> bool:
    """True if SQLite finds no damage. Raises sqlite3.OperationalError where it cannot check."""
    try:
        [verdict] = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        raise  # not damage: it is locked, a folder, or unreadable
    except sqlite3.Error:
        return False
    return bool(verdict == "ok")


def _readable_values(db: sqlite3.Connection) -> list[SavedValue]:
    """The values before and after what cannot be read, in the order of writing."""
    found: dict[int, SavedValue] = {}
    for statement in _ALL_VALUES:
        with suppress(sqlite3.Error):
            for row, key, value, expires in db.execute(statement):
                if isinstance(key, str) and isinstance(value, bytes):
                    found[row] = key, value, expires if isinstance(expires, int) else None
    return [found[row] for row in sorted(found)]
