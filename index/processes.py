"""Python processes of our own, none of which outlives the one that started it."""

import os
import signal
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Thread


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
        await process.communicate()  # there is no end to wait for before all pipes are empty


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
