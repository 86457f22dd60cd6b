"""The door to the index: open it, ask it, bring it up to date."""

import asyncio
import datetime as dt
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

from index import __version__
from index.answers.reference import find, neighbours
from index.answers.tuning import Tuning
from index.corpus.corpus import Corpus
from index.corpus.index_files import IndexFiles, index_file
from index.coverage.fetched import Fetched, Validators
from index.coverage.sources import Source
from index.errors import OutdatedError, ReindexRunningError, StoreError
from index.model import Answer, Hit, Passage, Reference, Report, Status
from index.reindex.apart import build_index
from index.reindex.reindexing import Fetch, Progress, reindex
from index.search_process import SearchProcess
from index.storage.store import MEMORY, Store, now, open_store
from index.stored import Reader, open_corpus

# Passages from which on a search in a process of its own pays for the 60 MB that it takes.
_WORTH_A_PROCESS = 1_000

_LOOK_EVERY_S = 10.0  # for what another process may have indexed

_TRIES = 2  # another process may index something else meanwhile

_CHECKED = "sources checked"  # the key of a note

_Read = TypeVar("_Read")


def _no_progress(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


class Desk:
    """The coverage of some sources: what is stored of it, and the generation that answers.

    Questions are answered by the generation that was whole last; a reindex swaps in a new one when
    all of it is there, and leaves the old one where it fails.
    """

    def __init__(
        self, store: Store, sources: Sequence[Source], tuning: Tuning, fetch: Fetch
    ) -> None:
        self.store = store
        self._reader = Reader(store.file)
        self._tuning = tuning
        self.sources = tuple(sources)
        self._locations = [source.location for source in self.sources]
        self._files = IndexFiles(index_file(store.file), self._locations)
        self._stays = self._crowd = False
        self._process: SearchProcess | None = None
        self.corpus = Corpus.of(())
        self._fetch = fetch
        self._checked = ""  # by this process
        self._reindexing = asyncio.Lock()
        self._indexing = asyncio.Lock()
        self._looked = -math.inf  # seconds of the monotonic clock
        self._generation: str | None = None  # the one that `corpus` is of
        # One thread: the analyzer is not for two, and the interpreter would run only one anyway.
        self._searcher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

    async def ask(
        self,
        question: str,
        *,
        before: str | None = None,
        top: int = 3,
        more: int = 0,
        asked: dt.date | None = None,
    ) -> Answer:
        """The answer to `question`; see `asking.ask`. Raises QuestionError and StoreError."""
        from index.asking import ask  # noqa: PLC0415 - slow to import, and only for questions

        reading = partial(
            ask,
            question=question,
            before=before,
            top=top,
            more=more,
            tuning=self._tuning,
            asked=asked,
        )
        await self._look_around()
        return await self._newest(partial(self._search, reading))

    async def _search(self, reading: Callable[[Corpus], _Read]) -> _Read:
        if self._process is None or self._generation is None:
            return await self._in_thread(reading, self._searcher)
        return await self._process.read(self._generation, reading)

    async def _look_around(self) -> None:
        """Take over, now and then, what another process has indexed meanwhile."""
        due = time.monotonic() - self._looked >= _LOOK_EVERY_S
        if self._stays and due and not self._reindexing.locked():
            self._looked = time.monotonic()
            if await self._is_outdated():
                await self.load()

    async def find(self, reference: Reference) -> Hit | None:
        """The passage that was once found; None where it is no longer in the coverage."""
        found = await self.read(partial(find, reference=reference))
        if found is None and await self._is_outdated() and await self.load():
            found = await self.read(partial(find, reference=reference))
        return found

    async def neighbours(self, passage: Passage) -> tuple[str, str]:
        """The paragraphs before and after a passage; empty where there is none."""
        return await self.read(partial(neighbours, passage=passage))

    async def read(self, reading: Callable[[Corpus], _Read]) -> _Read:
        """What is read, in a thread, of the corpus that answers, or of a newer one if that is gone.

        Raises what `reading` does, and StoreError.
        """
        return await self._newest(partial(self._in_thread, reading))

    async def _newest(self, read: Callable[[], Awaitable[_Read]]) -> _Read:
        try:
            return await read()
        except OutdatedError:  # another process has reindexed
            await self.refresh()
            return await read()

    async def _in_thread(
        self, reading: Callable[[Corpus], _Read], thread: Executor | None = None
    ) -> _Read:
        def read() -> _Read:
            return reading(self.corpus)  # the newest, when it is its turn

        return await asyncio.get_running_loop().run_in_executor(thread, read)

    async def load(self) -> bool:
        """Answer from the index file of the newest generation; False where there is none.

        Raises StoreError.
        """
        generation = await self.store.generation()
        corpus = await asyncio.to_thread(open_corpus, self._reader, self._files, generation)
        if corpus is None:
            return False
        self.corpus, self._generation = corpus, generation
        self._prepare()
        return True

    async def _is_outdated(self) -> bool:
        """Whether another generation is stored than the one that answers."""
        return self._generation != await self.store.generation()

    async def refresh(self, progress: Progress = _no_progress) -> None:
        """Answer from the newest generation; its index file is made where there is none yet.

        Raises StoreError, and then the old generation goes on answering.
        """
        async with self._indexing:  # many questions at once may find that it is outdated
            if await self._is_outdated() and not await self.load():
                await self._build(progress)

    async def _build(self, progress: Progress) -> None:
        progress("Indexing", 0, 1)
        told = partial(progress, "Indexing")
        for _ in range(_TRIES):
            try:
                await build_index(self.store.file, self._files, told, crowd=self._crowd)
            except OSError as error:
                raise StoreError(
                    "The index file {path} cannot be written ({why}); "
                    "check its disk and permissions, or choose another place with --database.",
                    path=self._files.path,
                    why=error.strerror,
                ) from error
            if await self.load():
                return
        raise StoreError(
            "The index file {path} cannot be read back; check its disk.", path=self._files.path
        )

    def stay(self, *, crowd: bool = False) -> None:
        """Keep up from now on with what others index: this process is to answer many questions.

        For a `crowd`, whose questions come while others are answered, in a process of its own.
        """
        import index.asking  # noqa: F401, PLC0415 - so that no question waits for it

        self._stays, self._crowd = True, crowd
        self._prepare()

    def _prepare(self) -> None:
        """Make ready for a crowd, where there is enough to search."""
        if self._crowd and self.corpus.size >= _WORTH_A_PROCESS:
            self._process = self._process or SearchProcess(
                self.store.file, self._files.path, self._locations
            )

    async def reindex(self, progress: Progress = _no_progress, *, thorough: bool = True) -> Report:
        """Bring the coverage up to what the sources hold; see `reindexing.reindex`.

        Raises ReindexRunningError while another one runs, and StoreError.
        """
        if self._reindexing.locked():
            raise ReindexRunningError("A reindex is already running; wait for its report.")
        async with self._reindexing:
            started = time.perf_counter()
            changes = await reindex(
                self.store, self.sources, fetch=self._fetch, thorough=thorough, progress=progress
            )
            await self.refresh(progress)
            await self.store.collect()
            await self._note_check(thorough=thorough)
            return Report(
                added=changes.added,
                changed=changes.changed,
                removed=changes.removed,
                unchanged=len(self.corpus.articles) - changes.added - changes.changed,
                skipped=tuple(changes.skipped),
                warnings=tuple(changes.warnings),
                articles=len(self.corpus.articles),
                paragraphs=self.corpus.size,
                took_s=time.perf_counter() - started,
            )

    async def _note_check(self, *, thorough: bool) -> None:
        """Note that the sources were looked through; only a thorough time is worth writing down.

        Otherwise addresses are not asked, and each question on the command line would write.
        """
        if thorough or not any(source.is_web for source in self.sources):
            self._checked = now()
        if thorough:
            with suppress(StoreError):  # the reindex itself is done
                await self.store.notes.keep(_CHECKED, self._checked.encode())

    async def _last_check(self) -> str:
        kept = await self.store.notes.recall(_CHECKED) or b""
        # What has changed was looked at, too.
        return max(self._checked, kept.decode(), await self.store.last_reindex())

    async def status(self) -> Status:
        """What there is to know of the index now."""
        return Status(
            articles=len(self.corpus.articles),
            paragraphs=self.corpus.size,
            sources=tuple(self._locations),
            indexed=await self.store.last_reindex(),
            checked=await self._last_check(),
            database=self.store.path,
            kept=self.store.path != MEMORY,
            version=__version__,
            sqlite=sqlite3.sqlite_version,
        )

    async def close(self) -> None:
        """Let go of the search, and of the database."""
        if self._process:
            await self._process.close()
        self._searcher.shutdown()
        self._reader.close()


@asynccontextmanager
async def open_desk(
    database: str,
    sources: Iterable[Source],
    tuning: Tuning = Tuning(),  # noqa: B008 - it is frozen
    *,
    allow_loopback: bool = False,
) -> AsyncIterator[Desk]:
    """A desk over the database at that path (`store.MEMORY` for none that is kept).

    Nothing answers before the first `reindex`. Raises StoreError.
    """
    async with open_store(database) as store:
        desk = Desk(store, list(sources), tuning, partial(_fetch, allow_loopback=allow_loopback))
        try:
            yield desk
        finally:
            await desk.close()


async def _fetch(url: str, *, validators: Validators, allow_loopback: bool) -> Fetched | None:
    from index.coverage.web import fetch  # noqa: PLC0415 - slow to import, and seldom needed

    return await fetch(url, validators=validators, allow_loopback=allow_loopback)
