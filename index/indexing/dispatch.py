"""Reading and indexing where the event loop does not feel it: in processes, where that is worth it.

A thread that computes has the interpreter for itself, a few milliseconds at a time or as long as
one step of a library takes. A process needs about a second to start.
"""

import asyncio
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import TypeAlias, cast

from index.errors import StoreError
from index.indexing.analyze import WORTH_PROCESSES, OnProgress
from index.indexing.building import build
from index.indexing.read_batches import PendingItem, ReadBatch, estimate_read_s, read_batches
from index.retrieval.embedded.index_files import IndexFiles
from index.store.database import open_readonly
from index.workers.processes import python_process, receive
from index.workers.worker import packed

WORTH_A_PROCESS_S = 1.0

_READ = "from index.indexing.read_worker import main; main()"
_BUILD = "from index.indexing.building import main; main()"
_AT_ONCE = 100  # items that are told at once

ReadBatches: TypeAlias = AsyncGenerator[ReadBatch, None]


def read_items(wanted: Sequence[PendingItem], database: Path) -> ReadBatches:
    """The pieces of items, in turn, as `read_batches` gives them; a few are read ahead.

    To be closed, whatever becomes of it. Raises StoreError where they cannot be read to the end.
    """
    apart = estimate_read_s(wanted) > WORTH_A_PROCESS_S
    return _in_process(wanted, database) if apart else _in_thread(wanted, database)


async def _in_thread(wanted: Sequence[PendingItem], database: Path) -> ReadBatches:
    pieces = read_batches(wanted, database)
    while piece := await asyncio.to_thread(next, pieces, None):
        yield piece


async def _in_process(wanted: Sequence[PendingItem], database: Path) -> ReadBatches:
    async with python_process(_READ, str(database)) as process:
        telling = asyncio.create_task(_tell(cast("StreamWriter", process.stdin), wanted))
        read = 0
        try:
            while read < len(wanted):
                piece: ReadBatch = await receive(cast("StreamReader", process.stdout))
                read += piece.last
                yield piece
        except IncompleteReadError as error:
            raise StoreError(
                "Reading failed, as its process has ended; "
                "see that there is enough memory, and try again."
            ) from error
        finally:
            telling.cancel()


async def _tell(stdin: StreamWriter, wanted: Sequence[PendingItem]) -> None:
    """Tell which items are to be read, then that these were all."""
    left = iter(wanted)
    with suppress(ConnectionError):  # whoever waits for what is read will know
        while some := list(islice(left, _AT_ONCE)):
            stdin.write(packed(some))
            await stdin.drain()
        stdin.write(packed([]))


async def build_index(
    database: Path, files: IndexFiles, on_progress: OnProgress, *, dedicated_process: bool
) -> None:
    """Run `build`, in another process if there is much to do. Raises OSError and StoreError.

    With a dedicated process, count all paragraphs; otherwise only new ones.
    """
    await asyncio.to_thread(files.check)  # here, where it can be told in one line
    last = 0 if dedicated_process else await asyncio.to_thread(files.last_row)
    with closing(open_readonly(database)) as db:
        [(paragraphs,)] = db.execute(
            "SELECT total(paragraphs) FROM article WHERE NOT removed AND row > ?", [last]
        )
    if paragraphs < WORTH_PROCESSES:
        await asyncio.to_thread(build, database, files, lambda *_: None)
        return
    arguments = (str(database), str(files.path), *files.sources)
    async with python_process(_BUILD, *arguments) as process:
        async for line in cast("StreamReader", process.stdout):
            on_progress(*map(int, line.split()))
        if await process.wait():
            raise StoreError("Indexing failed; the lines above say why. Try again.")
