"""`coverage.toml`: details of the files in a folder, written by its owner."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from index.errors import CoverageError
from index.model import CoverageWarning
from index.sources.decoding import decode
from index.sources.details import DatedDetails
from index.sources.files import MANIFEST, open_failure, read_bytes
from index.validation import explain, list_unknown_keys

NAME = MANIFEST
_MAX_BYTES = 4 << 20  # some 20,000 entries, which take three seconds to parse


class Entry(DatedDetails, frozen=True, kw_only=True):
    """An `[[article]]`: details of a file in the same folder. Its repr is part of digests."""

    file: str  # a name, without folders


class _Manifest(msgspec.Struct, frozen=True):
    article: list[Entry] = []


class Manifest(NamedTuple):
    """The content of a manifest: its entries by file name, and warnings."""

    entries: Mapping[str, Entry]
    warnings: tuple[CoverageWarning, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of `folder`; an empty one if the file does not exist.

    Raises CoverageError for an invalid manifest. Unknown keys are ignored with a warning.
    """
    path = folder / NAME
    try:
        if not path.is_file():
            return Manifest({})
    except OSError as error:
        raise CoverageError(f"{open_failure(error)}; check its permissions") from error
    try:
        data = read_bytes(path)
        if len(data) > _MAX_BYTES:
            raise CoverageError(f"it is larger than {_MAX_BYTES >> 20} MiB; split the folder")
        written = tomllib.loads(decode(data))
        manifest = msgspec.convert(written, _Manifest)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CoverageError(f"it is not valid TOML ({error}); fix it") from error
    except msgspec.ValidationError as error:
        raise CoverageError(f"{explain(error)}; fix it") from error
    entries = {entry.file: entry for entry in manifest.article}
    return Manifest(entries, tuple(_unknown_keys(path, written)))


def _unknown_keys(path: Path, written: Mapping[str, Any]) -> Iterator[CoverageWarning]:
    articles = written.get("article", [])
    for where, tables, struct in (
        ("at its top", [written], _Manifest),
        ("in [[article]]", articles, Entry),
    ):
        known = struct.__struct_fields__
        # Each key once, as ordered in the file.
        if unknown := [*dict.fromkeys(key for one in tables for key in one if key not in known)]:
            reason = f"unknown keys {where} are ignored: {list_unknown_keys(unknown, known)}"
            yield CoverageWarning(str(path), reason)


def missing_files(folder: Path, files: Iterable[str]) -> Iterator[str]:
    """A message for each of a manifest's `files` that is not in `folder`."""
    try:
        present = {path.name for path in folder.iterdir()}
    except OSError:  # its files may be readable still
        return
    for file in files:
        if file not in present:
            yield f"it describes {file!r}, which is not in this folder; fix `file`"
