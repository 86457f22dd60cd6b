"""Items read where the event loop does not feel it: in a process of their own, if that is worth it.

A thread that computes has the interpreter for itself, a few milliseconds at a time or as long as
one step of a library takes. A process needs about a second to start.
"""

import asyncio
import sys
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias, cast

from index.errors import StoreError
from index.pieces import Piece, Wanted, read_pieces, takes_s
from index.processes import (
    REINDEXES,
    end_group,
    give_way,
    packed,
    python_process,
    receive,
    received,
)

WORTH_A_PROCESS_S = 1.0

_RUN = f"from {__name__} import main; main()"
_AT_ONCE = 100  # items that are told at once

Pieces: TypeAlias = AsyncGenerator[Piece, None]


def pieces_of(wanted: Sequence[Wanted]) -> Pieces:
    """The pieces of items, in turn, as `read_pieces` gives them; a few are read ahead.

    To be closed, whatever becomes of it. Raises StoreError where they cannot be read to the end.
    """
    return _in_process(wanted) if takes_s(wanted) > WORTH_A_PROCESS_S else _in_thread(wanted)


async def _in_thread(wanted: Sequence[Wanted]) -> Pieces:
    pieces = read_pieces(wanted)
    while piece := await asyncio.to_thread(next, pieces, None):
        yield piece


async def _in_process(wanted: Sequence[Wanted]) -> Pieces:
    async with python_process(_RUN) as process:
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


def main() -> None:
    """Read the items that come in on stdin, and write what is read to stdout.

    A pipe holds little: what is not taken from it is waited for.
    """
    give_way(REINDEXES)
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    for piece in read_pieces(_wanted()):
        out.write(packed(piece))
        out.flush()


def _wanted() -> Iterator[Wanted]:
    told: SimpleQueue[list[Wanted]] = SimpleQueue()
    Thread(target=_hear, args=[told], daemon=True).start()
    while some := told.get():
        yield from some


def _hear(told: "SimpleQueue[list[Wanted]]") -> None:
    """Take in what is told until nobody is there any more, who could wait for what is read."""
    for some in received(sys.stdin.buffer):
        told.put(some)
    end_group()
