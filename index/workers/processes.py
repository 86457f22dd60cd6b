"""Python processes of our own, none of which outlives the one that started it."""

import asyncio
import os
import pickle
import signal
import sys
from asyncio import StreamReader, create_subprocess_exec
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from index.workers.worker import LENGTH


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


async def receive(stdout: StreamReader) -> Any:  # noqa: ANN401 - whatever was packed
    """What such a process has packed. Raises IncompleteReadError where it has ended."""
    [length] = LENGTH.unpack(await stdout.readexactly(LENGTH.size))
    # What comes through this pipe is from nobody but a process of our own.
    return pickle.loads(await stdout.readexactly(length))  # noqa: S301
