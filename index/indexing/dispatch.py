"""Reads and indexes off the event loop: in a process where that pays, otherwise in a thread.

A thread that computes keeps the interpreter from the loop, for a few milliseconds at a time or for
as long as one step of a library takes. A process needs about a second to start. A page that takes
too long, or crashes its process, costs only itself.
"""

import asyncio
import signal
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, closing, suppress
from itertools import islice
from pathlib import Path
from typing import TypeAlias, cast

from index.errors import StoreError
from index.indexing.analyze import PARALLEL_FROM, OnProgress
from index.indexing.building import build
from index.indexing.read_batches import (
    PendingItem,
    ReadBatch,
    estimate_read_s,
    read_batches,
    with_digest,
)
from index.indexing.read_limits import TOO_SLOW
from index.model import Skipped
from index.retrieval.embedded.index_files import IndexFiles
from index.store.database import open_readonly
from index.workers.processes import python_process, receive
from index.workers.worker import pack

PROCESS_FROM_S = 1.0  # estimated reading time from which on a process pays
# Bytes of a page from which on it is read in a process in any case: nothing can end a thread.
PROCESS_FROM_BYTES = 1_000_000
_PATIENCE_S = 4.0  # with the thread
# How a process ends by a fault of a library that it uses, or because that finds no memory.
_CRASHES = (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGILL, -signal.SIGFPE)

_READ = "from index.indexing.read_worker import main; main()"
_BUILD = "from index.indexing.building import main; main()"
_ITEMS_AT_ONCE = 100  # sent to the read worker

ReadBatches: TypeAlias = AsyncGenerator[ReadBatch, None]


def read_items(pending: Sequence[PendingItem], database: Path | None) -> ReadBatches:
    """Read items in batches, in order, as `read_batches` does; a few batches are read ahead.

    An item over which the reading process ends, or has to be ended, is skipped. The caller must
    close the generator. Raises StoreError where the process was killed.
    """
    dedicated_process = estimate_read_s(pending) > PROCESS_FROM_S or any(
        one.item.size > PROCESS_FROM_BYTES and not one.item.reader.is_archive for one in pending
    )
    return _in_process(pending, database) if dedicated_process else _in_thread(pending, database)


async def _in_thread(pending: Sequence[PendingItem], database: Path | None) -> ReadBatches:
    """Read in a thread; nothing can end that, so a process takes over from one that takes long."""
    batches = read_batches(pending, database)
    last: ReadBatch | None = None
    while True:
        step = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
        # An archive is read line by line, none of which takes long.
        is_between = last is None or last.is_last
        done, _ = await asyncio.wait([step], timeout=_PATIENCE_S if is_between else None)
        if not done:
            break
        last = await step
        if last is None:
            return
        yield last
    async with aclosing(_in_process(pending, database, last.number + 1 if last else 0)) as rest:
        async for batch in rest:
            yield batch


async def _in_process(
    pending: Sequence[PendingItem], database: Path | None, first: int = 0
) -> ReadBatches:
    """Read in a process, from item `first` on; in another one after an item that ended it."""
    while first < len(pending):
        offset, last = first, ReadBatch(first, "", is_last=True)
        async with python_process(_READ, str(database or "")) as process:
            rest = pending[first:]
            sending = asyncio.create_task(_send(cast("StreamWriter", process.stdin), rest))
            try:
                while first < len(pending):
                    last = await receive(cast("StreamReader", process.stdout))
                    last.number += offset
                    first += last.is_last
                    yield last
            except IncompleteReadError:
                pass
            finally:
                sending.cancel()
        if first < len(pending):
            why = _why_ended(process.returncode)
            yield await asyncio.to_thread(_lost_batch, pending[first], first, last, why)
            first += 1


def _why_ended(returncode: int | None) -> str:
    """The reason why an item ended its process. Raises StoreError where something else did."""
    if returncode == -TOO_SLOW:
        return "reading it takes too long; split it, or save it as plain text"
    if returncode in _CRASHES:
        return "reading it fails within a library; save it as plain text"
    raise StoreError(
        "Reading failed because its process ended; check that there is enough "
        "memory, then try again."
    )


def _lost_batch(pending: PendingItem, number: int, last: ReadBatch, why: str) -> ReadBatch:
    """The last batch of an item over which the process ended; `last` is the one received last."""
    skipped = Skipped(pending.item.path, why)
    has_begun = not last.is_last
    return ReadBatch(
        number,
        # With its digest, so that it is not tried again until it changes.
        last.digest if has_begun else with_digest(pending).digest,
        bytes_read=pending.item.size,
        skipped=[skipped],
        pages=[skipped],
        unreadable=[0],
        is_last=True,
        breaks_off=has_begun or pending.item.reader.is_archive,
    )


async def _send(stdin: StreamWriter, pending: Sequence[PendingItem]) -> None:
    """Send the items to the read worker, then an empty list as the end."""
    rest = iter(pending)
    with suppress(ConnectionError):  # `_in_process` notices by itself
        while items := list(islice(rest, _ITEMS_AT_ONCE)):
            stdin.write(pack(items))
            await stdin.drain()
        stdin.write(pack([]))


async def build_index(
    database: Path, files: IndexFiles, on_progress: OnProgress, *, dedicated_process: bool
) -> None:
    """Run `build`, in another process if there is much to do. Raises OSError and StoreError.

    With a dedicated process, count all paragraphs; otherwise only new ones.
    """
    await asyncio.to_thread(files.check)  # here, where an error can be reported in one line
    last = 0 if dedicated_process else await asyncio.to_thread(files.last_row)
    with closing(open_readonly(database)) as db:
        [(paragraphs,)] = db.execute(
            "SELECT total(paragraphs) FROM article WHERE NOT removed AND row > ?", [last]
        )
    if paragraphs < PARALLEL_FROM:
        await asyncio.to_thread(build, database, files, lambda *_: None)
        return
    arguments = (str(database), str(files.path), *files.sources)
    async with python_process(_BUILD, *arguments) as process:
        async for line in cast("StreamReader", process.stdout):
            on_progress(*map(int, line.split()))
        if await process.wait():
            raise StoreError("Indexing failed; the log above says why. Try again.")
