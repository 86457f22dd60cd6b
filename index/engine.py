"""The search engine: opens the index, answers questions from it, and keeps it up to date."""

import asyncio
import datetime as dt
import math
import sqlite3
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

from index.analysis.languages import ENGLISH
from index.answers.config import AnswerConfig
from index.answers.references import neighbours, paragraphs_of, resolve_ref
from index.errors import ClipdeskError, ReindexRunningError, StaleIndexError, StoreError
from index.indexing.dispatch import build_index
from index.indexing.reindex import Fetch, reindex
from index.interface import Progress
from index.model import Answer, Article, Hit, Passage, Reference, Report, Status
from index.retrieval.embedded.index_files import IndexFiles, index_file
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.embedded.sqlite_documents import open_newest_searcher, open_searcher
from index.retrieval.sources import Sources
from index.sources.http_result import HttpResult, Validators
from index.sources.source import Source
from index.store.instance_lock import single_instance
from index.store.key_values import KeyValueStore
from index.store.read_connection import ReadConnection
from index.store.recovery import store_errors
from index.store.store import MEMORY, Store, now, open_store
from index.version import __version__
from index.workers.search_worker import SearchWorker

# Below, a search worker is not worth its 60 MB.
_MIN_PASSAGES_FOR_WORKER = 1_000

_POLL_EVERY_S = 10.0  # for indexes written by other processes

_BUILD_ATTEMPTS = 2  # another process may commit another snapshot meanwhile

_CHECKED_KEY = "sources checked"

_Result = TypeVar("_Result")


def _no_progress(_what: str, _done: int, _total: int) -> None:
    """Ignore the progress."""


class SearchEngine:
    """The stored coverage of some sources, and the searcher over its newest complete snapshot.

    A reindex replaces the searcher once the new snapshot is complete; if it fails, the old snapshot
    continues to answer. `tests/unit/test_engine_contract.py` is the contract of the methods.
    """

    def __init__(
        self, store: Store, sources: Sequence[Source], config: AnswerConfig, fetch_page: Fetch
    ) -> None:
        self.store = store
        self.sources = tuple(sources)
        self.searcher = Searcher.of(())
        self._connection = ReadConnection(store.file)
        self._config = config
        self._fetch = fetch_page
        self._locations = [source.location for source in self.sources]
        self._files = IndexFiles(index_file(store.file), self._locations)
        self._polls = self._dedicated_process = False
        self._worker: SearchWorker | None = None
        self._failure = ""  # of the last reindex
        self._checked = ""  # when this process last checked the sources; ISO 8601
        self._reindexing = asyncio.Lock()
        self._refreshing = asyncio.Lock()
        self._polled_at = -math.inf  # seconds of the monotonic clock
        self._snapshot_id: str | None = None  # of `searcher`
        # One thread: the analyzer is not thread-safe, and the interpreter runs one at a time.
        self._search_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

    @property
    def database(self) -> str:
        """The path of the database, as given by the owner."""
        return self.store.path

    @property
    def key_values(self) -> KeyValueStore:
        """The bot's own key-value store in the database."""
        return self.store.key_values

    @property
    def size(self) -> tuple[int, int]:
        """The numbers of indexed articles and paragraphs."""
        return len(self.searcher.articles), self.searcher.size

    @property
    def source_names(self) -> Sources:
        """The publishers and authors that a question can be filtered by."""
        return self.searcher.sources

    @property
    def version(self) -> object:
        """An object that is replaced whenever the indexed articles change."""
        return self.searcher

    async def ask(  # noqa: PLR0913 - each but the question can be left to its default
        self,
        question: str,
        *,
        previous: str | None = None,
        top: int = 3,
        more: int = 0,
        asked_on: dt.date | None = None,
        hurry: bool = False,
    ) -> Answer:
        """Answer a question, in a `hurry` without readers; see `pipeline.answer`.

        Raises QuestionError and StoreError.
        """
        from index.answers.pipeline import answer  # noqa: PLC0415 - slow to import

        query_fn = partial(
            answer,
            question=question,
            previous=previous,
            top=top,
            more=more,
            config=replace(self._config, reader=self._config.reader and not hurry),
            asked_on=asked_on,
        )
        await self._poll_for_updates()
        return await self._retry_if_stale(partial(self._search, query_fn))

    async def articles(self) -> list[Article]:
        """All articles, in the order of the sources. Raises StoreError."""
        return await self.run(lambda searcher: [*searcher.articles])

    async def paragraphs_of(self, article: Article) -> list[str] | None:
        """The paragraphs of an article; None if it has changed or is gone. Raises StoreError."""
        return await self.run(partial(paragraphs_of, article=article))

    async def resolve_ref(self, reference: Reference) -> Hit | None:
        """The passage of a reference, as a hit; None if it is gone. Raises StoreError."""
        found = await self.run(partial(resolve_ref, reference=reference))
        if found is None and await self._is_stale() and await self.load():
            found = await self.run(partial(resolve_ref, reference=reference))
        return found

    async def neighbours(self, passage: Passage) -> tuple[str, str]:
        """The paragraphs before and after a passage; empty at the ends. Raises StoreError."""
        return await self.run(partial(neighbours, passage=passage))

    async def run(self, query_fn: Callable[[Searcher], _Result]) -> _Result:
        """Run a function on the searcher, in a thread; once more on a newer one if it is stale.

        Raises StoreError, and the function's own errors.
        """
        return await self._retry_if_stale(partial(self._in_thread, query_fn))

    async def _search(self, query_fn: Callable[[Searcher], _Result]) -> _Result:
        if self._worker is None or self._snapshot_id is None:
            return await self._in_thread(query_fn, self._search_thread)
        return await self._worker.run(self._snapshot_id, query_fn)

    async def _in_thread(
        self, query_fn: Callable[[Searcher], _Result], thread: Executor | None = None
    ) -> _Result:
        def call() -> _Result:
            return query_fn(self.searcher)  # the newest when the thread is free

        return await asyncio.get_running_loop().run_in_executor(thread, call)

    async def _retry_if_stale(self, attempt: Callable[[], Awaitable[_Result]]) -> _Result:
        try:
            return await attempt()
        except StaleIndexError:  # another process has reindexed
            await self.refresh()
            return await attempt()

    async def _poll_for_updates(self) -> None:
        """Load the newest snapshot of another process, at most every `_POLL_EVERY_S`."""
        due = time.monotonic() - self._polled_at >= _POLL_EVERY_S
        if self._polls and due and not self._reindexing.locked():
            self._polled_at = time.monotonic()
            if await self._is_stale():
                await self.load()

    async def _is_stale(self) -> bool:
        """True if the newest committed snapshot is another than that of the searcher."""
        return self._snapshot_id != await self.store.snapshot_id()

    async def load(self) -> bool:
        """Open the newest snapshot; False if it has no index files. Raises StoreError.

        Then the one before answers, where that has: a reindex may have ended, or failed, before it
        could write them.
        """
        snapshot_id = await self.store.snapshot_id()
        searcher = await asyncio.to_thread(
            open_searcher, self._connection, self._files, snapshot_id
        )
        if searcher:
            self._use(snapshot_id, searcher)
            return True
        if self._snapshot_id is None and snapshot_id:
            before = await asyncio.to_thread(open_newest_searcher, self._connection, self._files)
            if before:
                self._use(*before)
        return False

    def _use(self, snapshot_id: str, searcher: Searcher) -> None:
        self.searcher, self._snapshot_id = searcher, snapshot_id
        self._prepare_search()

    async def refresh(self, progress: Progress = _no_progress) -> None:
        """Open the newest snapshot; build its index files if there are none yet.

        Raises StoreError; then the old snapshot continues to answer.
        """
        async with self._refreshing:  # many questions at once may find it stale
            if await self._is_stale() and not await self.load():
                await self._build(progress)

    async def _build(self, progress: Progress) -> None:
        progress("Indexing", 0, 1)
        for _ in range(_BUILD_ATTEMPTS):
            try:
                with store_errors(self.store.file, self.store.path):
                    await build_index(
                        self.store.file,
                        self._files,
                        partial(progress, "Indexing"),
                        dedicated_process=self._dedicated_process,
                    )
            except OSError as error:
                raise StoreError(
                    "The index file {path} cannot be written ({why}); check the disk and "
                    "permissions, or choose another location with --database.",
                    path=self._files.path,
                    why=error.strerror,
                ) from error
            if await self.load():
                return
        raise StoreError(
            "The index file {path} cannot be read back; check the disk.", path=self._files.path
        )

    def keep_fresh(self, *, dedicated_process: bool = False) -> None:
        """Poll from now on for indexes written by other processes, as suits a long-running one.

        With a dedicated process, large coverage is searched by a worker, so that a search does not
        block the event loop.
        """
        import index.answers.pipeline  # noqa: F401, PLC0415 - so that no question waits for the import

        self._polls, self._dedicated_process = True, dedicated_process
        self._prepare_search()

    @contextmanager
    def single_instance(self) -> Iterator[None]:
        """Lock the database against other bots within the block; a no-op for `MEMORY`.

        Raises AnotherInstanceError, and StoreError if the lock file is not ours.
        """
        with nullcontext() if self.database == MEMORY else single_instance(self.store.file):
            yield

    def _prepare_search(self) -> None:
        """Start the worker, or load the readers here if there is none: that takes a second."""
        if self._dedicated_process and self.searcher.size >= _MIN_PASSAGES_FOR_WORKER:
            self._worker = self._worker or SearchWorker(
                self.store.file, self._files.path, self._locations
            )
        elif self._polls and self._config.reader and ENGLISH in self.searcher.languages:
            from index.answers.cross_encoder import shipped_readers  # noqa: PLC0415 - slow to import

            self._search_thread.submit(shipped_readers, self.searcher.size)

    async def reindex(self, progress: Progress = _no_progress, *, thorough: bool = True) -> Report:
        """Bring the index up to date with the sources; see `indexing.reindex.reindex`.

        Raises ReindexRunningError while another reindex runs, and StoreError; `status` then tells
        the reason.
        """
        if self._reindexing.locked():
            raise ReindexRunningError("A reindex is already running; wait for its report.")
        async with self._reindexing:
            try:
                report = await self._reindex(progress, thorough=thorough)
            except ClipdeskError as error:
                self._failure = str(error)
                raise
            except Exception as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                failure = StoreError(
                    "Indexing failed ({why}); please report this.",
                    why=f"{type(error).__name__} in {frame.name}:{frame.lineno}",
                )
                self._failure = str(failure)
                raise failure from error
            self._failure = ""
            return report

    async def _reindex(self, progress: Progress, *, thorough: bool) -> Report:
        started = time.perf_counter()
        changes = await reindex(
            self.store, self.sources, fetch=self._fetch, thorough=thorough, progress=progress
        )
        await self.refresh(progress)
        await self.store.collect()
        await self._record_check(thorough=thorough)
        articles, paragraphs = self.size
        return Report(
            added=changes.added,
            changed=changes.changed,
            removed=changes.removed,
            unchanged=articles - changes.added - changes.changed,
            skipped=tuple(changes.skipped),
            warnings=tuple(changes.warnings),
            articles=articles,
            paragraphs=paragraphs,
            took_s=time.perf_counter() - started,
        )

    async def _record_check(self, *, thorough: bool) -> None:
        """Record when the sources were checked; only a thorough check is stored.

        Other checks fetch no addresses, and would write on each question of the command line.
        """
        if thorough or not any(source.is_web for source in self.sources):
            self._checked = now()
        if thorough:
            with suppress(StoreError):  # the reindex itself has succeeded
                await self.key_values.put(_CHECKED_KEY, self._checked.encode())

    async def _last_check(self) -> str:
        stored = await self.key_values.get(_CHECKED_KEY) or b""
        # A reindex with changes is a check as well.
        return max(self._checked, stored.decode(), await self.store.last_reindex())

    async def status(self) -> Status:
        """The current state of the index. Raises StoreError."""
        articles, paragraphs = self.size
        return Status(
            articles=articles,
            paragraphs=paragraphs,
            sources=tuple(self._locations),
            indexed=await self.store.last_reindex(),
            checked=await self._last_check(),
            database=self.store.path,
            kept=self.store.path != MEMORY,
            version=__version__,
            sqlite=sqlite3.sqlite_version,
            failure=self._failure,
        )

    async def close(self) -> None:
        """Stop the search worker and the search thread, and close the read connection."""
        if self._worker:
            await self._worker.close()
        self._search_thread.shutdown()
        self._connection.close()


@asynccontextmanager
async def open_engine(
    database: str,
    sources: Iterable[Source],
    config: AnswerConfig = AnswerConfig(),  # noqa: B008 - it is frozen
    *,
    allow_loopback: bool = False,
) -> AsyncIterator[SearchEngine]:
    """Open an engine over the database at that path; with `MEMORY`, nothing is kept.

    Nothing is found before `load` or the first `reindex`. Raises StoreError.
    """
    async with open_store(database) as store:
        engine = SearchEngine(
            store, list(sources), config, partial(_fetch, allow_loopback=allow_loopback)
        )
        try:
            yield engine
        finally:
            await engine.close()


async def _fetch(url: str, *, validators: Validators, allow_loopback: bool) -> HttpResult | None:
    from index.sources.web import fetch  # noqa: PLC0415 - slow to import, and rarely needed

    return await fetch(url, validators=validators, allow_loopback=allow_loopback)
