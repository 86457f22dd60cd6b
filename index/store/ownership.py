"""Tells clipdesk's own files from those of others, and creates new ones.

What is named as the database, or has the name of a file that belongs to it, may be anybody's. So a
file is opened by SQLite, replaced or deleted only if it begins as one that clipdesk wrote, and a
new one never takes the place of another. To find out, only regular files are opened, and only their
first bytes are read.

Check a database before this process has it open: closing a file drops all locks that SQLite holds
on it. A file that is swapped between its check and its use goes unnoticed.
"""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, NamedTuple, TypeAlias
from uuid import uuid4

from index.errors import StoreError
from index.store.migrations import APPLICATION_ID

# What is added to the name of a database for the files that belong to it.
WAL, SHM, JOURNAL = "-wal", "-shm", "-journal"  # as SQLite calls them
INDEX = ".index"
DELTA = ".delta"  # is added to the name of the index file
LOCK = ".lock"
SUSPECT = ".suspect"  # the marker of a database that was found damaged in use

SIGN = b"clipdesk"  # what each file of ours begins with that is not SQLite's
MARKER = SIGN + b"\n"

_HEAD_BYTES = 100  # the header of an SQLite database
_DATABASE_SIGN = b"SQLite format 3\0"
_JOURNAL_SIGN = bytes.fromhex("d9d505f920a163d7")
_WAL_SIGNS = (bytes.fromhex("377f0682"), bytes.fromhex("377f0683"))
_SHM_VERSION = (3_007_000).to_bytes(4, sys.byteorder)
_SHM_REGION = 32_768  # bytes by which it grows
_OPENING_BYTES = 24  # of an index file, see `arrays`: the sign, the length of its head, a digest
_MAX_HEAD = 1 << 24


class File(NamedTuple):
    """The first bytes of a regular file, and its size; nothing and -1 of anything else."""

    head: bytes
    size: int


_Test: TypeAlias = Callable[[File], bool]


def _is_database(file: File) -> bool:
    owner = int.from_bytes(file.head[68:72], "big")
    return file.head.startswith(_DATABASE_SIGN) and owner == APPLICATION_ID


def _is_wal(file: File) -> bool:
    return file.size == 0 or file.head.startswith(_WAL_SIGNS)


def _is_shm(file: File) -> bool:
    """SQLite makes it 3 bytes long, then adds zeros, then writes its version."""
    blank = not file.head.strip(b"\0") and (file.size == 3 or file.size % _SHM_REGION == 0)  # noqa: PLR2004 - as above
    return blank or file.head.startswith(_SHM_VERSION)


def _is_journal(file: File) -> bool:
    return file.head.startswith(_JOURNAL_SIGN)


def _is_index(file: File) -> bool:
    """No text passes: of the eight bytes of the length, the last five are zero."""
    length = int.from_bytes(file.head[8:16], "little")
    return file.head.startswith(SIGN) and len(file.head) >= _OPENING_BYTES and length < _MAX_HEAD


def _is_lock(file: File) -> bool:
    return file.size == 0


def _is_marker(file: File) -> bool:
    return file.head == MARKER


_TESTS: MappingProxyType[str, _Test] = MappingProxyType(
    {
        "": _is_database,
        WAL: _is_wal,
        SHM: _is_shm,
        JOURNAL: _is_journal,
        INDEX: _is_index,
        INDEX + DELTA: _is_index,
        LOCK: _is_lock,
        SUSPECT: _is_marker,
    }
)


def beside(database: Path, suffix: str) -> Path:
    """The path of a file that belongs to a database."""
    return database.with_name(database.name + suffix)


def check_database(path: Path) -> bool:
    """Whether there is a database of ours at `path`, which is no link.

    Raises StoreError where anything else is there, or at the name of a file that belongs to it.
    """
    # The database comes last: if it is just being created, its log is not there before it.
    files = {suffix: look_at(beside(path, suffix)) for suffix in reversed(_TESTS)}
    for suffix in _TESTS:
        file = files[suffix]
        # SQLite would delete a log without a database, which may still be wanted elsewhere.
        lost = suffix in (WAL, SHM, JOURNAL) and files[""] is None
        if file is not None and (lost or not _TESTS[suffix](file)):
            raise _foreign(beside(path, suffix), suffix)
    return files[""] is not None


def check_file(path: Path, suffix: str) -> None:
    """Raise StoreError where anything is at `path` but a file of ours as has that suffix."""
    file = look_at(path)
    if file is not None and not _TESTS[suffix](file):
        raise _foreign(path, suffix)


def is_index_file(path: Path) -> bool:
    """Whether it is an index file of ours, finished or not. Raises StoreError if unreadable."""
    file = look_at(path)
    return file is not None and _is_index(file)


def create(path: Path, content: bytes) -> None:
    """Create a file with that content, all of it at once.

    Raises FileExistsError if anything is there, a link as well, and OSError.
    """
    unfinished = beside(path, f".{uuid4().hex}")
    with _new(unfinished) as file:
        try:
            file.write(content)
            file.flush()
            try:
                os.link(unfinished, path)  # a rename could replace what another process put there
            except FileExistsError:
                raise
            except OSError:  # a file system that has no hard links
                with _new(path) as other:
                    other.write(content)
        finally:
            unfinished.unlink()  # soon: who is killed before leaves it behind
        os.fsync(file.fileno())


def _new(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, 0o644), "wb")  # the mode that SQLite uses


def look_at(path: Path) -> File | None:
    """What is at `path`; None for nothing. Raises StoreError where that cannot be read."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # to open a device or a pipe can do something
            return File(b"", -1)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        try:
            return File(os.read(descriptor, _HEAD_BYTES), os.fstat(descriptor).st_size)
        finally:
            os.close(descriptor)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(
            "The file {path} cannot be read ({why}); "
            "check its permissions, or choose another database with --database.",
            path=path,
            why=error.strerror,
        ) from error


def _foreign(path: Path, suffix: str) -> StoreError:
    if not suffix:
        return StoreError(
            "{path} is not a clipdesk database, or its header is damaged; "
            "move it away, or choose another with --database.",
            path=path,
        )
    return StoreError(
        "{path} does not belong to a clipdesk database, and clipdesk needs this name; "
        "move it away, or choose another database with --database.",
        path=path,
    )
