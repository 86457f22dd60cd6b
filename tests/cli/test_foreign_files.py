"""Files of other programs are refused with one line and stay unchanged."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.running import Run
from foreign import BESIDE, EMPTY, KINDS, LINKS, SQLITES, listing, our_index
from index.store.database import empty_database

Make = Callable[[Path], None]

# A new database is created where a link leads to nothing.
_NO_DATABASES: dict[str, Make] = {
    **KINDS,
    "empty": EMPTY,
    "our index": our_index,
    "link to itself": LINKS["link to itself"],
}
_NOTHING_OF_OURS: dict[str, Make] = {
    **KINDS,
    **LINKS,
    "empty": EMPTY,
    "our database": lambda path: [path.write_bytes(empty_database())].clear(),
}

_BESIDE = [(kind, suffix) for kind in _NOTHING_OF_OURS for suffix in BESIDE]
# SQLite's files begin empty, and the lock stays so.
_MAY_BE_EMPTY = [("empty", suffix) for suffix in ("-wal", "-shm", ".lock")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of ours and its index file, once there is one."""
    return tmp_path_factory.mktemp("indexed")


@pytest.fixture
def database(folder: Path, indexed: Path, clipdesk: Run, news: Path) -> Path:
    if not [*indexed.iterdir()]:
        assert clipdesk("reindex", "--coverage", news, "--database", indexed / "a.db").code == 0
    shutil.copytree(indexed, folder, dirs_exist_ok=True)
    assert {path.name for path in folder.iterdir()} == {"a.db", "a.db.index"}
    return folder / "a.db"


def _skip_if_root(kind: str) -> None:
    if kind == "unreadable" and os.geteuid() == 0:
        pytest.skip("root may read everything")


def refused(clipdesk: Run, database: Path, named: Path, *command: object) -> None:
    """Assert that it is not used, and that nothing in its folder has changed."""
    before = listing(database.parent)
    ran = clipdesk(*(command or ("ask", "bread")), "--database", database)
    assert listing(database.parent) == before
    assert (ran.code, ran.out) == (1, "")
    [line] = ran.problems
    assert line.startswith("clipdesk: ")
    assert f"{named} " in line
    assert "--database" in line


@pytest.mark.parametrize("kind", _NO_DATABASES)
def test_foreign_file_as_database(clipdesk: Run, folder: Path, kind: str) -> None:
    _skip_if_root(kind)
    path = folder / "a.db"
    _NO_DATABASES[kind](path)
    refused(clipdesk, path, Path(os.path.realpath(path)))


@pytest.mark.parametrize(
    "command", ["ask a", "sources", "status", "reindex", "votes", "chat", "run"]
)
def test_every_command_refuses_foreign_database(clipdesk: Run, folder: Path, command: str) -> None:
    path = folder / "notes.txt"
    KINDS["text"](path)
    refused(clipdesk, path, path, *command.split())


def test_foreign_file_at_default_database(clipdesk: Run, news: Path, tmp_path: Path) -> None:
    path = tmp_path / "data/clipdesk/clipdesk.db"
    path.parent.mkdir(parents=True)
    KINDS["sqlite"](path)
    before = listing(tmp_path)
    ran = clipdesk("status", "--coverage", news)
    assert (ran.code, len(ran.problems)) == (1, 1)
    assert f"{path} " in ran.problems[0]
    assert listing(tmp_path) == before


def test_foreign_file_through_link(clipdesk: Run, tmp_path: Path, folder: Path) -> None:
    KINDS["text"](folder / "notes.txt")
    link = tmp_path / "link.db"
    link.symlink_to(folder / "notes.txt")
    before = listing(folder)
    refused(clipdesk, link, folder / "notes.txt")
    assert listing(folder) == before


@pytest.mark.parametrize(
    ("kind", "suffix"), [case for case in _BESIDE if case not in _MAY_BE_EMPTY]
)
def test_foreign_file_beside_own_database(
    clipdesk: Run, database: Path, kind: str, suffix: str
) -> None:
    _skip_if_root(kind)
    path = Path(f"{database}{suffix}")
    path.unlink(missing_ok=True)
    _NOTHING_OF_OURS[kind](path)
    refused(clipdesk, database, path)


@pytest.mark.parametrize(
    ("kind", "suffix"), [case for case in _BESIDE if case != ("empty", ".lock")]
)
def test_foreign_file_beside_missing_database(
    clipdesk: Run, folder: Path, kind: str, suffix: str
) -> None:
    _skip_if_root(kind)
    path = Path(f"{folder / 'a.db'}{suffix}")
    _NOTHING_OF_OURS[kind](path)
    refused(clipdesk, folder / "a.db", path)


@pytest.mark.parametrize("suffix", SQLITES)
def test_log_of_deleted_database(clipdesk: Run, folder: Path, suffix: str) -> None:
    mode = "journal" if suffix == "-journal" else "log"
    KINDS[f"sqlite broken off with a {mode}"](folder / "a.db")
    for path in folder.iterdir():
        if path.name != f"a.db{suffix}":
            path.unlink()
    refused(clipdesk, folder / "a.db", folder / f"a.db{suffix}")


def test_empty_lock_file_is_reused(clipdesk: Run, database: Path, news: Path) -> None:
    lock = Path(f"{database}.lock")
    lock.touch()
    before = lock.stat()
    assert clipdesk("ask", "bread", "--coverage", news, "--database", database).code == 0
    assert lock.stat() == before


def test_link_to_own_database(clipdesk: Run, database: Path, news: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(database)
    [status] = clipdesk("status", "--json", "--coverage", news, "--database", link).json
    assert status["articles"] == 2
    assert link.readlink() == database
    assert not [*tmp_path.glob("link.db?*")]


def test_dangling_link_creates_database(clipdesk: Run, news: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "new" / "a.db")
    assert clipdesk("status", "--coverage", news, "--database", link).code == 0
    assert link.is_symlink()
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"a.db", "a.db.index"}
