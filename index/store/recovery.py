"""What SQLite cannot do, told in words, and what can be saved of a damaged database."""

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
from index.store.database import existing
from index.store.ownership import MARKER, SHM, SUSPECT, WAL, beside, create

_log = logging.getLogger(__name__)

# A note's key, its value, and when it expires, in seconds of Unix time.
SavedNote: TypeAlias = tuple[str, bytes, int | None]

# Read from both ends, so that one damaged page takes only what is on it.
_NOTES = (
    "SELECT row, key, value, expires FROM note ORDER BY row",
    "SELECT row, key, value, expires FROM note ORDER BY row DESC",
)

# Bytes; to look through a larger file takes longer than all else at the start. That it is damaged
# is told when what is damaged is read, and it is looked through at the next start.
_CHECKED_AT_ONCE = 64 << 20

# What is moved aside. The database goes last: while it is there, all can be tried again.
_MOVED = (WAL, SHM, "")


@contextmanager
def store_errors(file: Path, path: object = "") -> Iterator[None]:
    """Raise StoreError for what SQLite cannot do with a database, which its owner calls `path`."""
    name = path or file
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreError(
                "Another clipdesk is writing to {path}; try again when it is done.", path=name
            ) from error
        raise StoreError(
            "The database {path} cannot be used ({why}); "
            "check its disk and permissions, or choose another with --database.",
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


def move_damaged_aside(path: Path, timeout_s: float) -> list[SavedNote]:
    """Rename a database of ours that SQLite calls damaged, so that it is kept and out of the way.

    The files beside it must have been checked. Returns the notes that can be read from it; none of
    one that is not damaged. Raises StoreError where that cannot be found out or done.
    """
    marker = beside(path, SUSPECT)
    with suppress(OSError):
        if path.stat().st_size > _CHECKED_AT_ONCE and not marker.exists():
            return []
    with (
        store_errors(path),
        closing(sqlite3.connect(existing(path), timeout=timeout_s, uri=True)) as db,
    ):
        if _is_whole(db):
            marker.unlink(missing_ok=True)
            return []
        key_values = _readable_notes(db)
    aside = _unused_name(path)
    try:
        for suffix in _MOVED:
            with suppress(FileNotFoundError):
                beside(path, suffix).rename(beside(aside, suffix))
        marker.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            "The database {path} is damaged, and cannot be moved aside ({why}); "
            "move it, or choose another with --database.",
            path=path,
            why=error.strerror,
        ) from error
    line = "The database %s is damaged: it is kept as %s, and begun anew with %d of its notes."
    _log.warning(line, path, aside, len(key_values))
    return key_values


def _unused_name(path: Path) -> Path:
    """A name for a damaged database, under which nothing is to be overwritten."""
    name = f".damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    names = (beside(path, f"{name}-{number}" if number else name) for number in count())
    return next(
        one for one in names if not any(os.path.lexists(beside(one, end)) for end in _MOVED)
    )


def _is_whole(db: sqlite3.Connection) -> bool:
    """Whether SQLite finds no fault. Raises sqlite3.OperationalError where it cannot look."""
    try:
        [verdict] = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        raise  # not damaged: locked, a folder, not ours to read
    except sqlite3.Error:
        return False
    return bool(verdict == "ok")


def _readable_notes(db: sqlite3.Connection) -> list[SavedNote]:
    """The notes that come before, and after, what cannot be read; in the order of writing."""
    found: dict[int, SavedNote] = {}
    for statement in _NOTES:
        with suppress(sqlite3.Error):
            for row, key, value, expires in db.execute(statement):
                if isinstance(key, str) and isinstance(value, bytes):
                    found[row] = key, value, expires if isinstance(expires, int) else None
    return [found[row] for row in sorted(found)]
