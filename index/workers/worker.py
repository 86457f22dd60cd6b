"""What a Python process of our own does to be a good child: see `processes` for who starts it."""

import gc
import os
import pickle
import signal
import struct
import sys
from collections.abc import Iterator
from threading import Thread
from typing import Any, BinaryIO

# How nice a process is to others. Discord, that waits to be acknowledged, goes before a search, and
# that before a reindex.
SEARCHES = 5
REINDEXES = 15

LENGTH = struct.Struct("<Q")  # of the pickle that follows


def packed(value: object) -> bytes:
    """A value as it goes through a pipe, to such a process or from it."""
    data = pickle.dumps(value)
    return LENGTH.pack(len(data)) + data


def received(stdin: BinaryIO) -> Iterator[Any]:
    """In such a process: what is packed for it, until nobody holds its `stdin` open."""
    while length := stdin.read(LENGTH.size):
        yield pickle.loads(stdin.read(*LENGTH.unpack(length)))  # noqa: S301 - from nobody but ourselves


def give_way(niceness: int) -> None:
    """In such a process, at its start: let others go first, where the machine has much to do.

    What was imported stays: to look for garbage in it takes a tenth of a second at the end alone.
    """
    gc.freeze()
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
