"""Files on disk: which ones a source holds, and their bytes and text, read with care.

A folder may hold anything. Only regular files are opened, never through a symbolic link and never
more of them than a limit, so that a device, a pipe or a huge file stops nothing.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedIOBase
from pathlib import Path

import charset_normalizer

from index.errors import CoverageError
from index.model import Skipped

# A saved page is a few hundred kilobytes; one above this is something else.
MAX_BYTES = 16 * 1024 * 1024

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),  # before utf-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
# All control characters but those that are white space, such as the tab and the form feed.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def walk(root: Path, suffixes: tuple[str, ...]) -> Iterator[Path | Skipped]:
    """Files under `root` whose names end in one of `suffixes`, sorted by path; `root` if a file.

    Hidden files and folders are passed over; what cannot be entered comes as Skipped.
    """
    if not root.is_dir():
        yield root
        return
    problems: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith(".") or not name.lower().endswith(suffixes):
                continue
            if path.is_symlink():
                yield Skipped(str(path), "it is a symbolic link; name its target as a source")
            else:
                yield path
    for problem in problems:
        yield Skipped(str(problem.filename), f"{reason(problem)}; check its permissions")


@contextmanager
def open_file(path: Path) -> Iterator[BufferedIOBase]:
    """The regular file at `path`, opened for reading.

    Raises CoverageError where it is missing, unreadable, or no regular file.
    """
    try:
        # Not blocking, so that a pipe without a writer does not hold up everything.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise CoverageError(f"{reason(error)}; check the path and its permissions") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise CoverageError("it is not a regular file; name a file or a folder")
        yield file


def read_bytes(path: Path) -> bytes:
    """The content of the file at `path`, of at most `MAX_BYTES`. Raises CoverageError."""
    with open_file(path) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CoverageError(f"it is larger than {MAX_BYTES >> 20} MiB; split it, or use .jsonl")
    return data


def decode(data: bytes, charset: str = "") -> str:
    """The text that `data` encodes: by its mark, as `charset`, as UTF-8, or as best guessed.

    Raises CoverageError for what is empty or no text.
    """
    text = _decode(data, charset)
    if holds_controls(text):
        raise CoverageError("it holds binary data; save it as plain text")
    if not text.strip():
        raise CoverageError("it is empty; save the article's text in it")
    return text


def _decode(data: bytes, charset: str) -> str:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    if charset and encoding == "utf-8":
        with suppress(LookupError, UnicodeDecodeError):  # a claim may be wrong
            return data.decode(charset)
    if encoding == "utf-8" and b"\0" in data:
        encoding = _unmarked_utf16(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # The guess needs no more than the head, and is slow on long texts.
        guess = charset_normalizer.from_bytes(data[:100_000]).best()
        if encoding != "utf-8" or guess is None:
            raise CoverageError("its encoding is unknown; save it as UTF-8") from error
        try:
            return data.decode(guess.encoding)
        except UnicodeDecodeError:
            raise CoverageError("its encoding is unknown; save it as UTF-8") from error


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16's byte order in `data` without a mark: Latin letters have their zeros on one side."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) < len(data) // 8 or min(even, odd) > max(even, odd) // 8:
        raise CoverageError("it holds binary data; save it as plain text")
    return "utf-16-be" if even > odd else "utf-16-le"


def holds_controls(text: str) -> bool:
    """Whether `text` has control characters that no text has: then it is none."""
    return _CONTROLS.search(text) is not None


def reason(error: OSError | ValueError) -> str:
    """Why a file cannot be opened, as the beginning of a line."""
    cause = error.strerror if isinstance(error, OSError) else str(error)
    return f"it cannot be opened ({(cause or 'unknown error').lower()})"
