"""`.jsonl`: an archive, one article a line, already clean; `.gz` too."""

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from io import BufferedIOBase

import msgspec
import xxhash

from index.errors import CoverageError
from index.model import Block, ExtractedArticle, Skipped, UnchangedLine
from index.sources.details import Details
from index.sources.files import MAX_BYTES
from index.validation import why_unreadable

# Says which id the article has that was once read from a line with that digest, at that place in
# its archive, and would be read from it again; "" where there is none.
Recall = Callable[[bytes, int], str]

_GZIP_MARK = b"\x1f\x8b"
# The C1 controls beyond are let through: archives have them where an encoding was once mistaken.
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Of a whole archive, unpacked: several million paragraphs. A packed one can be made to hold more
# than there is time for.
_MAX_ARCHIVE_BYTES = 4 * 1024**3


class _Record(Details, frozen=True, kw_only=True):
    text: str


_decoder = msgspec.json.Decoder(_Record)


def read_jsonl(
    file: BufferedIOBase, name: str, recall: Recall = lambda *_: "", seed: int = 0
) -> Iterator[ExtractedArticle | Skipped | UnchangedLine]:
    """Articles of the archive `file`, in order; a line that is none comes as Skipped.

    Paragraphs are parted by newlines. A line that is recalled, by its digest with that `seed`, is
    not read. Raises CoverageError where the file cannot be read on.
    """
    packed = file.read(len(_GZIP_MARK)) == _GZIP_MARK
    file.seek(0)
    # Unpacked as it is read, a line at a time: what it would all unpack to does not matter.
    unpacked = gzip.GzipFile(fileobj=file) if packed else file
    place = 0  # blank lines take none
    try:
        for number, line in enumerate(_lines(unpacked), start=1):
            if line.isspace():
                continue
            if not place and b"\0" in line:
                raise CoverageError("it holds binary data, or is not UTF-8; save it as UTF-8")
            digest = xxhash.xxh3_128_digest(line.rstrip(), seed)
            known = recall(digest, place)
            yield UnchangedLine(known, digest) if known else _read_line(line, digest, name, number)
            place += 1
    except (OSError, EOFError, zlib.error) as error:
        raise CoverageError(f"it breaks off ({error}); make the file anew") from error
    if not place:
        raise CoverageError("it is empty; put an article on each line of it")


def _lines(file: BufferedIOBase) -> Iterator[bytes]:
    """Lines of `file`, each cut at `MAX_BYTES`."""
    left = _MAX_ARCHIVE_BYTES
    while line := file.readline(MAX_BYTES):
        rest = line
        left -= len(rest)
        while len(rest) == MAX_BYTES and not rest.endswith(b"\n") and left > 0:
            rest = file.readline(MAX_BYTES)
            left -= len(rest)
        if left < 0:
            raise CoverageError(f"it is larger than {_MAX_ARCHIVE_BYTES >> 30} GiB; split it")
        yield line


def _read_line(line: bytes, digest: bytes, name: str, number: int) -> ExtractedArticle | Skipped:
    line_name = f"{name} line {number}"
    if len(line) == MAX_BYTES:
        return Skipped(line_name, f"it is longer than {MAX_BYTES >> 20} MiB; split the article")
    try:
        record = _decoder.decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        why = why_unreadable(error)
        return Skipped(line_name, f"it is not an article ({why}); fix or remove the line")
    if _BINARY.search(record.text):
        return Skipped(line_name, "its text holds binary data; mend or remove the line")
    paragraphs = [text for part in record.text.split("\n") if (text := part.strip())]
    if not paragraphs:
        return Skipped(line_name, "its text is empty; remove the line")
    try:
        return record.over(ExtractedArticle(tuple(map(Block, paragraphs)), line=digest))
    except CoverageError as error:
        return Skipped(line_name, str(error))
