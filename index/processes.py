"""Python processes of our own, none of which outlives the one that started it."""

import asyncio
import os
import pickle
import signal
import struct
import sys
from asyncio import StreamReader, create_subprocess_exec
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from threading import Thread
from typing import Any, BinaryIO

# How nice a process is to others. Discord, that waits to be acknowledged, goes before a search, and
# that before a reindex.
SEARCHES = 5
REINDEXES = 15

_LENGTH = struct.Struct("<Q")  # of the pickle that follows


@asynccontextmanager
async def python_process(code: str, *arguments: str) -> AsyncIterator[Process]:
    """A process that runs `code`, with pipes; it is killed at the end, and all that it started.

    It is the first of a group of its own: the Ctrl-C of a terminal is not for it. Its `stdin` is
    open for as long as it is wanted, see `die_with_parent`.
    """
    process = await create_subprocess_exec(
        # Not what happens to have the same name in the folder that this runs in.
        *(sys.executable, "-P", "-c", code, *arguments),
        stdin=PIPE,
        stdout=PIPE,
        process_group=0,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await _end_of(process)


async def _end_of(process: Process) -> None:
    """Wait for the end of a process that was killed; also where that is cancelled, in between."""
    ending = asyncio.create_task(process.communicate())  # none before all pipes are empty
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await ending
        raise


def packed(value: object) -> bytes:
    """A value as it goes through a pipe."""
    data = pickle.dumps(value)
    return _LENGTH.pack(len(data)) + data


async def receive(stdout: StreamReader) -> Any:  # noqa: ANN401 - whatever was packed
    """What such a process has packed. Raises IncompleteReadError where it has ended."""
    [length] = _LENGTH.unpack(await stdout.readexactly(_LENGTH.size))
    # What comes through this pipe is from nobody but a process of our own.
    return pickle.loads(await stdout.readexactly(length))  # noqa: S301


def received(stdin: BinaryIO) -> Iterator[Any]:
    """In such a process: what is packed for it, until nobody holds its `stdin` open."""
    while length := stdin.read(_LENGTH.size):
        yield pickle.loads(stdin.read(*_LENGTH.unpack(length)))  # noqa: S301 - as above


def give_way(niceness: int) -> None:
    """In such a process: let others go first, where the machine has more to do than it can."""
    if hasattr(os, "nice"):
        os.nice(niceness)


def die_with_parent() -> None:
    """In such a process: end it, and all that it started, when nobody holds its `stdin` open."""
    Thread(target=_await_end, daemon=True).start()


def _await_end() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    end_group()


def end_group() -> None:
    """End this process, which `python_process` has started, and all that it started."""
    os.killpg(0, signal.SIGKILL)
