"""Foreign files at the paths that clipdesk uses, and a listing that shows any change to them."""

import os
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from index.retrieval.embedded.array_file import save
from index.store.database import empty_database
from index.store.ownership import DELTA, INDEX, JOURNAL, LOCK, SHM, SUSPECT, WAL

BESIDE = (WAL, SHM, JOURNAL, INDEX, INDEX + DELTA, LOCK, SUSPECT)
SQLITES = (WAL, SHM, JOURNAL)


def _sqlite(*statements: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)

    return make


def _broken_off(mode: str) -> Callable[[Path], None]:
    """The database, and the files beside it, of a program that was killed in a transaction."""

    def make(path: Path) -> None:
        running = path.with_name("running")
        with closing(sqlite3.connect(running, isolation_level=None)) as db:
            db.execute(f"PRAGMA journal_mode = {mode}")
            db.execute("PRAGMA cache_size = 1")
            db.execute("CREATE TABLE recipe (name)")
            db.execute("BEGIN")
            db.executemany("INSERT INTO recipe VALUES (?)", [("bread " * 500,)] * 50)
            for suffix in ("", *SQLITES):
                if (file := Path(f"{running}{suffix}")).exists():
                    Path(f"{path}{suffix}").write_bytes(file.read_bytes())
        running.unlink()

    return make


def _content(content: bytes) -> Callable[[Path], None]:
    return lambda path: [path.write_bytes(content)].clear()


def _link(target: str, content: bytes | None = None) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        if content is not None:
            path.with_name(target).write_bytes(content)
        path.symlink_to(target)

    return make


def _bind(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        before = Path.cwd()
        os.chdir(path.parent)  # the path of a socket must be short
        try:
            server.bind(path.name)
        finally:
            os.chdir(before)


def _unreadable(path: Path) -> None:
    path.write_text("secret")
    path.chmod(0)


KINDS: dict[str, Callable[[Path], None]] = {
    "text": _content("Möhren\n".encode() * 40),
    "text that begins as we do": _content(
        b"clipdesk\nis a program that I want to try out some day."
    ),
    "our name": _content(b"clipdesk"),
    "two words at offset 68": _content(b"x" * 68 + b"clip" + b"x" * 500),
    "picture": _content(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9),
    "zeros": _content(bytes(5000)),
    "only a header": _content(b"SQLite format 3\0"),
    "sqlite": _sqlite("CREATE TABLE recipe (name)"),
    "empty sqlite": _sqlite("VACUUM"),
    "sqlite of another id": _sqlite("PRAGMA application_id = 7", "CREATE TABLE recipe (name)"),
    "sqlite with a log": _sqlite("PRAGMA journal_mode = WAL", "CREATE TABLE recipe (name)"),
    "sqlite broken off with a log": _broken_off("WAL"),
    "sqlite broken off with a journal": _broken_off("DELETE"),
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "socket": _bind,
    "link to a text": _link("target.txt", b"Carrots\n" * 40),
    "link to a device": _link("/dev/null"),
    "unreadable": _unreadable,
}
# Counts as a database still to be created, or is an empty file that is used unchanged.
EMPTY = _content(b"")
# Must not be followed when a file of ours is replaced.
LINKS: dict[str, Callable[[Path], None]] = {
    "link to nothing": _link("nothing"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to a database of ours": _link("other.db", empty_database()),
}


def our_index(path: Path) -> None:
    """Write an index file of ours."""
    save(path, {}, {})


def listing(folder: Path) -> dict[str, object]:
    """The metadata and contents of a folder, and of everything in it, by path."""
    return {str(path): _seen(path) for path in [folder, *sorted(folder.rglob("*"))]}


def _seen(path: Path) -> object:
    stat = path.lstat()
    content: object = None
    if path.is_symlink():
        content = path.readlink()
    elif path.is_file() and os.access(path, os.R_OK):
        content = path.read_bytes()
    return stat.st_ino, stat.st_mode, stat.st_nlink, stat.st_mtime_ns, stat.st_ctime_ns, content
