"""clipdesk writes, replaces and deletes only files of its own; all others stay as they are."""

import asyncio
import errno
import os
import sqlite3
import stat
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from prompt_toolkit.history import FileHistory, InMemoryHistory

from bot.terminal.chat import _history
from foreign import EMPTY, KINDS, LINKS, listing, our_index
from index.engine import open_engine
from index.errors import AnotherInstanceError, StoreError
from index.retrieval.embedded.index_files import index_file
from index.sources.source import Source
from index.store import ownership
from index.store.instance_lock import single_instance
from index.store.ownership import MARKER, SUSPECT, beside, check_database, create
from index.store.recovery import store_errors
from index.store.store import open_store

FOREIGN = {**KINDS, **LINKS, "empty": EMPTY}
FOREIGN.pop("unreadable")  # the tests of the command line have it

each_kind = pytest.mark.parametrize("kind", FOREIGN)


def put(path: Path, kind: str) -> object:
    """Replace the file at a path by one of that kind; return a listing of it."""
    path.unlink(missing_ok=True)
    FOREIGN[kind](path)
    return seen(path)


def seen(path: Path) -> object:
    return listing(path.parent)[str(path)]


def write(folder: Path, text: str) -> None:
    (folder / "ferry.md").write_text(f"# Ferry\n\n{text}\n", "utf-8")


@each_kind
def test_new_file_overwrites_nothing(tmp_path: Path, kind: str) -> None:
    before = put(tmp_path / "a", kind)
    files = {*tmp_path.iterdir()}
    with pytest.raises(FileExistsError):
        create(tmp_path / "a", b"new")
    assert seen(tmp_path / "a") == before
    assert {*tmp_path.iterdir()} == files


@pytest.mark.parametrize("hard_links", [True, False])
def test_new_file_appears_atomically(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, hard_links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    if not hard_links:
        monkeypatch.setattr(os, "link", refuse)
    create(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "a").stat().st_nlink == 1
    with pytest.raises(FileExistsError):
        create(tmp_path / "a", b"newer")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


async def test_concurrent_creators_all_recognise_the_database(database: Path) -> None:
    async def begin() -> None:
        async with open_store(str(database)):
            assert await asyncio.to_thread(check_database, database)

    await asyncio.gather(*(begin() for _ in range(8)))
    assert [*database.parent.iterdir()] == [database]


@pytest.mark.parametrize("suffix", ["", ".delta"])
@each_kind
async def test_foreign_file_at_the_index_path_is_not_replaced(
    database: Path, folder: Path, kind: str, suffix: str
) -> None:
    write(folder, "The ferry leaves at noon.")
    async with open_engine(str(database), [Source(str(folder))]) as engine:
        await engine.reindex()
        path = beside(index_file(database), suffix)
        before = put(path, kind)
        write(folder, "The ferry leaves at six.")
        with pytest.raises(StoreError, match="move the file") as caught:
            await engine.reindex()
        assert str(caught.value).startswith(f"{path} ")
        assert seen(path) == before
        assert engine.searcher.size == 1  # the old ones answer


async def test_build_process_replaces_no_foreign_file(
    database: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.indexing.dispatch.PARALLEL_FROM", 0)
    write(folder, "The ferry leaves at noon.")
    async with open_engine(str(database), [Source(str(folder))]) as engine:
        before = put(index_file(database), "text")
        with pytest.raises(StoreError, match="move the file"):
            await engine.reindex()
        assert seen(index_file(database)) == before


@each_kind
async def test_foreign_file_named_like_a_leftover_stays(
    database: Path, folder: Path, kind: str
) -> None:
    write(folder, "The ferry leaves at noon.")
    foreign, ours = (Path(f"{index_file(database)}.{letter * 32}") for letter in "ab")
    FOREIGN[kind](foreign)
    our_index(ours)
    for path in (foreign, ours):
        os.utime(path, (0, 0), follow_symlinks=False)
    before = seen(foreign)
    async with open_engine(str(database), [Source(str(folder))]) as engine:
        await engine.reindex()
    assert seen(foreign) == before
    assert not ours.exists()


@each_kind
def test_marker_overwrites_nothing(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.db").touch()
    marker = tmp_path / "a.db.suspect"
    before = put(marker, kind)
    with pytest.raises(StoreError, match="damaged"), store_errors(tmp_path / "a.db"):
        raise sqlite3.DatabaseError
    assert seen(marker) == before


async def test_marker_is_recognised_and_removed_once_the_database_is_intact(database: Path) -> None:
    async with open_store(str(database)):
        pass
    with pytest.raises(StoreError, match="damaged"), store_errors(database):
        raise sqlite3.DatabaseError
    marker = beside(database, SUSPECT)
    assert marker.read_bytes() == MARKER
    async with open_store(str(database)):
        assert not marker.exists()


@pytest.mark.parametrize("kind", [one for one in FOREIGN if one != "empty"])
def test_foreign_file_is_not_locked(tmp_path: Path, kind: str) -> None:
    FOREIGN[kind](tmp_path / "a.db.lock")
    before = listing(tmp_path)
    with pytest.raises(StoreError, match=r"a\.db\.lock"), single_instance(tmp_path / "a.db"):
        pass
    assert listing(tmp_path) == before


def test_lock_is_exclusive_and_its_file_stays(tmp_path: Path) -> None:
    lock = tmp_path / "a.db.lock"
    with single_instance(tmp_path / "a.db"):
        before = lock.stat()
        with (
            pytest.raises(AnotherInstanceError, match="stop it"),
            single_instance(tmp_path / "a.db"),
        ):
            pass
    with single_instance(tmp_path / "a.db"):
        pass
    assert lock.stat() == before


@pytest.mark.parametrize("kind", [one for one in FOREIGN if one != "empty"])
def test_foreign_history_file_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    path = tmp_path / "clipdesk/chat-history"
    path.parent.mkdir()
    FOREIGN[kind](path)
    before = listing(tmp_path)
    history = _history()
    history.append_string("What about the ferry?")
    assert isinstance(history, InMemoryHistory)
    assert listing(tmp_path) == before


def test_history_is_private_to_its_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for _ in range(2):
        history = _history()
        assert isinstance(history, FileHistory)
        history.append_string("What about the ferry?")
    assert [*history.load_history_strings()] == ["What about the ferry?"] * 2
    assert stat.S_IMODE((tmp_path / "clipdesk/chat-history").stat().st_mode) == 0o600


_VERSION = (3_007_000).to_bytes(4, sys.byteorder)
_HEADER = _VERSION + b"\1" * 44
_BLANK = bytes(48)


@pytest.mark.parametrize(
    ("content", "is_ours"),
    [
        (b"", True),
        (bytes(3), True),
        (bytes(4096), True),
        (_BLANK + _HEADER + bytes(4000), True),  # SQLite writes the second header first
        (_HEADER + _HEADER + bytes(4000), True),
        (_BLANK + b"\1" * 48 + bytes(4000), False),
        (b"Some notes.".ljust(4096), False),
        (bytes(100), False),
    ],
)
def test_a_log_index_is_known_in_every_state(
    tmp_path: Path, content: bytes, *, is_ours: bool
) -> None:
    path = tmp_path / "clipdesk.db-shm"
    path.write_bytes(content)
    with nullcontext() if is_ours else pytest.raises(StoreError):
        ownership.check_file(path, ownership.SHM)
