"""The process that reads items, piece by piece; see `apart` for who starts it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from index.indexing.read_batches import PendingItem, read_batches
from index.workers.worker import REINDEXES, end_group, give_way, packed, received


def main() -> None:
    """Read the items that come in on stdin, and write what is read to stdout.

    The argument is the database in which they are known.

    A pipe holds little: what is not taken from it is waited for.
    """
    give_way(REINDEXES)
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    for piece in read_batches(_wanted(), Path(sys.argv[1])):
        out.write(packed(piece))
        out.flush()


def _wanted() -> Iterator[PendingItem]:
    told: SimpleQueue[list[PendingItem]] = SimpleQueue()
    Thread(target=_hear, args=[told], daemon=True).start()
    while some := told.get():
        yield from some


def _hear(told: "SimpleQueue[list[PendingItem]]") -> None:
    """Take in what is told until nobody is there any more, who could wait for what is read."""
    for some in received(sys.stdin.buffer):
        told.put(some)
    end_group()
