"""One bot on one database: of two, each would know half of the votes, and reindex for both."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import AnotherInstanceError
from index.store.ownership import LOCK, beside, check_file


@contextmanager
def single_instance(database: Path) -> Iterator[None]:
    """Be the only bot on the database in that file until the end of the block.

    The lock ends with the process, however that ends; its file is empty, and stays. Raises
    AnotherInstanceError, and StoreError where a file of that name is not ours.
    """
    path = beside(database, LOCK)
    check_file(path, LOCK)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherInstanceError(
                f"Another clipdesk is on Discord with the database {database}; "
                "stop it, or choose another with --database."
            ) from error
        yield
    finally:
        os.close(file)
