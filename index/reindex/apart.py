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

from index.child import packed
from index.corpus.index_files import IndexFiles
from index.errors import StoreError
from index.processes import python_process, receive
from index.reindex.analysing import WORTH_PROCESSES, Told
from index.reindex.building import build
from index.reindex.pieces import Piece, Wanted, read_pieces, takes_s
from index.storage.database import open_readonly

WORTH_A_PROCESS_S = 1.0

_READ = "from index.reindex.piece_process import main; main()"
_BUILD = "from index.reindex.building import main; main()"
_AT_ONCE = 100  # items that are told at once

Pieces: TypeAlias = AsyncGenerator[Piece, None]


def pieces_of(wanted: Sequence[Wanted], database: Path) -> Pieces:
    """The pieces of items, in turn, as `read_pieces` gives them; a few are read ahead.

    To be closed, whatever becomes of it. Raises StoreError where they cannot be read to the end.
    """
    apart = takes_s(wanted) > WORTH_A_PROCESS_S
    return _in_process(wanted, database) if apart else _in_thread(wanted, database)


async def _in_thread(wanted: Sequence[Wanted], database: Path) -> Pieces:
    pieces = read_pieces(wanted, database)
    while piece := await asyncio.to_thread(next, pieces, None):
        yield piece


async def _in_process(wanted: Sequence[Wanted], database: Path) -> Pieces:
    async with python_process(_READ, str(database)) as process:
        telling = asyncio.create_task(_tell(cast("StreamWriter", process.stdin), wanted))
        read = 0
        try:
            while read < len(wanted):
                piece: Piece = await receive(cast("StreamReader", process.stdout))
                read += piece.last
                yield piece
        except IncompleteReadError as error:
            raise StoreError(
                "Reading failed, as its process has ended; "
                "see that there is enough memory, and try again."
            ) from error
        finally:
            telling.cancel()


async def _tell(stdin: StreamWriter, wanted: Sequence[Wanted]) -> None:
    """Tell which items are to be read, then that these were all."""
    left = iter(wanted)
    with suppress(ConnectionError):  # whoever waits for what is read will know
        while some := list(islice(left, _AT_ONCE)):
            stdin.write(packed(some))
            await stdin.drain()
        stdin.write(packed([]))


async def build_index(database: Path, files: IndexFiles, told: Told, *, crowd: bool) -> None:
    """Run `build`, in another process if there is much to do. Raises OSError and StoreError.

    For a `crowd`, that is not to wait meanwhile, to look through many paragraphs is much; else, to
    analyse many.
    """
    await asyncio.to_thread(files.check)  # here, where it can be told in one line
    last = 0 if crowd else await asyncio.to_thread(files.last_row)
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
            told(*map(int, line.split()))
        if await process.wait():
            raise StoreError("Indexing failed; the lines above say why. Try again.")
