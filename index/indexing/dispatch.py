"""Reads and indexes off the event loop: in a process where that pays, otherwise in a thread.

A thread that computes keeps the interpreter from the loop, for a few milliseconds at a time or for
as long as one step of a library takes. A process needs about a second to start.
"""

import asyncio
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import TypeAlias, cast

from index.errors import StoreError
from index.indexing.analyze import PARALLEL_FROM, OnProgress
from index.indexing.building import build
from index.indexing.read_batches import PendingItem, ReadBatch, estimate_read_s, read_batches
from index.retrieval.embedded.index_files import IndexFiles
from index.store.database import open_readonly
from index.workers.processes import python_process, receive
from index.workers.worker import pack

PROCESS_FROM_S = 1.0  # estimated reading time from which on a process pays

_READ = "from index.indexing.read_worker import main; main()"
_BUILD = "from index.indexing.building import main; main()"
_ITEMS_AT_ONCE = 100  # sent to the read worker

ReadBatches: TypeAlias = AsyncGenerator[ReadBatch, None]


def read_items(pending: Sequence[PendingItem], database: Path) -> ReadBatches:
    """Read items in batches, in order, as `read_batches` does; a few batches are read ahead.

    The caller must close the generator. Raises StoreError where the reading process ends early.
    """
    dedicated_process = estimate_read_s(pending) > PROCESS_FROM_S
    return _in_process(pending, database) if dedicated_process else _in_thread(pending, database)


async def _in_thread(pending: Sequence[PendingItem], database: Path) -> ReadBatches:
    batches = read_batches(pending, database)
    while batch := await asyncio.to_thread(next, batches, None):
        yield batch


async def _in_process(pending: Sequence[PendingItem], database: Path) -> ReadBatches:
    async with python_process(_READ, str(database)) as process:
        sending = asyncio.create_task(_send(cast("StreamWriter", process.stdin), pending))
        items_read = 0
        try:
            while items_read < len(pending):
                batch: ReadBatch = await receive(cast("StreamReader", process.stdout))
                items_read += batch.is_last
                yield batch
        except IncompleteReadError as error:
            raise StoreError(
                "Reading failed because its process ended; check that there is enough "
                "memory, then try again."
            ) from error
        finally:
            sending.cancel()


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
