"""The search worker gives the same answers; every caller gets a reply or an error."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from operator import attrgetter, methodcaller
from pathlib import Path
from typing import NamedTuple

import pytest

from index import QuestionError, SearchEngine, Source, StoreError, open_engine
from index import engine as engine_module
from index.answers.config import AnswerConfig
from index.answers.pipeline import answer
from index.errors import StaleIndexError
from index.retrieval.embedded.index_files import index_file
from index.workers.search_worker import SearchWorker
from waiting import until

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

WHEN = "When does the ferry leave?"


@pytest.fixture
async def engine(database: Path, folder: Path) -> AsyncIterator[SearchEngine]:
    (folder / "ferry.md").write_text("The ferry leaves at noon.\n\nIt is blue.", "utf-8")
    async with open_engine(str(database), [Source(str(folder))]) as opened:
        await opened.reindex()
        yield opened


class Search(NamedTuple):
    """A search worker, and the committed snapshot."""

    worker: SearchWorker
    snapshot_id: str

    async def size(self) -> int:
        return await self.worker.run(self.snapshot_id, attrgetter("size"))

    async def asked(self, number: int) -> None:
        """Wait until so many requests are pending."""
        await until(lambda: len(self.worker._pending) == number)  # noqa: SLF001


@asynccontextmanager
async def searching(engine: SearchEngine) -> AsyncIterator[Search]:
    file, sources = engine.store.file, [one.location for one in engine.sources]
    process = SearchWorker(file, index_file(file), sources)
    yield Search(process, await engine.store.snapshot_id() or "")
    await process.close()


@pytest.fixture
async def search(engine: SearchEngine) -> AsyncIterator[Search]:
    async with searching(engine) as search:
        yield search


def children() -> list[int]:
    """The search workers of this process."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            ours = int(parent) == os.getpid() and state != "Z"
            if ours and b"search_worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


async def test_worker_gives_the_same_answer(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await engine.ask(WHEN)
    monkeypatch.setattr(engine_module, "_MIN_PASSAGES_FOR_WORKER", 1)
    engine.keep_fresh(dedicated_process=True)
    there = await engine.ask(WHEN)
    assert there.hits == here.hits
    assert there.confidence == here.confidence
    with pytest.raises(QuestionError):
        await engine.ask("x" * 10_000)


async def test_newest_snapshot_answers(
    engine: SearchEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_MIN_PASSAGES_FOR_WORKER", 1)
    engine.keep_fresh(dedicated_process=True)
    assert (await engine.ask(WHEN)).hits[0].sentence == "The ferry leaves at noon."
    (folder / "ferry.md").write_text("The ferry leaves at dawn.", "utf-8")
    await engine.reindex()
    assert (await engine.ask(WHEN)).hits[0].sentence == "The ferry leaves at dawn."


async def test_error_keeps_its_message_and_values(search: Search, engine: SearchEngine) -> None:
    reading = partial(
        answer,
        question="x" * 10_000,
        previous=None,
        top=3,
        more=0,
        config=AnswerConfig(),
        asked_on=None,
    )
    with pytest.raises(QuestionError) as there:
        await search.worker.run(search.snapshot_id, reading)
    with pytest.raises(QuestionError) as here:
        reading(engine.searcher)
    assert str(there.value) == str(here.value)
    assert there.value.values == here.value.values


async def test_other_errors_are_logged_without_the_question(
    engine: SearchEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    async with searching(engine) as search:
        for reading in (
            methodcaller("zanzibar"),
            attrgetter("articles"),
        ):  # the second gives what cannot be pickled
            with pytest.raises(RuntimeError):
                await search.worker.run(search.snapshot_id, reading)
        assert await search.size() == 2
    log = capfd.readouterr().err
    assert log.count("A search failed: ") == 2
    assert "zanzibar" not in log


async def test_unknown_snapshot_is_stale(search: Search) -> None:
    with pytest.raises(StaleIndexError):
        await search.worker.run("another", attrgetter("size"))
    assert await search.size() == 2


@linux
@pytest.mark.parametrize("busy", [False, True])
async def test_killed_worker_is_replaced(search: Search, *, busy: bool) -> None:
    assert await search.size() == 2
    [first] = children()
    if busy:
        os.kill(first, signal.SIGSTOP)
    answers = [asyncio.create_task(search.size()) for _ in range(3)]
    if busy:
        await search.asked(3)
    os.kill(first, signal.SIGKILL)
    assert await asyncio.gather(*answers) == [2, 2, 2]
    assert first not in children()


@linux
async def test_cancelled_request_does_not_take_another_response(search: Search) -> None:
    await search.size()
    [process] = children()
    os.kill(process, signal.SIGSTOP)
    gone = asyncio.create_task(search.worker.run(search.snapshot_id, methodcaller("__hash__")))
    other = asyncio.create_task(search.size())
    await search.asked(2)
    gone.cancel()
    os.kill(process, signal.SIGCONT)
    assert await other == 2


@linux
async def test_close_leaves_no_process(search: Search) -> None:
    await search.size()
    assert children()
    await search.worker.close()
    assert not children()


async def test_worker_that_keeps_ending_raises_store_error(database: Path, folder: Path) -> None:
    process = SearchWorker(database, index_file(database), [str(folder)])
    with pytest.raises(StoreError, match="search process ended"):
        await process.run("any", attrgetter("size"))
    await process.close()
