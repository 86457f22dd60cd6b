"""Reading the corpus in a process of its own: an event loop that many talk to goes on meanwhile.

A thread that computes takes the interpreter from the loop, for milliseconds at a time.
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
from index.workers.worker import SEARCHES, give_way, packed, received

_STARTS_WITHIN_S = 30.0  # on a busy machine; else it takes half a second
_AGAIN_AFTER_S = 1.0  # one that has ended at once may do so again
_TRIES = 2

_RUN = f"from {__name__} import main; main()"

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


class _EndedError(Exception):
    """The process has ended before it answered."""


class SearchWorker:
    """A process that has the corpus open; where it ends, another one takes its place.

    Readings go through a pipe, so they are functions of a module, or partials of such. They are
    done in turn, even if nobody waits any more: no more than a few should be asked for at once.
    """

    def __init__(self, database: Path, file: Path, sources: Sequence[str]) -> None:
        self._arguments = (str(database), str(file), *sources)
        self._loop = asyncio.get_running_loop()
        self._stdin: Future[StreamWriter] = self._loop.create_future()
        self._waiting: deque[Future[object]] = deque()  # for what the process does, in turn
        self._running = asyncio.create_task(self._run())

    async def run(self, snapshot_id: str, query_fn: Callable[[Searcher], _Result]) -> _Result:
        """What is read of the corpus of that generation.

        Raises what `query_fn` does of ClipdeskError, RuntimeError for any other fault of it,
        StaleIndexError where another snapshot is committed, and StoreError where the process ends.
        """
        data = packed((snapshot_id, query_fn))
        for _ in range(_TRIES):
            with suppress(_EndedError, TimeoutError):
                answer = await self._ask(data)
                if isinstance(answer, Exception):
                    raise answer
                return cast("_Result", answer)
        raise StoreError(
            "The search has broken off; see that there is enough memory, and ask again."
        )

    async def close(self) -> None:
        """End the process, whatever it does."""
        self._running.cancel()
        await asyncio.wait([self._running])

    async def _ask(self, data: bytes) -> object:
        async with asyncio.timeout(_STARTS_WITHIN_S):
            stdin = await asyncio.shield(self._stdin)
        answer: Future[object] = self._loop.create_future()
        self._waiting.append(answer)
        stdin.write(data)
        return await answer

    async def _run(self) -> None:
        while True:
            with suppress(OSError, IncompleteReadError):
                async with python_process(_RUN, *self._arguments) as process:
                    self._stdin.set_result(cast("StreamWriter", process.stdin))
                    await self._hear(cast("StreamReader", process.stdout))
            await asyncio.sleep(_AGAIN_AFTER_S)

    async def _hear(self, stdout: StreamReader) -> None:
        try:
            while True:
                heard = await receive(stdout)
                answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_result(heard)
        finally:
            self._stdin = self._loop.create_future()
            while self._waiting:
                answer = self._waiting.popleft()
                if not answer.done():
                    answer.set_exception(_EndedError)


def main() -> None:
    """Read what is asked for on stdin, of the database, index file and sources in the arguments."""
    import index.answers.pipeline  # noqa: F401, PLC0415 - here, so that the first question does not wait

    database, file, *sources = sys.argv[1:]
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    give_way(SEARCHES)
    files = IndexFiles(Path(file), sources)
    with closing(ReadConnection(Path(database))) as connection:

        @lru_cache(maxsize=1)
        def corpus_of(snapshot_id: str) -> Searcher:
            searcher = open_searcher(connection, files, snapshot_id)
            if searcher is None:
                raise stale_index()
            return searcher

        for snapshot_id, query_fn in received(sys.stdin.buffer):
            try:
                answer = packed(query_fn(corpus_of(snapshot_id)))
            except ClipdeskError as error:
                answer = packed(error)
            except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits
                # Without its message, which can hold what was asked.
                frame = traceback.extract_tb(error.__traceback__)[-1]
                kind = type(error).__name__
                _log.error("A search failed: %s in %s:%s", kind, frame.name, frame.lineno)
                answer = packed(RuntimeError("a search failed; the log says where"))
            out.write(answer)
            out.flush()
