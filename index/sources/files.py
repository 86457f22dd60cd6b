"""Finds files on disk, reads them within limits, and decodes their text.

A folder may hold anything. Only regular files are opened, never through a symbolic link, and only
read up to a limit, so that devices, pipes and huge files do no harm.
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
from index.sources.passed_over import PassedOver, is_part_of_page

MANIFEST = "coverage.toml"  # see `manifest`

# A saved page has a few hundred kilobytes of text, and some megabytes of pictures.
MAX_BYTES = 64 * 1024 * 1024
MAX_TEXT_BYTES = 16 * 1024 * 1024  # of a file that has nothing but text

_BUFFER_BYTES = 1 << 18  # lines of archives are long

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),  # before utf-16, whose mark is a prefix of it
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
# Control characters other than white space (tab, form feed and so on), and lone surrogates, which
# cannot be encoded.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# Formats that may consist of printable characters only and still are not text to be read.
_NOT_TEXT = ((b"%PDF-", "PDF"), (b"%!PS", "PostScript"), (b"{\\rtf", "RTF"))

# Character encodings that servers declare, in Python's spelling: Python also has codecs that are
# not character encodings, and some that are slow to decode.
_ACCEPTED = re.compile(r"utf-8|cp|iso8859|koi8|mac|big5|euc|gb|shift|tis")
# Declared encodings are often a subset of the actual one.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
}
_SAMPLE_BYTES = 100_000  # enough to guess an encoding, which is slow on long texts
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][¡-¶¹-¿×÷][^\W\d_]")


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


def decode(data: bytes, charset: str = "") -> str:
    """Decode `data`: by its byte order mark, as UTF-8, as `charset`, or as the best guess.

    Raises CoverageError for empty or binary data.
    """
    for mark, kind in _NOT_TEXT:
        if data.startswith(mark):
            raise CoverageError(f"it is a {kind} file; save it as plain text")
    text = _decode(data, charset)
    if has_control_characters(text):
        raise CoverageError("it contains binary data; save it as plain text")
    if not text.strip():
        raise CoverageError("it is empty; save the article's text in it")
    return text


def _decode(data: bytes, charset: str) -> str:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data:
        encoding = _unmarked_utf16(data)
    try:
        return data.decode(encoding)  # before the declared one, which is wrong more often
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            for candidate in (_declared(charset), _guessed(data, error.start)):
                try:
                    return data.decode(candidate)
                except (LookupError, UnicodeDecodeError):
                    continue
        raise CoverageError("its encoding is unknown or broken; save it as UTF-8") from error


def _declared(charset: str) -> str:
    """Python's name for a declared `charset`; empty if it is not an accepted encoding."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    name = _SUPERSETS.get(name, name)
    return name if _ACCEPTED.match(name) else ""


def _guessed(data: bytes, first: int) -> str:
    """The likely encoding of `data`, where byte `first` is the first that is not UTF-8; or empty.

    Text with few letters beyond ASCII is taken for Western (cp1252), where statistical detection
    is mostly wrong; other text is left to the detection. UTF-8 with a few broken bytes has no
    other encoding.
    """
    sample = data[max(0, first - _SAMPLE_BYTES // 2) : first + _SAMPLE_BYTES // 2]
    lenient = sample.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if sum(char > "\x7f" for char in lenient) > 2 * broken:
        return ""
    letters = len(sample.translate(None, bytes(range(0x40))))
    if broken * 3 < letters and not _SYMBOL_IN_WORD.search(sample.decode("cp1252", "replace")):
        return "cp1252"
    import charset_normalizer  # noqa: PLC0415 - slow to import, and rarely needed

    best = charset_normalizer.from_bytes(sample).best()
    return best.encoding if best else ""


def _unmarked_utf16(data: bytes) -> str:
    """The byte order of UTF-16 without a mark: Latin letters have their zero byte on one side."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) < len(data) // 8 or min(even, odd) > max(even, odd) // 8:
        raise CoverageError("it contains binary data; save it as plain text")
    return "utf-16-be" if even > odd else "utf-16-le"


def has_control_characters(text: str) -> bool:
    """Whether `text` has control characters other than white space, and so is binary data."""
    return _CONTROL_CHARACTERS.search(text) is not None


def open_failure(error: OSError | ValueError) -> str:
    """The reason why a file cannot be opened, as the beginning of a message."""
    cause = error.strerror if isinstance(error, OSError) else str(error)
    return f"it cannot be opened ({(cause or 'unknown error').lower()})"
