"""Finds files on disk, and reads them within limits.

A folder may hold anything. Only regular files are opened, never through a symbolic link, and only
read up to a limit, so that devices, pipes and huge files do no harm.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase, BufferedReader, FileIO
from pathlib import Path

from index.errors import CoverageError
from index.model import Skipped
from index.sources.passed_over import PassedOver, is_part_of_page

MANIFEST = "coverage.toml"  # see `manifest`

# A saved page has a few hundred kilobytes of text, and some megabytes of pictures.
MAX_BYTES = 64 * 1024 * 1024
MAX_TEXT_BYTES = 16 * 1024 * 1024  # of a file that has nothing but text

_BUFFER_BYTES = 1 << 18  # lines of archives are long

# Control characters other than white space (tab, form feed and so on), and lone surrogates, which
# cannot be encoded.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def walk(
    root: Path, suffixes: tuple[str, ...], passed_over: PassedOver
) -> Iterator[Path | Skipped]:
    """Yield the files under `root` that end in one of `suffixes`, sorted; only `root` if a file.

    Hidden files and folders are ignored; anything that cannot be opened comes as Skipped. Other
    files, and folders with the parts of saved pages, are only counted.
    """
    if not root.is_dir():
        yield root
        return
    problems: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=problems.append):
        folders[:] = sorted(_to_enter(folders, names, passed_over))
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118 - never raises
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith(".") or name == MANIFEST:
                continue
            if not name.lower().endswith(suffixes):
                passed_over.count_file(name)
                continue
            if os.path.islink(path):  # noqa: PTH114 - as above
                links.append(name)
            elif has_control_characters(str(path)):
                escaped = ascii(str(path.relative_to(root)))[1:-1]
                yield Skipped(str(root / escaped), "its name is not valid text; rename it")
            else:
                yield path
        for name in links:
            yield Skipped(str(Path(folder, name)), "it is a symbolic link; name its target")
    for problem in problems:
        yield Skipped(str(problem.filename), f"{open_failure(problem)}; check its permissions")


def _to_enter(folders: list[str], files: list[str], passed_over: PassedOver) -> Iterator[str]:
    beside = frozenset(files)
    for name in folders:
        if is_part_of_page(name, beside):
            passed_over.count_parts()
        elif not name.startswith("."):
            yield name


@contextmanager
def open_file(path: Path) -> Iterator[BufferedIOBase]:
    """Open the regular file at `path` for reading.

    Raises CoverageError if it is missing, unreadable, or not a regular file.
    """
    try:
        # Non-blocking, so that a pipe without a writer does not hang.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise CoverageError(f"{open_failure(error)}; check the path and its permissions") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CoverageError("it is not a regular file; give a file or a folder")
    with BufferedReader(FileIO(descriptor), _BUFFER_BYTES) as file:
        yield file


def read_bytes(path: Path) -> bytes:
    """Read the file at `path`. Raises CoverageError, also for more than `MAX_BYTES`."""
    with open_file(path) as file:
        return read_whole(file)


def read_whole(file: BufferedIOBase, most: int = MAX_BYTES) -> bytes:
    """Read `file` to its end. Raises CoverageError for more than `most` bytes."""
    data = file.read(most + 1)
    if len(data) > most:
        raise CoverageError(f"it is larger than {most >> 20} MiB; split it, or use .jsonl")
    return data


def has_control_characters(text: str) -> bool:
    """True if `text` has control characters other than white space."""
    return _CONTROL_CHARACTERS.search(text) is not None


def open_failure(error: OSError | ValueError) -> str:
    """The reason why a file cannot be opened, as the beginning of a message."""
    cause = error.strerror if isinstance(error, OSError) else str(error)
    return f"it cannot be opened ({(cause or 'unknown error').lower()})"
