"""The database as other processes and threads read it, while the one that writes goes on."""

import sqlite3
from pathlib import Path

BUSY_TIMEOUT_S = 10  # how long to wait while another process writes


def open_readonly(file: Path) -> sqlite3.Connection:
    """A connection that only reads, in transactions that are begun by hand, from any thread."""
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro",
        timeout=BUSY_TIMEOUT_S,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )


def newest_generation(db: sqlite3.Connection) -> str:
    """The name of the newest generation of what is stored; empty before the first."""
    row = db.execute("SELECT generation FROM reindex").fetchone()
    return str(row[0]) if row else ""
