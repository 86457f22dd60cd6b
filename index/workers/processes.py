"""Child processes that run Python, none of which outlives its parent."""

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
    """Run `code` in a process with pipes; kill it and its children at the end of the block.

    It leads a process group of its own, so that Ctrl-C in a terminal does not reach it. Its `stdin`
    closes when the parent ends, however that happens; see `worker.die_with_parent`.
    """
    process = await create_subprocess_exec(
        # -P: never import a module from the working directory instead.
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
        await _reap(process)


async def _reap(process: Process) -> None:
    """Wait for a killed process to end, even if this wait is cancelled."""
    ending = asyncio.create_task(process.communicate())  # it ends only once all pipes are empty
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await ending
        raise


async def receive(stdout: StreamReader) -> Any:  # noqa: ANN401 - any packed value
    """Decode the next value that a worker packed. Raises IncompleteReadError once it has ended."""
    [length] = LENGTH.unpack(await stdout.readexactly(LENGTH.size))
    # Nobody but a worker of our own writes to this pipe.
    return pickle.loads(await stdout.readexactly(length))  # noqa: S301
