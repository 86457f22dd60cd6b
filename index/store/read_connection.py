"""A read connection that is independent of the writing one."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from index.store.database import open_readonly
from index.store.recovery import store_errors


class ReadConnection:
    """A read-only connection shared by all threads, one statement at a time."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._lock = threading.Lock()
        with store_errors(database):
            self._db = open_readonly(database)

    def rows(self, query: str, value: object) -> list[tuple[Any, ...]]:
        """Fetch the rows of a query with one parameter. Raises StoreError."""
        with self._lock, store_errors(self._database), closing(self._db.cursor()) as cursor:
            return cursor.execute(query, [value]).fetchall()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()
