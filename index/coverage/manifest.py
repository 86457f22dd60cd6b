"""`coverage.toml`: what a folder's owner says about its files."""

import tomllib
from pathlib import Path

import msgspec

from index.coverage.details import Details
from index.coverage.files import decode, read_bytes
from index.errors import CoverageError

NAME = "coverage.toml"


class _Entry(Details, frozen=True, kw_only=True, forbid_unknown_fields=True):
    file: str


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    article: list[_Entry] = []


def read_manifest(folder: Path) -> dict[str, Details]:
    """Details by file name, of the `[[article]]` entries in `folder`; none without a manifest.

    Raises CoverageError for a manifest that cannot be read, or that names a file that is not there.
    """
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        manifest = msgspec.convert(tomllib.loads(decode(read_bytes(path))), _Manifest)
    except tomllib.TOMLDecodeError as error:
        raise CoverageError(f"it is not valid TOML ({error}); mend that line") from error
    except msgspec.ValidationError as error:
        raise CoverageError(f"{error}; see the keys that an [[article]] may have") from error
    for entry in manifest.article:
        if not (folder / entry.file).is_file():
            raise CoverageError(f"it describes {entry.file!r}, which is not there; mend `file`")
    return {entry.file: entry for entry in manifest.article}
