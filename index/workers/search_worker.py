"""Searches in a process of its own, so that the event loop stays responsive.

A thread that computes keeps the interpreter from the loop for milliseconds at a time.
"""

import asyncio
import logging
import sys
import traceback
from asyncio import Future, IncompleteReadError, StreamReader, StreamWriter
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

from index.errors import ClipdeskError, StoreError
from index.retrieval.embedded.index_files import IndexFiles
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.embedded.sqlite_documents import open_searcher, stale_index
from index.store.read_connection import ReadConnection
from index.workers.processes import python_process, receive
from index.workers.worker import SEARCH_NICENESS, lower_priority, pack, unpack_all

_STARTS_WITHIN_S = 30.0  # on a busy machine; otherwise it takes half a second
_RESTART_AFTER_S = 1.0  # a worker that ended at once may do so again
_ATTEMPTS = 2

_RUN = f"from {__name__} import main; main()"

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


class _EndedError(Exception):
    """The worker ended before it replied."""


class SearchWorker:
    """A process that keeps the index open and runs functions on it; restarted when it ends.

    Functions go through a pipe, so they must be module-level functions or partials of these. The
    worker runs them one after another, even those whose caller was cancelled: keep few pending.
    """

    def __init__(self, database: Path, file: Path, sources: Sequence[str]) -> None:
        self._arguments = (str(database), str(file), *sources)
        self._loop = asyncio.get_running_loop()
        self._stdin: Future[StreamWriter] = self._loop.create_future()
        self._pending: deque[Future[object]] = deque()  # in the order of the requests
        self._running = asyncio.create_task(self._run())

    async def run(self, snapshot_id: str, query_fn: Callable[[Searcher], _Result]) -> _Result:
        """Run a function on the searcher of that snapshot.

        Raises the ClipdeskError that `query_fn` raises, RuntimeError for any other error of it,
        StaleIndexError where another snapshot is committed, and StoreError where the worker ends.
        """
        request = pack((snapshot_id, query_fn))
        for _ in range(_ATTEMPTS):
            with suppress(_EndedError, TimeoutError):
                reply = await self._send(request)
                if isinstance(reply, Exception):
                    raise reply
                return cast("_Result", reply)
        raise StoreError(
            "The search process ended; check that there is enough memory, then ask again."
        )

    async def close(self) -> None:
        """Kill the worker, even while it searches."""
        self._running.cancel()
        await asyncio.wait([self._running])

    async def _send(self, request: bytes) -> object:
        async with asyncio.timeout(_STARTS_WITHIN_S):
            stdin = await asyncio.shield(self._stdin)
        reply: Future[object] = self._loop.create_future()
        self._pending.append(reply)
        stdin.write(request)
        return await reply

    async def _run(self) -> None:
        while True:
            with suppress(OSError, IncompleteReadError):
                async with python_process(_RUN, *self._arguments) as process:
                    self._stdin.set_result(cast("StreamWriter", process.stdin))
                    await self._receive_replies(cast("StreamReader", process.stdout))
            await asyncio.sleep(_RESTART_AFTER_S)

    async def _receive_replies(self, stdout: StreamReader) -> None:
        try:
            while True:
                value = await receive(stdout)
                reply = self._pending.popleft()
                if not reply.done():
                    reply.set_result(value)
        finally:
            self._stdin = self._loop.create_future()
            while self._pending:
                reply = self._pending.popleft()
                if not reply.done():
                    reply.set_exception(_EndedError)


def main() -> None:
    """Run the requests on stdin; the arguments are the database, index file, and sources."""
    import index.answers.pipeline  # noqa: F401, PLC0415 - so that the first question need not wait

    database, file, *sources = sys.argv[1:]
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    lower_priority(SEARCH_NICENESS)
    files = IndexFiles(Path(file), sources)
    with closing(ReadConnection(Path(database))) as connection:

        @lru_cache(maxsize=1)
        def searcher_of(snapshot_id: str) -> Searcher:
            searcher = open_searcher(connection, files, snapshot_id)
            if searcher is None:
                raise stale_index()
            return searcher

        for snapshot_id, query_fn in unpack_all(sys.stdin.buffer):
            try:
                reply = pack(query_fn(searcher_of(snapshot_id)))
            except ClipdeskError as error:
                reply = pack(error)
            except Exception as error:  # noqa: BLE001 - the caller waits for a reply to every request
                # Without its message, which may contain the question.
                frame = traceback.extract_tb(error.__traceback__)[-1]
                kind = type(error).__name__
                _log.error("A search failed: %s in %s:%s", kind, frame.name, frame.lineno)
                reply = pack(RuntimeError("a search failed; the log says where"))
            out.write(reply)
            out.flush()
