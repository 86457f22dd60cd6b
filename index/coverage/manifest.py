"""`coverage.toml`: what a folder's owner says about its files."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from index.coverage.details import DatedDetails
from index.coverage.files import decode, read_bytes
from index.errors import CoverageError
from index.validation import explain

NAME = "coverage.toml"


class Entry(DatedDetails, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An `[[article]]`: what is said of the file of that name, in the same folder."""

    file: str


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    article: list[Entry] = []


def read_manifest(folder: Path) -> dict[str, Entry]:
    """The entries in `folder`, by their files' names; none without a manifest.

    Raises CoverageError for a manifest that cannot be read.
    """
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        manifest = msgspec.convert(tomllib.loads(decode(read_bytes(path))), _Manifest)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CoverageError(f"it is not valid TOML ({error}); mend it") from error
    except msgspec.ValidationError as error:
        raise CoverageError(f"{explain(error)}; fix it") from error
    return {entry.file: entry for entry in manifest.article}


def strays(folder: Path, files: Iterable[str]) -> Iterator[str]:
    """What is wrong with each of a manifest's `files` that is no file in `folder`."""
    there = {path.name for path in folder.iterdir()}
    for file in files:
        if file not in there:
            yield f"it describes {file!r}, which is not in this folder; mend `file`"
