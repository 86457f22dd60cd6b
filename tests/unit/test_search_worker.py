"""Search in a process of its own: the same is found, and whatever becomes of it, all are told."""

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
from index import engine as desks
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
    """A process that searches, and the generation that is stored."""

    process: SearchWorker
    generation: str

    async def size(self) -> int:
        return await self.process.run(self.generation, attrgetter("size"))

    async def asked(self, number: int) -> None:
        """Wait until the process has been asked so many things that it has not answered."""
        await until(lambda: len(self.process._pending) == number)  # noqa: SLF001


@asynccontextmanager
async def searching(engine: SearchEngine) -> AsyncIterator[Search]:
    file, sources = engine.store.file, [one.location for one in engine.sources]
    process = SearchWorker(file, index_file(file), sources)
    yield Search(process, await engine.store.generation() or "")
    await process.close()


@pytest.fixture
async def search(engine: SearchEngine) -> AsyncIterator[Search]:
    async with searching(engine) as search:
        yield search


def children() -> list[int]:
    """The processes of ours that search."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            ours = int(parent) == os.getpid() and state != "Z"
            if ours and b"search_worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


async def test_the_same_is_found(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    here = await engine.ask(WHEN)
    monkeypatch.setattr(desks, "_MIN_PASSAGES_FOR_WORKER", 1)
    engine.keep_fresh(dedicated_process=True)
    there = await engine.ask(WHEN)
    assert there.hits == here.hits
    assert there.confidence == here.confidence
    with pytest.raises(QuestionError):
        await engine.ask("x" * 10_000)


async def test_the_newest_generation_answers(
    engine: SearchEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "_MIN_PASSAGES_FOR_WORKER", 1)
    engine.keep_fresh(dedicated_process=True)
    assert (await engine.ask(WHEN)).hits[0].sentence == "The ferry leaves at noon."
    (folder / "ferry.md").write_text("The ferry leaves at dawn.", "utf-8")
    await engine.reindex()
    assert (await engine.ask(WHEN)).hits[0].sentence == "The ferry leaves at dawn."


async def test_an_error_comes_back_with_its_parts(search: Search, engine: SearchEngine) -> None:
    reading = partial(
        answer, question="x" * 10_000, before=None, top=3, more=0, config=AnswerConfig(), asked=None
    )
    with pytest.raises(QuestionError) as there:
        await search.process.run(search.generation, reading)
    with pytest.raises(QuestionError) as here:
        reading(engine.searcher)
    assert str(there.value) == str(here.value)
    assert there.value.values == here.value.values


async def test_any_other_fault_is_told_without_what_was_asked(
    engine: SearchEngine, capfd: pytest.CaptureFixture[str]
) -> None:
    async with searching(engine) as search:
        for reading in (methodcaller("zanzibar"), attrgetter("articles")):  # which no pipe takes
            with pytest.raises(RuntimeError):
                await search.process.run(search.generation, reading)
        assert await search.size() == 2
    log = capfd.readouterr().err
    assert log.count("A search failed: ") == 2
    assert "zanzibar" not in log


async def test_another_generation_is_none(search: Search) -> None:
    with pytest.raises(StaleIndexError):
        await search.process.run("another", attrgetter("size"))
    assert await search.size() == 2


@linux
@pytest.mark.parametrize("busy", [False, True])
async def test_where_it_ends_another_answers(search: Search, *, busy: bool) -> None:
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
async def test_who_waits_no_more_takes_nobodys_answer(search: Search) -> None:
    await search.size()
    [process] = children()
    os.kill(process, signal.SIGSTOP)
    gone = asyncio.create_task(search.process.run(search.generation, methodcaller("__hash__")))
    other = asyncio.create_task(search.size())
    await search.asked(2)
    gone.cancel()
    os.kill(process, signal.SIGCONT)
    assert await other == 2


@linux
async def test_nothing_of_it_is_left(search: Search) -> None:
    await search.size()
    assert children()
    await search.process.close()
    assert not children()


async def test_where_none_lasts_it_is_told(database: Path, folder: Path) -> None:
    process = SearchWorker(database, index_file(database), [str(folder)])
    with pytest.raises(StoreError, match="broken off"):
        await process.run("any", attrgetter("size"))
    await process.close()
