"""One bot on one database: of two, each would know half of the votes, and reindex for both."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from index import MEMORY, ClipdeskError


class AnotherBotError(ClipdeskError):
    """Another process is a bot on this database."""


@contextmanager
def alone(database: str) -> Iterator[None]:
    """Be the only bot on the database at that path until the end of the block.

    The lock ends with the process, however that ends. Raises AnotherBotError.
    """
    if database == MEMORY:
        yield
        return
    lock = FileLock(f"{database}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise AnotherBotError(
            f"Another clipdesk is on Discord with the database {database}; "
            "stop it, or choose another with --database."
        ) from error
    try:
        yield
    finally:
        lock.release()
