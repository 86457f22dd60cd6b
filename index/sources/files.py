"""Files on disk: which ones a source holds, and their bytes and text, read with care.

A folder may hold anything. Only regular files are opened, never through a symbolic link and never
more of them than a limit, so that a device, a pipe or a huge file stops nothing.
"""

import codecs
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase, BufferedReader, FileIO
from pathlib import Path

from index.errors import CoverageError
from index.model import Skipped

# A saved page is a few hundred kilobytes; one above this is something else.
MAX_BYTES = 16 * 1024 * 1024

_BUFFER = 1 << 18  # bytes: lines of archives are long

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),  # before utf-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
# All control characters but those that are white space, such as the tab and the form feed; and the
# halves of surrogate pairs, which cannot be written.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# Files that may hold nothing but printable characters, and are no text to be read all the same.
_NO_TEXT = ((b"%PDF-", "PDF"), (b"%!PS", "PostScript"), (b"{\\rtf", "RTF"))

# The encodings of text that servers name, in Python's spelling: it also knows some that are none,
# and some that are slow to decode.
_CLAIMABLE = re.compile(r"utf-8|cp|iso8859|koi8|mac|big5|euc|gb|shift|tis")
# What is claimed for text is often a part of what it is written in.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
_SAMPLE = 100_000  # bytes: a guess needs no more, and is slow on long texts
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][¡-¶¹-¿×÷][^\W\d_]")


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
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith(".") or not name.lower().endswith(suffixes):
                continue
            if path.is_symlink():
                links.append(name)
            elif holds_controls(str(path)):
                within = ascii(str(path.relative_to(root)))[1:-1]
                yield Skipped(str(root / within), "its name is not plain text; rename it")
            else:
                yield path
        for name in links:
            yield Skipped(str(Path(folder, name)), "it is a symbolic link; name what it points to")
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
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CoverageError("it is not a regular file; name a file or a folder")
    with BufferedReader(FileIO(descriptor), _BUFFER) as file:
        yield file


def read_bytes(path: Path) -> bytes:
    """The content of the file at `path`, of at most `MAX_BYTES`. Raises CoverageError."""
    with open_file(path) as file:
        return read_whole(file)


def read_whole(file: BufferedIOBase) -> bytes:
    """The content of `file`, of at most `MAX_BYTES`. Raises CoverageError."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CoverageError(f"it is larger than {MAX_BYTES >> 20} MiB; split it, or use .jsonl")
    return data


def decode(data: bytes, charset: str = "") -> str:
    """The text that `data` encodes: by its mark, as UTF-8, as `charset`, or as best guessed.

    Raises CoverageError for what is empty or no text.
    """
    for mark, kind in _NO_TEXT:
        if data.startswith(mark):
            raise CoverageError(f"it is a {kind} file; save it as plain text")
    text = _decode(data, charset)
    if holds_controls(text):
        raise CoverageError("it holds binary data; save it as plain text")
    if not text.strip():
        raise CoverageError("it is empty; save the article's text in it")
    return text


def _decode(data: bytes, charset: str) -> str:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data:
        encoding = _unmarked_utf16(data)
    try:
        return data.decode(encoding)  # before what is claimed, which is more often wrong
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            for candidate in (_claimed(charset), _guessed(data, error.start)):
                try:
                    return data.decode(candidate)
                except (LookupError, UnicodeDecodeError):
                    continue
        raise CoverageError("its encoding is unknown or broken; save it as UTF-8") from error


def _claimed(charset: str) -> str:
    """Python's name for a `charset` that is claimed; empty for none that text is written in."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    name = _WIDER.get(name, name)
    return name if _CLAIMABLE.match(name) else ""


def _guessed(data: bytes, first: int) -> str:
    """The likely encoding of `data`, whose byte `first` is the first not to be UTF-8; or empty.

    Text with few letters beyond ASCII is taken for Western (cp1252), on which a statistical guess
    is mostly wrong. Other text is left to the guess; and UTF-8 with a few broken bytes is nothing
    else.
    """
    sample = data[max(0, first - _SAMPLE // 2) : first + _SAMPLE // 2]
    lenient = sample.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if sum(char > "\x7f" for char in lenient) > 2 * broken:
        return ""
    letters = len(sample.translate(None, bytes(range(0x40))))
    if broken * 3 < letters and not _SYMBOL_IN_WORD.search(sample.decode("cp1252", "replace")):
        return "cp1252"
    import charset_normalizer  # noqa: PLC0415 - slow to import, and seldom needed

    best = charset_normalizer.from_bytes(sample).best()
    return best.encoding if best else ""


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
