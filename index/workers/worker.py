"""The child's side of a worker process; `processes` starts and ends it."""

import gc
import os
import pickle
import signal
import struct
import sys
from collections.abc import Iterator
from threading import Thread
from typing import Any, BinaryIO

# Niceness. Acknowledging Discord comes before a search, and a search before a reindex.
SEARCH_NICENESS = 5
REINDEX_NICENESS = 15

_PR_SET_PDEATHSIG = 1  # of Linux

LENGTH = struct.Struct("<Q")  # of the pickle that follows


def pack(value: object) -> bytes:
    """Encode a value for the pipe to or from a worker."""
    data = pickle.dumps(value)
    return LENGTH.pack(len(data)) + data


def unpack_all(stdin: BinaryIO) -> Iterator[Any]:
    """Decode what the parent packs, until it closes the worker's `stdin` or ends."""
    while length := stdin.read(LENGTH.size):
        yield pickle.loads(stdin.read(*LENGTH.unpack(length)))  # noqa: S301 - only from the parent


def lower_priority(niceness: int) -> None:
    """Let other processes go first, from a worker's start on.

    Also exempt what was imported from garbage collection, which would take a tenth of a second
    at exit alone.
    """
    gc.freeze()
    if hasattr(os, "nice"):
        os.nice(niceness)


def die_with_parent() -> None:
    """Kill this worker and its children once the parent closes its `stdin` or ends."""
    Thread(target=_await_end, daemon=True).start()


def _await_end() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    kill_group()


def die_even_while_busy() -> None:
    """Let Linux kill this worker when its parent ends, even while a library keeps its threads."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only needed here

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def kill_group() -> None:
    """Kill this worker, which `python_process` has started, and its children."""
    os.killpg(0, signal.SIGKILL)
