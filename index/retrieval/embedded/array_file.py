"""Array file: named arrays in one file, which is mapped into memory.

A header in JSON has the offset and digest of each array, and `about`, a description of the content.
The header has a digest of its own.
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
_LEFTOVER_S = 60 * 60  # a file that was not written to for so long is abandoned


class DamagedFileError(Exception):
    """The file was not written by this version of `save`, or is damaged."""


class OtherFileError(Exception):
    """The file has another `about`."""


class _Array(msgspec.Struct, frozen=True):
    name: str
    type: str
    shape: tuple[int, ...]
    offset: int  # bytes from the end of the header
    length: int  # bytes, padding included
    digest: str  # of these bytes


class _Header(msgspec.Struct, frozen=True):
    about: dict[str, str]
    arrays: tuple[_Array, ...]
    size: int


def save(path: Path, about: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the arrays to `path` atomically. Raises OSError."""
    entries: list[_Array] = []
    size = 0
    for name, array in arrays.items():
        digest, length = xxhash.xxh3_128(), 0
        for part in _parts(array):
            digest.update(part)
            length += len(part)
        kind = array.dtype.str
        entries.append(_Array(name, kind, array.shape, size, length, digest.hexdigest()))
        size += length
    header = msgspec.json.encode(_Header(dict(about), tuple(entries), size))
    header = header.ljust(-(-(len(header) + 24) // _ALIGNED) * _ALIGNED - 24)
    _remove_leftovers(path)
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        with unfinished.open("xb") as file:
            file.write(SIGN + len(header).to_bytes(8, "little"))
            file.write(xxhash.xxh3_64_digest(header) + header)
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
    """Map the file at `path`; returns its `about` and its arrays, which are read-only.

    Raises OtherFileError, after reading only the header, where the file's own `about` does not
    include `about`; DamagedFileError where a digest is wrong; OSError where it cannot be read.
    """
    with open(path, "rb", 0, opener=_open_nonblocking) as file:
        header, start = _read_header(file)
        if not about.items() <= header.about.items():
            raise OtherFileError(path)
        if start + header.size != os.fstat(file.fileno()).st_size:
            raise DamagedFileError(path)
        # In threads, because most of the time goes into reading.
        with ThreadPoolExecutor(_READERS) as pool:
            if not all(pool.map(partial(_is_whole, file.fileno(), start), header.arrays)):
                raise DamagedFileError(path)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    arrays = {
        one.name: np.ndarray(one.shape, np.dtype(one.type), mapped, start + one.offset)
        for one in header.arrays
    }
    return header.about, arrays


def _remove_leftovers(path: Path) -> None:
    """Remove unfinished files of processes that were killed while writing."""
    for one in path.parent.glob(f"{escape(path.name)}.{'[0-9a-f]' * 32}"):
        with suppress(FileNotFoundError, StoreError):
            if is_index_file(one) and time.time() - one.stat().st_mtime > _LEFTOVER_S:
                one.unlink()


def _parts(array: NDArray[Any]) -> tuple[memoryview, bytes]:
    """The bytes of an array, and the padding that aligns the next one."""
    content = np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")
    return content, bytes(-len(content) % _ALIGNED)


def _open_nonblocking(path: str, flags: int) -> int:
    """Open a file without blocking, in case it is a named pipe without a writer."""
    return os.open(path, flags | os.O_NONBLOCK)


def _read_header(file: BinaryIO) -> tuple[_Header, int]:
    prefix = file.read(24)
    size = int.from_bytes(prefix[8:16], "little")
    header = file.read(size) if prefix[:8] == SIGN and size < _CHUNK else b""
    if len(header) < size or xxhash.xxh3_64_digest(header) != prefix[16:24]:
        raise DamagedFileError(file.name)
    try:
        return msgspec.json.decode(header, type=_Header), 24 + size
    except msgspec.DecodeError as error:  # written by another version
        raise DamagedFileError(file.name) from error


def _is_whole(file: int, start: int, array: _Array) -> bool:
    """True if the digest of an array is right; reads it without keeping it in memory."""
    digest = xxhash.xxh3_128()
    begin = start + array.offset
    for at in range(begin, begin + array.length, _CHUNK):
        digest.update(os.pread(file, min(_CHUNK, begin + array.length - at), at))
    return digest.hexdigest() == array.digest
