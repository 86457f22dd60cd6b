"""The registered readers, and which of them reads a file or a response."""

from index.errors import CoverageError
from index.sources.docx import DocxReader
from index.sources.eml import EmlReader
from index.sources.html import HtmlReader
from index.sources.jsonl import JsonlReader
from index.sources.markdown import MarkdownReader
from index.sources.mbox import MboxReader
from index.sources.mhtml import MhtmlReader
from index.sources.pdf import PdfReader
from index.sources.reader import SourceReader
from index.sources.text import TextReader

READERS: tuple[SourceReader, ...] = (
    TextReader(),
    MarkdownReader(),
    HtmlReader(),
    MhtmlReader(),
    PdfReader(),
    DocxReader(),
    EmlReader(),
    MboxReader(),
    JsonlReader(),
)

# Sent by servers for files whose type they do not know.
OPAQUE_TYPES = frozenset({"application/octet-stream", "application/gzip", "application/x-gzip"})

HEAD = 4096  # bytes that a reader is shown to recognize its kind


def suffixes() -> tuple[str, ...]:
    """The endings of all file names that are read, in the order of the readers."""
    return tuple(suffix for reader in READERS for suffix in reader.suffixes)


def reader_of(kind: str) -> SourceReader:
    """The reader of a kind. Raises KeyError for one that is not registered."""
    return {reader.kind: reader for reader in READERS}[kind]


def reader_of_file(name: str) -> SourceReader:
    """The reader of a file of that name. Raises CoverageError for an unknown suffix."""
    for reader in READERS:
        if name.lower().endswith(reader.suffixes):
            return reader
    *others, last = suffixes()
    raise CoverageError(
        f"its type is unknown; supported file names end in {', '.join(others)} or {last}"
    )


def reader_of_content(expected: SourceReader, head: bytes) -> SourceReader:
    """The reader of an item that begins with `head`, where its name or type says `expected`.

    Browsers save pages of one kind under the name of another. An archive is one by its name, and
    what is read in a process of its own as well.
    """
    if expected.sniff(head) or expected.is_archive or expected.needs_process:
        return expected
    return next(
        (
            reader
            for reader in READERS
            if not (reader.is_archive or reader.needs_process) and reader.sniff(head)
        ),
        expected,
    )


def is_fetchable(content_type: str, *paths: str) -> bool:
    """True if a response of that type is read; one of the opaque types, if the paths say a kind."""
    return any(
        content_type in reader.mime_types + reader.fallback_types
        or (
            content_type in OPAQUE_TYPES
            and any(path.lower().endswith(reader.download_suffixes) for path in paths)
        )
        for reader in READERS
    )


def reader_of_response(content_type: str, path: str, body: bytes) -> SourceReader:
    """The reader of a fetched body.

    Decided by a type that means one kind, else by the suffix of the path, else by a type that
    servers also send for others; an opaque one is left to the readers of downloads. Where several
    readers qualify, the first that recognizes the body is taken, else the first of them.
    """
    path = path.lower()
    candidates = (
        [one for one in READERS if content_type in one.mime_types]
        or [one for one in READERS if path.endswith(one.suffixes)]
        or [one for one in READERS if content_type in one.fallback_types]
        or [one for one in READERS if one.download_suffixes]
    )
    return max(candidates, key=lambda one: one.sniff(body[:HEAD]))
