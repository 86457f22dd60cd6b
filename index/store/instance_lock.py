"""Keeps a second bot off a database: each would see half of the votes, and both would reindex."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import AnotherInstanceError
from index.store.ownership import LOCK, beside, check_file


@contextmanager
def single_instance(database: Path) -> Iterator[None]:
    """Hold the lock for the only bot on a database within the block.

    The operating system releases it when the process ends; the lock file is empty, and stays.
    Raises AnotherInstanceError, and StoreError where the name belongs to a foreign file.
    """
    path = beside(database, LOCK)
    check_file(path, LOCK)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherInstanceError(
                f"Another clipdesk bot is already using the database {database}; "
                "stop it, or choose another with --database."
            ) from error
        yield
    finally:
        os.close(file)
