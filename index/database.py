"""SQLite files: opened to be read, what goes wrong with them in words, damaged ones moved aside."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from index.errors import StoreError

_log = logging.getLogger(__name__)

BUSY_TIMEOUT_S = 10  # how long to wait while another process writes


def open_readonly(file: Path) -> sqlite3.Connection:
    """A connection that only reads, in transactions that are begun by hand, from any thread."""
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro",
        BUSY_TIMEOUT_S,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def newest_generation(db: sqlite3.Connection) -> str:
    """The name of the newest generation of what is stored; empty before the first."""
    row = db.execute("SELECT generation FROM reindex").fetchone()
    return str(row[0]) if row else ""


@contextmanager
def store_errors(path: object) -> Iterator[None]:
    """What SQLite says is wrong with the database at `path`, as a StoreError that says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreError(
                f"Another clipdesk is writing to {path}; try again when it is done."
            ) from error
        raise StoreError(
            f"The database {path} cannot be used ({error}); "
            "check its disk and permissions, or choose another with --database."
        ) from error
    except sqlite3.Error as error:
        raise StoreError(
            f"The database {path} is damaged ({error}); start clipdesk again."
        ) from error


def move_damaged_aside(path: Path) -> None:
    """Rename a file that SQLite calls damaged, so that it is kept and no longer in the way.

    Raises StoreError where that cannot be found out or done.
    """
    try:
        with store_errors(str(path)), closing(sqlite3.connect(path, BUSY_TIMEOUT_S)) as db:
            [verdict] = db.execute("PRAGMA quick_check(1)").fetchone()
    except StoreError as error:
        if isinstance(error.__cause__, sqlite3.OperationalError):
            raise  # not damaged: locked, a folder, not ours to read
        verdict = str(error.__cause__)
    if verdict == "ok":
        return
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    try:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise StoreError(
            f"The database {path} is damaged, and cannot be moved aside ({error.strerror}); "
            "move it, or choose another with --database."
        ) from error
    _log.warning("The database %s is damaged: it is kept as %s, and begun anew.", path, aside)
