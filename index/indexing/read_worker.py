"""The process that reads items in batches; `dispatch` starts it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from index.indexing.read_batches import PendingItem, estimate_read_s, read_batches
from index.indexing.read_limits import limit_memory, limit_time
from index.workers.worker import (
    REINDEX_NICENESS,
    die_even_while_busy,
    kill_group,
    lower_priority,
    pack,
    unpack_all,
)


def main() -> None:
    """Read the items that come in on stdin, and write the batches to stdout.

    The argument is the database with what is already stored of the items, or empty for a preview. A
    pipe holds little, so reading pauses until the parent takes a batch.
    """
    die_even_while_busy()
    lower_priority(REINDEX_NICENESS)
    limit_memory()
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    database = Path(sys.argv[1]) if sys.argv[1] else None
    for batch in read_batches(_pending(), database):
        out.write(pack(batch))
        out.flush()
        limit_time()


def _pending() -> Iterator[PendingItem]:
    received: SimpleQueue[list[PendingItem]] = SimpleQueue()
    Thread(target=_receive, args=[received], daemon=True).start()
    while items := received.get():
        for item in items:
            limit_time(estimate_read_s([item]))
            yield item


def _receive(received: "SimpleQueue[list[PendingItem]]") -> None:
    """Queue what comes in on stdin; end the process once the parent has closed it."""
    for items in unpack_all(sys.stdin.buffer):
        received.put(items)
    kill_group()
