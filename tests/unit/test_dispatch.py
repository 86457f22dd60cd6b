"""Reading in a process: the same batches, with back-pressure, and no process left behind."""

import asyncio
import gzip
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

import documents
from index.engine import SearchEngine, open_engine
from index.errors import StoreError
from index.indexing import dispatch
from index.indexing.read_batches import PendingItem, estimate_read_s, read_batches
from index.sources.http_result import HttpResult, Validators
from index.sources.source import Source, list_items, web_item
from index.store.records import ItemRecord
from waiting import until

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

QUESTION = "When does the ferry leave?"
NOTHING_KNOWN = Path("no.db")


READS, BUILDS = "index.indexing.read_worker", "index.indexing.building"


class Running(NamedTuple):
    """A process that has not ended; it sleeps while it waits."""

    pid: int
    parent: int
    session: int
    command: str
    sleeps: bool


def running() -> Iterator[Running]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended meanwhile
            continue
        if state != "Z":
            yield Running(int(folder.name), int(parent), int(session), command, state == "S")


def children() -> list[Running]:
    own = (one for one in running() if one.parent == os.getpid())
    return [one for one in own if READS in one.command]


def bytes_read(reader: Running, name: str) -> int:
    """The read offset of a process in the open file of that name."""
    files = Path(f"/proc/{reader.pid}/fd")
    numbers = [one.name for one in files.iterdir() if one.resolve().name == name]
    if not numbers:
        return 0
    return int((files.parent / "fdinfo" / numbers[0]).read_text().split()[1])


def write_archive(path: Path, articles: int, size: int = 1_000) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(articles):
            text = f"The ferry {number} leaves at noon. {'x' * size}"
            print(json.dumps({"id": str(number), "text": text}), file=file)


def pending(folder: Path) -> list[PendingItem]:
    return [PendingItem(str(folder), item, None) for item in list_items(Source(str(folder))).items]


async def test_process_and_thread_read_the_same_batches(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (
        ("a.md", "---\ntitle: Ä\npublished: 2020-11-12\n---\n\nOne.\n\nTwo."),
        (
            "b.html",
            f"<html><body><article><p>{'A ferry leaves. ' * 30}</p></article></body></html>",
        ),
        ("broken.md", "---\ntitle: [\n---\nOne."),
        ("empty.txt", ""),
        ("heading.md", "# Only a heading"),
        ("pipe.md", "One."),
        ("same.md", "One."),
        ("twice.jsonl", '{"id": 1, "text": "One."}\n{"id": 1, "text": "Two."}\n{"id": 2'),
    ):
        (folder / name).write_text(text, "utf-8")
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"text": "One."}\n' * 300)[:-9])
    write_archive(folder / "many.jsonl", 250)
    write_archive(folder / "long.jsonl", 3, size=1_000_000)
    items = pending(folder)
    (folder / "pipe.md").unlink()
    os.mkfifo(folder / "pipe.md")
    address = "https://eldholm.example/harbour.md"
    fetched = HttpResult(address, b"# Harbour\n\nOne.", "text/markdown", "", Validators())
    items.append(PendingItem(address, web_item(Source(address), fetched), None))
    known = ItemRecord(1, "", next(one.item.digest() for one in items if one.item.name == "same"))
    items = [replace(one, record=known) if one.item.name == "same" else one for one in items]
    here = list(read_batches(items, NOTHING_KNOWN))
    assert {one.number for one in here} == set(range(len(items)))
    assert len(here) == len(items) + 3 + 2 + 3  # cut, many, long

    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "index.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setattr(dispatch, "PROCESS_FROM_S", -1)
    async with aclosing(dispatch.read_items(items, NOTHING_KNOWN)) as batches:
        assert [batch async for batch in batches] == here


@pytest.mark.long
async def test_a_process_takes_over_from_a_thread_that_takes_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "b.md", "c.md"):
        (folder / name).write_text("One.", "utf-8")
    items = pending(folder)
    here = list(read_batches(items, NOTHING_KNOWN))
    monkeypatch.setattr(dispatch, "_PATIENCE_S", 0)
    async with aclosing(dispatch.read_items(items, NOTHING_KNOWN)) as batches:
        assert [batch async for batch in batches] == here


@pytest.mark.long
async def test_a_large_page_is_read_in_a_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(dispatch, "_in_thread")
    (folder / "a.html").write_text(f"<p>{'The ferry leaves. ' * 60_000}", "utf-8")
    async with aclosing(dispatch.read_items(pending(folder), None)) as batches:
        assert sum([len(batch.pages) async for batch in batches]) == 1


async def test_what_a_library_in_c_reads_is_read_in_a_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(dispatch, "_in_thread")
    (folder / "a.pdf").write_bytes(documents.pdf([documents.column(["The ferry leaves."])]))
    async with aclosing(dispatch.read_items(pending(folder), None)) as batches:
        assert [one.pages[0].paragraphs async for one in batches] == [("The ferry leaves.",)]  # type: ignore[union-attr]


async def test_few_items_are_read_in_a_thread(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(dispatch, "python_process")
    write_archive(folder / "a.jsonl", 3_000)
    items = pending(folder)
    assert estimate_read_s(items) < dispatch.PROCESS_FROM_S < estimate_read_s(items * 10)
    async with aclosing(dispatch.read_items(items, NOTHING_KNOWN)) as batches:
        assert len([batch async for batch in batches]) == 30 + 1


@linux
async def test_reading_pauses_until_batches_are_taken(folder: Path) -> None:
    write_archive(folder / "a.jsonl", 20_000)
    async with aclosing(dispatch.read_items(pending(folder), NOTHING_KNOWN)) as batches:
        first = await anext(batches)
        await until(lambda: children()[0].sleeps)  # as its pipe is full
        assert 0 < bytes_read(children()[0], "a.jsonl") < 6 * first.bytes_read < 1_000_000
    assert not children()


@pytest.fixture
async def engine(folder: Path, tmp_path: Path) -> AsyncIterator[SearchEngine]:
    """An engine that answers from a note, with a large archive beside it still to be read."""
    (folder / "note.md").write_text("The ferry leaves at dawn.", "utf-8")
    async with open_engine(str(tmp_path / "clipdesk.db"), [Source(str(folder))]) as opened:
        await opened.reindex()
        (folder / "note.md").write_text("The ferry leaves at dusk.", "utf-8")
        write_archive(folder / "a.jsonl", 20_000)
        yield opened


async def answers(engine: SearchEngine) -> str:
    await engine.load()
    return (await engine.ask(QUESTION)).hits[0].sentence


@linux
async def test_killed_read_worker_leaves_the_old_index(engine: SearchEngine, folder: Path) -> None:
    def kill(what: str, done: int, _total: int) -> None:
        if what == "Reading" and done:
            for child in children():
                os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(StoreError, match="its process ended"):
        await engine.reindex(kill)
    assert "dawn" in await answers(engine)
    (folder / "a.jsonl").unlink()
    assert (await engine.reindex()).changed == 1


@pytest.mark.long
@linux
@pytest.mark.parametrize(
    ("number", "why"),
    [(signal.SIGPROF, "takes too long"), (signal.SIGSEGV, "fails within a library")],
)
async def test_item_that_ends_its_process_costs_itself(
    engine: SearchEngine, folder: Path, number: signal.Signals, why: str
) -> None:
    (folder / "z.md").write_text("The bridge opens at ten.", "utf-8")
    ended: list[int] = []

    def end(what: str, done: int, _total: int) -> None:
        if what == "Reading" and done and not ended:
            ended.extend(child.pid for child in children())
            os.kill(ended[0], number)

    report = await engine.reindex(end)
    assert [one.name for one in report.skipped] == [str(folder / "a.jsonl")]
    assert why in report.skipped[0].reason
    assert "dusk" in await answers(engine)
    assert "ten" in (await engine.ask("When does the bridge open?")).hits[0].sentence


@linux
async def test_cancelled_reindex_leaves_no_process_and_the_old_index(
    engine: SearchEngine,
) -> None:
    reading = asyncio.Event()

    def note(what: str, done: int, _total: int) -> None:
        if what == "Reading" and done:
            reading.set()

    task = asyncio.create_task(engine.reindex(note))
    await reading.wait()
    assert len(children()) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not children()
    assert "dawn" in await answers(engine)


async def test_progress_moves_while_one_archive_is_read(folder: Path, tmp_path: Path) -> None:
    write_archive(folder / "a.jsonl", 1_000)
    (folder / "b.jsonl.gz").write_bytes(gzip.compress((folder / "a.jsonl").read_bytes()))
    size = sum(one.item.size for one in pending(folder))
    calls: list[tuple[str, int, int]] = []
    async with open_engine(str(tmp_path / "clipdesk.db"), [Source(str(folder))]) as engine:
        await engine.reindex(lambda *what: calls.append(what))
    assert {total for what, _, total in calls if what == "Reading"} == {size}
    shares = [done for what, done, _ in calls if what == "Reading"]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, size)
    assert len({*shares}) > 10


_STOPPED = [
    pytest.param("indexing", signal.SIGTERM),
    *(
        pytest.param(*kind, marks=pytest.mark.long)
        for kind in (
            *(("indexing", signal.SIGINT), ("indexing", signal.SIGKILL)),
            *(("reading", number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)),
        )
    ),
]


@linux
@pytest.mark.parametrize(("doing", "number"), _STOPPED)
async def test_stopped_program_leaves_no_process(
    folder: Path, tmp_path: Path, doing: str, number: signal.Signals
) -> None:
    """The worker is halted until the signal is sent, so that it cannot have ended before."""
    articles, size = (20_000, 1_000) if doing == "reading" else (30_000, 1)
    write_archive(folder / "a.jsonl", articles, size)
    options = ("reindex", "--coverage", str(folder), "--database", str(tmp_path / "clipdesk.db"))
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *options), start_new_session=True
    )

    def left() -> list[Running]:
        return [one for one in running() if one.session == program.pid]

    async def worker(work: str) -> Running:
        await until(lambda: any(work in one.command for one in left()))
        return next(one for one in left() if work in one.command)

    def has_workers(builder: Running) -> bool:
        alone = len(os.sched_getaffinity(0)) == 1
        return alone or any(one.parent == builder.pid for one in left())

    try:
        if doing == "reading":
            reader = await worker(READS)
            os.kill(program.pid, signal.SIGSTOP)  # and so its pipe fills up
            await until(lambda: bytes_read(reader, "a.jsonl"))
            os.kill(program.pid, number)
            os.kill(program.pid, signal.SIGCONT)
        else:
            builder = await worker(BUILDS)
            await until(lambda: has_workers(builder))
            os.kill(builder.pid, signal.SIGSTOP)
            os.kill(program.pid, number)
            os.kill(builder.pid, signal.SIGCONT)
        code = await program.wait()
        assert code == (1 if number == signal.SIGINT else -number)
        await until(lambda: not left())
    finally:
        for one in left():
            os.kill(one.pid, signal.SIGKILL)
