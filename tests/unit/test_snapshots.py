"""Snapshots replace each other atomically, across processes and crashes."""

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bot.discord.commands.catalogue import CatalogueCache
from index import SearchEngine, Source, make_ref, open_engine
from index import engine as engine_module
from index.analysis.string_array import Arrays
from index.indexing import building, diff
from index.indexing.analyze import OnProgress
from index.indexing.dispatch import build_index
from index.retrieval.embedded import index_files
from index.retrieval.embedded.array_file import load
from index.retrieval.embedded.index_files import IndexFiles, index_file
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.embedded.sqlite_documents import open_searcher
from index.store.migrations import APPLICATION_ID, MIGRATIONS
from index.store.read_connection import ReadConnection
from index.store.store import open_store

WHEN = "When does the ferry leave?"

# For each number on stdin: reindexes in a process that is killed at that function call; prints the
# number of calls if it was not.
_KILLED = """
import asyncio, os, signal, sys, threading
from index import Source, open_engine

async def reindex():
    async with open_engine(sys.argv[1], [Source(sys.argv[2])]) as engine:
        await engine.reindex()

def reindex_until(last):
    calls = 0

    def count(_frame, event, _what):
        nonlocal calls
        calls += event in ("call", "c_call")
        if calls == last:
            os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)
    sys.setprofile(count)
    asyncio.run(reindex())
    sys.setprofile(None)
    print(calls, flush=True)
    os._exit(0)

for line in sys.stdin:
    child = os.fork()
    if not child:
        reindex_until(int(line))
    if os.waitpid(child, 0)[1]:
        print("killed", flush=True)
"""


def write(folder: Path, **texts: str) -> None:
    """Replace the articles of the folder."""
    lines = [
        json.dumps({"id": key, "title": f"The {key}", "text": text}) + "\n"
        for key, text in texts.items()
    ]
    (folder / "news.jsonl").write_text("".join(lines), "utf-8")


@pytest.fixture
async def engine(database: Path, folder: Path) -> AsyncIterator[SearchEngine]:
    """An engine whose coverage says that the ferry leaves at noon."""
    write(
        folder,
        ferry="The ferry leaves at noon.\nIt is blue.",
        bakery="The bakery sells rye bread.",
        mayor="The mayor of Eldholm resigns.",
    )
    async with open_engine(str(database), [Source(str(folder))]) as opened:
        await opened.reindex()
        yield opened


async def best_sentence(engine: SearchEngine, question: str = WHEN) -> str:
    """The highlighted sentence of the best hit."""
    return (await engine.ask(question)).hits[0].sentence


async def reindex_elsewhere(database: Path, folder: Path) -> None:
    """Run `clipdesk reindex` in another process."""
    command = ["-P", "-m", "bot", "reindex", "--database", str(database), "--coverage", str(folder)]
    run = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=folder.parent, stdout=subprocess.DEVNULL
    )
    assert await run.wait() == 0


async def test_the_old_snapshot_answers_while_the_new_one_is_built(
    engine: SearchEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, may_finish = asyncio.Event(), asyncio.Event()

    async def slow(
        database: Path, files: IndexFiles, on_progress: OnProgress, *, dedicated_process: bool
    ) -> None:
        started.set()
        await may_finish.wait()
        await build_index(database, files, on_progress, dedicated_process=dedicated_process)

    monkeypatch.setattr(engine_module, "build_index", slow)
    write(folder, ferry="The ferry leaves at midnight.")
    running = asyncio.create_task(engine.reindex())
    await started.wait()
    assert await best_sentence(engine) == "The ferry leaves at noon."
    [hit, *_] = (await engine.ask("What does the bakery sell?")).hits
    assert hit.sentence == "The bakery sells rye bread."
    assert await engine.resolve_ref(make_ref(hit.passage, hit.highlight)) is not None
    may_finish.set()
    report = await running
    assert (report.changed, report.removed, report.articles) == (1, 2, 1)
    assert await best_sentence(engine) == "The ferry leaves at midnight."
    assert await engine.resolve_ref(make_ref(hit.passage, hit.highlight)) is None
    with closing(sqlite3.connect(engine.store.file)) as db:
        assert db.execute("SELECT count(*) FROM article").fetchone() == (1,)


async def test_nothing_is_written_without_changes(engine: SearchEngine, database: Path) -> None:
    file = index_file(database)
    before = file.stat()
    with closing(sqlite3.connect(database)) as other:
        version = other.execute("PRAGMA data_version").fetchone()
        await engine.reindex(thorough=False)
        assert other.execute("PRAGMA data_version").fetchone() == version
    await engine.reindex()
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("delta", [False, True])
@pytest.mark.parametrize("ruin", ["missing", "cut", "changed", "of other analysis"])
async def test_an_unusable_index_file_is_rebuilt(
    engine: SearchEngine, folder: Path, ruin: str, *, delta: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = engine.store.file
    file = index_file(database)
    if delta:
        monkeypatch.setattr(building, "_LITTLE", 1.0)
        monkeypatch.setattr(diff, "_WORTH_KEEPING", 0.0)
        write(folder, ferry="The ferry leaves at noon.\nIt is blue.", mill="The mill grinds oats.")
        await engine.reindex()
        file = file.with_name(f"{file.name}.delta")
    whole = file.read_bytes()
    file.unlink()
    assert (
        await best_sentence(engine) == "The ferry leaves at noon."
    )  # a mapped file stays readable
    if ruin == "of other analysis":
        file.write_bytes(whole)
        monkeypatch.setitem(index_files._MADE_BY, "analysis", "of another time")  # noqa: SLF001
    elif ruin != "missing":
        middle = len(whole) // 2
        turned = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        file.write_bytes({"cut": whole[:middle], "changed": turned}[ruin])
    async with open_engine(str(database), [Source(str(folder))]) as other:
        assert not await other.load()
        await other.reindex(thorough=False)
        assert await best_sentence(other) == "The ferry leaves at noon."
        assert await other.load()


async def test_an_unchanged_main_file_is_not_read_again(
    engine: SearchEngine, folder: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_LITTLE", 1.0)
    read: list[str] = []

    def watched(path: Path, about: Mapping[str, str]) -> tuple[dict[str, str], Arrays]:
        read.append(path.name)
        return load(path, about)

    for when in ("at six", "at ten"):
        write(
            folder,
            ferry=f"The ferry leaves {when}.",
            bakery="The bakery sells rye bread.",
            mayor="The mayor of Eldholm resigns.",
        )
        async with open_engine(str(database), [Source(str(folder))]) as other:
            await other.reindex()
        with monkeypatch.context() as patch:
            patch.setattr(index_files, "load", watched)
            assert await best_sentence(engine) == f"The ferry leaves {when}."
    assert read == [f"{index_file(database).name}.delta"] * 2


async def test_sets_of_sources_do_not_mix(
    engine: SearchEngine, database: Path, tmp_path: Path
) -> None:
    (tmp_path / "note.md").write_text("The ferry leaves on Sunday.", "utf-8")
    async with open_engine(str(database), [Source(str(tmp_path / "note.md"))]) as other:
        await other.reindex()
        assert await best_sentence(other) == "The ferry leaves on Sunday."
        assert await best_sentence(engine) == "The ferry leaves at noon."
        await engine.reindex()
        assert await best_sentence(engine) == "The ferry leaves at noon."
        assert await best_sentence(other) == "The ferry leaves on Sunday."


async def test_a_reindex_by_another_process_is_noticed(
    engine: SearchEngine, database: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [hit, *_] = (await engine.ask(WHEN)).hits
    [blue, *_] = (await engine.ask("What is blue?")).hits
    catalogue, empty = CatalogueCache(engine), CatalogueCache(engine)
    assert await catalogue.find("The ferry")
    write(folder, ferry="The ferry leaves at midnight.\nIt is blue.\nIt is old.")
    await reindex_elsewhere(database, folder)
    opened: list[str] = []

    def watched(reader: ReadConnection, files: IndexFiles, snapshot_id: str) -> Searcher | None:
        opened.append(snapshot_id)
        return open_searcher(reader, files, snapshot_id)

    monkeypatch.setattr(engine_module, "open_searcher", watched)

    old = engine.searcher
    answers = await asyncio.gather(*(best_sentence(engine) for _ in range(5)))
    assert set(answers) == {"The ferry leaves at midnight."}
    assert len(opened) == 1

    def go_back() -> None:
        """Make the engine forget the new snapshot."""
        engine.searcher, engine._snapshot_id = old, "before"  # noqa: SLF001 - another process takes a second

    go_back()
    found = await engine.resolve_ref(make_ref(blue.passage, blue.highlight))
    assert found
    assert (found.passage.number, found.passage.article.paragraphs) == (2, 3)
    assert await engine.neighbours(found.passage) == ("The ferry leaves at midnight.", "It is old.")
    go_back()
    assert await engine.resolve_ref(make_ref(hit.passage, hit.highlight)) is None
    go_back()
    of_ferry = await catalogue.find("The ferry")
    assert of_ferry
    assert of_ferry[1] == ["The ferry leaves at midnight.", "It is blue.", "It is old."]
    assert await catalogue.find("The bakery") is None
    go_back()
    assert len(await empty.catalogue()) == 1
    go_back()
    assert [one.id for one in await engine.articles()] == ["ferry"]


async def test_a_restored_database_does_not_use_a_later_index(
    database: Path, folder: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    source = [Source(str(folder))]
    for time in ("noon", "midnight"):
        write(folder, ferry=f"The ferry leaves at {time}.", bakery=f"The bakery opens at {time}.")
        async with open_engine(str(database), source) as engine:
            await engine.reindex()
            assert await best_sentence(engine) == f"The ferry leaves at {time}."
        if time == "noon":
            shutil.copy(database, backup)
    shutil.copy(backup, database)
    async with open_engine(str(database), source) as engine:
        assert not await engine.load()
        await engine.refresh()
        assert await best_sentence(engine) == "The ferry leaves at noon."
    # Restored again, it gets other changes than before.
    shutil.copy(backup, database)
    write(folder, ferry="The ferry leaves at six.", bakery="The bakery opens at six.")
    async with open_engine(str(database), source) as engine:
        await engine.reindex()
        assert await best_sentence(engine) == "The ferry leaves at six."


async def test_migrated_databases_get_distinct_snapshot_ids(tmp_path: Path) -> None:
    names = set()
    for number in range(3):
        path = tmp_path / f"{number}.db"
        with closing(sqlite3.connect(path)) as db:
            for statement in (*MIGRATIONS[0], *MIGRATIONS[1]):
                db.execute(statement)
            db.execute("INSERT INTO reindex (row, finished) VALUES (1, '2021')")
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute("PRAGMA user_version = 2")
            db.commit()
        async with open_store(str(path)) as store:
            names.add(await store.snapshot_id())
    assert len(names - {""}) == 3


@pytest.mark.long
@pytest.mark.parametrize("changing", [200, 10])
async def test_a_killed_reindex_leaves_the_old_or_the_new_snapshot(
    database: Path, folder: Path, changing: int
) -> None:
    def write_all(version: int) -> None:
        versions = [version if n < changing else 0 for n in range(200)]
        leave = {f"ferry{n}": f"Ferry {n} leaves at {at}.\nSo." for n, at in enumerate(versions)}
        write(folder, **leave)

    async def versions() -> set[str]:
        """The versions of the coverage that answers come from."""
        async with open_engine(str(database), [Source(str(folder))]) as engine:
            await engine.refresh()
            assert len(engine.searcher.articles) == 200
            firsts = await engine.run(
                lambda searcher: [
                    searcher.passages_in(at)[0] for at in searcher.order[:changing].tolist()
                ]
            )
            hits = (await engine.ask("When does ferry 7 leave?")).hits
            firsts += [
                hit.passage
                for hit in hits
                if hit.passage.number == 1 and int(hit.passage.article.id[5:]) < changing
            ]
        return {passage.text.split()[-1].rstrip(".") for passage in firsts}

    write_all(0)
    async with open_engine(str(database), [Source(str(folder))]) as engine:
        await engine.reindex()
    write_all(1)
    stands, states = 1, []
    command = [sys.executable, "-c", _KILLED, str(database), str(folder)]
    with subprocess.Popen(  # noqa: ASYNC220 - our own; it is waited for anyway
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("0\n")
        calls = int(process.stdout.readline())
        for version in range(2, 22):
            write_all(version)
            process.stdin.write(f"{calls * (version - 1) // 21}\n")
            assert process.stdout.readline() == "killed\n"
            [found] = await versions()
            assert int(found) in {stands, version}
            states.append(int(found) == version)
            stands = int(found)
        process.stdin.close()
    assert set(states) == {False, True}


async def test_keep_fresh_polls_for_the_snapshot_of_another_process(
    engine: SearchEngine, folder: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_POLL_EVERY_S", 0)
    engine.keep_fresh()
    write(folder, ferry="The ferry leaves at noon.", mill="The mill grinds oats.")
    await reindex_elsewhere(database, folder)
    [hit, *_] = (await engine.ask("What does the mill grind?")).hits
    assert hit.sentence == "The mill grinds oats."
