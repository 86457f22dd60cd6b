"""Named arrays in one file, which is mapped into memory and not read.

The file begins with a head of JSON that tells where each array lies, and what the file is `about`;
the digest over all that follows tells a damaged one. The head has a digest of its own.
"""

import mmap
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from glob import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO
from uuid import uuid4

import msgspec
import numpy as np
import xxhash
from numpy.typing import NDArray

_MAGIC = b"clipdesk"
_ALIGNED = 64  # bytes: a cache line, and more than any element needs
_CHUNK = 1 << 20
_LEFT_S = 60 * 60  # nobody goes on with a file that was not written to for so long


class DamagedFileError(Exception):
    """The file is not one that `save` wrote, or not all of it."""


class OtherFileError(Exception):
    """The file is about something else."""


class _Array(msgspec.Struct, frozen=True):
    name: str
    type: str
    shape: tuple[int, ...]
    offset: int  # bytes from the end of the head


class _Head(msgspec.Struct, frozen=True):
    about: dict[str, str]
    arrays: tuple[_Array, ...]
    size: int
    digest: str


def save(path: Path, about: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the arrays to `path`: all of them, or nothing. Raises OSError."""
    digest = xxhash.xxh3_128()
    placed: list[_Array] = []
    size = 0
    for name, array in arrays.items():
        placed.append(_Array(name, array.dtype.str, array.shape, size))
        for part in _parts(array):
            digest.update(part)
            size += len(part)
    head = msgspec.json.encode(_Head(dict(about), tuple(placed), size, digest.hexdigest()))
    head = head.ljust(-(-(len(head) + 24) // _ALIGNED) * _ALIGNED - 24)
    _remove_leftovers(path)
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        with unfinished.open("wb") as file:
            file.write(_MAGIC + len(head).to_bytes(8, "little"))
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
    with path.open("rb", buffering=0) as file:
        head, start = _read_head(file)
        if not about.items() <= head.about.items():
            raise OtherFileError(path)
        if start + head.size != os.fstat(file.fileno()).st_size or _digest(file) != head.digest:
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
        with suppress(FileNotFoundError):
            if time.time() - one.stat().st_mtime > _LEFT_S:
                one.unlink()


def _parts(array: NDArray[Any]) -> tuple[memoryview, bytes]:
    """The bytes of an array, and those up to where the next may begin."""
    content = np.ascontiguousarray(array).data.cast("B") if array.size else memoryview(b"")
    return content, bytes(-len(content) % _ALIGNED)


def _read_head(file: BinaryIO) -> tuple[_Head, int]:
    opening = file.read(24)
    size = int.from_bytes(opening[8:16], "little")
    head = file.read(size) if opening[:8] == _MAGIC and size < _CHUNK else b""
    if len(head) < size or xxhash.xxh3_64_digest(head) != opening[16:24]:
        raise DamagedFileError(file.name)
    return msgspec.json.decode(head, type=_Head), 24 + size


def _digest(file: BinaryIO) -> str:
    """The digest of the rest of a file, which is read without being kept in memory."""
    digest = xxhash.xxh3_128()
    buffer = memoryview(bytearray(_CHUNK))
    while size := file.readinto(buffer):  # type: ignore[attr-defined]
        digest.update(buffer[:size])
    return digest.hexdigest()
