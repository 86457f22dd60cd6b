"""`coverage.toml`: what a folder's owner says about its files."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from index.errors import CoverageError
from index.model import CoverageWarning
from index.sources.details import DatedDetails
from index.sources.files import decode, read_bytes
from index.validation import explain, named_keys

NAME = "coverage.toml"


class Entry(DatedDetails, frozen=True, kw_only=True):
    """An `[[article]]`: what is said of the file of that name, in the same folder."""

    file: str


class _Manifest(msgspec.Struct, frozen=True):
    article: list[Entry] = []


class Manifest(NamedTuple):
    """What a manifest says: its entries by their files' names, and warnings."""

    entries: Mapping[str, Entry]
    warnings: tuple[CoverageWarning, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of `folder`; an empty one where there is none.

    Raises CoverageError for a manifest that cannot be read. Keys that are not known are ignored.
    """
    path = folder / NAME
    if not path.is_file():
        return Manifest({})
    try:
        written = tomllib.loads(decode(read_bytes(path)))
        manifest = msgspec.convert(written, _Manifest)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CoverageError(f"it is not valid TOML ({error}); mend it") from error
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
        # Each name once, in the order of writing.
        if unknown := [*dict.fromkeys(key for one in tables for key in one if key not in known)]:
            line = f"keys {where} that are not known are ignored: {named_keys(unknown, known)}"
            yield CoverageWarning(str(path), line)


def strays(folder: Path, files: Iterable[str]) -> Iterator[str]:
    """What is wrong with each of a manifest's `files` that is no file in `folder`."""
    there = {path.name for path in folder.iterdir()}
    for file in files:
        if file not in there:
            yield f"it describes {file!r}, which is not in this folder; mend `file`"
