"""Named arrays in one file, which is mapped into memory and not read.

The file begins with a head of JSON that tells where each array lies, and what the file is `about`;
the digest of each array tells a damaged one. The head has a digest of its own.
"""

import mmap
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from glob import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO
from uuid import uuid4

import msgspec
import numpy as np
import xxhash
from numpy.typing import NDArray

from index.errors import StoreError
from index.store.ownership import SIGN, is_index_file

_ALIGNED = 64  # bytes: a cache line, and more than any element needs
_CHUNK = 1 << 18
_READERS = 2
_LEFT_S = 60 * 60  # nobody goes on with a file that was not written to for so long


class DamagedFileError(Exception):
    """The file is not one that this `save` wrote, or not all of it."""


class OtherFileError(Exception):
    """The file is about something else."""


class _Array(msgspec.Struct, frozen=True):
    name: str
    type: str
    shape: tuple[int, ...]
    offset: int  # bytes from the end of the head
    length: int  # bytes up to the next one
    digest: str  # of these


class _Head(msgspec.Struct, frozen=True):
    about: dict[str, str]
    arrays: tuple[_Array, ...]
    size: int


def save(path: Path, about: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the arrays to `path`: all of them, or nothing. Raises OSError."""
    placed: list[_Array] = []
    size = 0
    for name, array in arrays.items():
        digest, length = xxhash.xxh3_128(), 0
        for part in _parts(array):
            digest.update(part)
            length += len(part)
        kind = array.dtype.str
        placed.append(_Array(name, kind, array.shape, size, length, digest.hexdigest()))
        size += length
    head = msgspec.json.encode(_Head(dict(about), tuple(placed), size))
    head = head.ljust(-(-(len(head) + 24) // _ALIGNED) * _ALIGNED - 24)
    _remove_leftovers(path)
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        with unfinished.open("xb") as file:
            file.write(SIGN + len(head).to_bytes(8, "little"))
            file.write(xxhash.xxh3_64_digest(head) + head)
            for array in arrays.values():
                for part in _parts(array):
                    file.write(part)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(
    path: Path, about: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    """What the file at `path` is about, and its arrays, which cannot be written to.

    Raises OtherFileError, having read next to nothing, where it does not say of itself what `about`
    has; DamagedFileError, and OSError where there is no file to read.
    """
    with open(path, "rb", 0, opener=_open_at_once) as file:
        head, start = _read_head(file)
        if not about.items() <= head.about.items():
            raise OtherFileError(path)
        if start + head.size != os.fstat(file.fileno()).st_size:
            raise DamagedFileError(path)
        # In threads, as most of the time is taken by reading.
        with ThreadPoolExecutor(_READERS) as pool:
            if not all(pool.map(partial(_is_whole, file.fileno(), start), head.arrays)):
                raise DamagedFileError(path)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    arrays = {
        one.name: np.ndarray(one.shape, np.dtype(one.type), mapped, start + one.offset)
        for one in head.arrays
    }
    return head.about, arrays


def _remove_leftovers(path: Path) -> None:
    """Remove what was left by processes that were killed while they wrote."""
    for one in path.parent.glob(f"{escape(path.name)}.{'[0-9a-f]' * 32}"):
        with suppress(FileNotFoundError, StoreError):
            if is_index_file(one) and time.time() - one.stat().st_mtime > _LEFT_S:
                one.unlink()


def _parts(array: NDArray[Any]) -> tuple[memoryview, bytes]:
    """The bytes of an array, and those up to where the next may begin."""
    content = np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")
    return content, bytes(-len(content) % _ALIGNED)


def _open_at_once(path: str, flags: int) -> int:
    """Open a file; a pipe that somebody put there must not wait for a writer."""
    return os.open(path, flags | os.O_NONBLOCK)


def _read_head(file: BinaryIO) -> tuple[_Head, int]:
    opening = file.read(24)
    size = int.from_bytes(opening[8:16], "little")
    head = file.read(size) if opening[:8] == SIGN and size < _CHUNK else b""
    if len(head) < size or xxhash.xxh3_64_digest(head) != opening[16:24]:
        raise DamagedFileError(file.name)
    try:
        return msgspec.json.decode(head, type=_Head), 24 + size
    except msgspec.DecodeError as error:  # of another version
        raise DamagedFileError(file.name) from error


def _is_whole(file: int, start: int, array: _Array) -> bool:
    """Whether the file holds that array as it was written; it is not kept in memory."""
    digest = xxhash.xxh3_128()
    begin = start + array.offset
    for at in range(begin, begin + array.length, _CHUNK):
        digest.update(os.pread(file, min(_CHUNK, begin + array.length - at), at))
    return digest.hexdigest() == array.digest
