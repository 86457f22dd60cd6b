"""`.jsonl`: an archive, one article per line, already clean; `.jsonl.gz` too."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedIOBase

import msgspec
import xxhash

from index.errors import CoverageError
from index.model import Block, ExtractedArticle, Skipped, UnchangedLine
from index.sources.checking import unexpected
from index.sources.details import Details
from index.sources.files import MAX_BYTES
from index.sources.loose_fields import odd_field, read_details
from index.sources.reader import VERSION, ItemContext, SourceEntry, SourceReader
from index.validation import explain_json_error

_GZIP_MAGIC = b"\x1f\x8b"
# C1 controls are let through: archives have them where an encoding was once mistaken for another.
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Of a whole archive, decompressed: several million paragraphs.
_MAX_ARCHIVE_BYTES = 4 * 1024**3
# Text is compressed by a factor of 3 to 30; a file that unpacks to far more is made to do harm.
_MAX_RATIO = 100
_ANY_RATIO_BYTES = 1 << 20


class _Record(Details, frozen=True, kw_only=True):
    text: str


_decoder = msgspec.json.Decoder(_Record)


class JsonlReader(SourceReader):
    """Reads archives, without reading again the lines that have not changed."""

    kind = "jsonl"
    suffixes = (".jsonl", ".jsonl.gz", ".ndjson")
    fallback_types = ("application/jsonl", "application/x-jsonlines", "application/x-ndjson")
    download_suffixes = (".jsonl", ".ndjson", ".gz")
    seconds_per_megabyte = 0.07
    is_archive = True

    def sniff(self, head: bytes) -> bool:
        """True if the file is gzipped or begins with an object."""
        return head.startswith((_GZIP_MAGIC, b"{", b"\xef\xbb\xbf{"))

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[SourceEntry]:
        """One entry per line that is not blank; paragraphs are separated by newlines."""
        # The same line is read differently with other details or by a later version.
        seed = xxhash.xxh3_64_intdigest(f"{VERSION} {context.details!r}".encode())
        is_gzipped = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
        file.seek(0)
        # Decompressed one line at a time, so that the total size does not matter.
        lines = gzip.GzipFile(fileobj=file) if is_gzipped else file
        position = 0
        try:
            for number, line in enumerate(_lines(lines, file if is_gzipped else None), start=1):
                if line.isspace():
                    continue
                if not position and b"\0" in line:
                    raise CoverageError("it contains binary data or is not UTF-8; save it as UTF-8")
                digest = xxhash.xxh3_128_digest(line.rstrip(), seed)
                if known_id := context.find_known_id(digest, position):
                    yield UnchangedLine(known_id, digest)
                else:
                    yield _read_line(line, digest, f"{context.name} line {number}")
                position += 1
        except (OSError, EOFError, zlib.error) as error:
            raise CoverageError(f"it is incomplete ({error}); create the file again") from error
        if not position:
            raise CoverageError("it is empty; write one article on each line")


def _lines(file: BufferedIOBase, packed: BufferedIOBase | None) -> Iterator[bytes]:
    """Lines of `file`, each cut at `MAX_BYTES`; `packed` is what it is unpacked from, if it is."""
    size = 0
    while line := file.readline(MAX_BYTES):
        rest = line
        size += len(rest)
        while len(rest) == MAX_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_BYTES)
            size += len(rest)
            _check_size(size, packed)
        _check_size(size, packed)
        yield line


def _check_size(size: int, packed: BufferedIOBase | None) -> None:
    if size > _MAX_ARCHIVE_BYTES:
        raise CoverageError(f"it is larger than {_MAX_ARCHIVE_BYTES >> 30} GiB; split it")
    if packed and size > _ANY_RATIO_BYTES and size > _MAX_RATIO * packed.tell():
        raise CoverageError(
            f"it unpacks to over {_MAX_RATIO} times its size; save it without compression"
        )


def _read_line(line: bytes, digest: bytes, name: str) -> ExtractedArticle | Skipped:
    try:
        return _article(line, digest, name)
    except Exception as error:  # noqa: BLE001 - it costs the line, not the archive
        return Skipped(name, str(unexpected(error)))


def _article(line: bytes, digest: bytes, name: str) -> ExtractedArticle | Skipped:
    if len(line) == MAX_BYTES:
        return Skipped(name, f"it is longer than {MAX_BYTES >> 20} MiB; split the article")
    try:
        record, problems = _decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        why = explain_json_error(error)
        return Skipped(name, f"it is not an article ({why}); fix or remove the line")
    if _BINARY.search(record.text):
        return Skipped(name, "its text contains binary data; fix or remove the line")
    paragraphs = [text for part in record.text.split("\n") if (text := part.strip())]
    if not paragraphs:
        return Skipped(name, "its text is empty; remove the line")
    article = record.apply_to(ExtractedArticle(tuple(map(Block, paragraphs)), line=digest))
    if record.published and not article.published:
        problems = (*problems, odd_field("published"))
    return replace(article, problems=problems) if problems else article


def _decode(line: bytes) -> tuple[_Record, tuple[str, ...]]:
    """The record of a line, and what is odd in it; such a line is decoded a second time."""
    try:
        return _decoder.decode(line), ()
    except msgspec.DecodeError as error:
        try:
            fields = json.loads(line)  # with NaN, which is not JSON
            text = fields.pop("text")
        except (ValueError, LookupError, AttributeError, TypeError):
            raise error from None
        if not isinstance(text, str):
            raise
    own = {key: value for key, value in fields.items() if key in Details.__struct_fields__}
    details, _, odd_fields = read_details(own)
    return _Record(text=text, **msgspec.structs.asdict(details)), odd_fields
