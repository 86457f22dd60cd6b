"""Tells clipdesk's files from those of other programs, and creates new ones.

The file named as the database may be another program's, as may any file with a name that belongs to
it. So a file is opened by SQLite, replaced or deleted only if it begins like one that clipdesk
wrote, and a new file never overwrites another. The check opens only regular files, and reads only
their first bytes.

Check a database before this process opens it: closing a file drops all locks that SQLite holds on
it. A file that is swapped between its check and its use goes unnoticed.
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

# Suffixes of the files that belong to a database, after its name.
WAL, SHM, JOURNAL = "-wal", "-shm", "-journal"  # SQLite's own
INDEX = ".index"
DELTA = ".delta"  # after the name of the index file
LOCK = ".lock"
SUSPECT = ".suspect"  # the marker of a database that was found damaged in use

SIGN = b"clipdesk"  # magic bytes of each file of ours that is not SQLite's
MARKER = SIGN + b"\n"

_HEAD_BYTES = 100  # size of the header of an SQLite database
_DATABASE_SIGN = b"SQLite format 3\0"
_JOURNAL_SIGN = bytes.fromhex("d9d505f920a163d7")
_WAL_SIGNS = (bytes.fromhex("377f0682"), bytes.fromhex("377f0683"))
_SHM_VERSION = (3_007_000).to_bytes(4, sys.byteorder)
_SHM_HEADER = 48  # bytes
_BLOCK = 4096  # bytes by which the file grows, as far as the disk has room
_OPENING_BYTES = 24  # of an index file, see `array_file`: magic, length of its head, digest
_MAX_HEAD = 1 << 24


class File(NamedTuple):
    """The first bytes and the size of a regular file; empty and -1 for anything else."""

    head: bytes
    size: int


_Test: TypeAlias = Callable[[File], bool]


def _is_database(file: File) -> bool:
    owner = int.from_bytes(file.head[68:72], "big")
    return file.head.startswith(_DATABASE_SIGN) and owner == APPLICATION_ID


def _is_shm(file: File) -> bool:
    """SQLite creates it with 3 bytes, adds blocks of zeros, then writes two headers.

    The second header comes first; each begins with the version.
    """
    first, second = file.head[:_SHM_HEADER], file.head[_SHM_HEADER : 2 * _SHM_HEADER]
    written = first.startswith(_SHM_VERSION)
    may_be_new = file.size == 3 or file.size % _BLOCK == 0  # noqa: PLR2004 - as above
    is_new = may_be_new and not first.strip(b"\0")
    return written or (is_new and (second.startswith(_SHM_VERSION) or not second.strip(b"\0")))


def _is_index(file: File) -> bool:
    """Never true of text, as the last five of the eight bytes of the length are zero."""
    length = int.from_bytes(file.head[8:16], "little")
    return file.head.startswith(SIGN) and len(file.head) >= _OPENING_BYTES and length < _MAX_HEAD


_TESTS: MappingProxyType[str, _Test] = MappingProxyType(
    {
        "": _is_database,
        WAL: lambda file: file.size == 0 or file.head.startswith(_WAL_SIGNS),
        SHM: _is_shm,
        JOURNAL: lambda file: file.head.startswith(_JOURNAL_SIGN),
        INDEX: _is_index,
        INDEX + DELTA: _is_index,
        LOCK: lambda file: file.size == 0,
        SUSPECT: lambda file: file.head == MARKER,
    }
)


def beside(database: Path, suffix: str) -> Path:
    """The path of a file that belongs to a database."""
    return database.with_name(database.name + suffix)


def check_database(path: Path) -> bool:
    """True if a database of ours is at `path`, which must not be a link.

    Raises StoreError for a foreign file at `path`, or at a name that belongs to it.
    """
    # Look at the database last: one that is just being created has no log before it exists.
    files = {suffix: look_at(beside(path, suffix)) for suffix in reversed(_TESTS)}
    for suffix in _TESTS:
        file = files[suffix]
        # SQLite would delete a log without its database, which may only have been moved.
        is_orphan = suffix in (WAL, SHM, JOURNAL) and files[""] is None
        if file is not None and (is_orphan or not _TESTS[suffix](file)):
            raise _foreign(beside(path, suffix), suffix)
    return files[""] is not None


def check_file(path: Path, suffix: str) -> None:
    """Raise StoreError for a file at `path` that is not ours, of the kind with that suffix."""
    file = look_at(path)
    if file is not None and not _TESTS[suffix](file):
        raise _foreign(path, suffix)


def is_index_file(path: Path) -> bool:
    """True if an index file of ours is there, complete or not. Raises StoreError if unreadable."""
    file = look_at(path)
    return file is not None and _is_index(file)


def create(path: Path, content: bytes) -> None:
    """Create a file atomically with that content.

    Raises FileExistsError if the name is taken, even by a link, and OSError.
    """
    unfinished = beside(path, f".{uuid4().hex}")
    with _new(unfinished) as file:
        try:
            file.write(content)
            file.flush()
            try:
                os.link(unfinished, path)  # a rename could overwrite another process's file
            except FileExistsError:
                raise
            except OSError:  # a file system without hard links
                with _new(path) as other:
                    other.write(content)
        finally:
            unfinished.unlink()  # at once: a process killed before this leaves it behind
        os.fsync(file.fileno())


def _new(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(path, flags, 0o644), "wb")  # the mode that SQLite uses


def look_at(path: Path) -> File | None:
    """Read the start of the file at `path`; None if there is none. Raises StoreError."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # opening a device or a pipe may have effects
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
            "{path} is not a clipdesk database, or its header is damaged; move the file, or "
            "choose another with --database.",
            path=path,
        )
    return StoreError(
        "{path} does not belong to a clipdesk database, but clipdesk needs this name; move "
        "the file, or choose another database with --database.",
        path=path,
    )
