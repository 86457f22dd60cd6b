"""The seam between kinds of coverage and the rest: reads the bytes of one item into articles.

Everything else (sources, fetching, indexing) looks a `SourceReader` up in `registry` and knows no
kind by name. `tests/unit/test_source_readers.py` is the contract that each reader passes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import ClassVar, Protocol, TypeAlias

from index.model import ExtractedArticle, Skipped, UnchangedLine
from index.sources.details import Details

# Part of every digest and stamp: count up when a reader begins to read the same bytes differently,
# so that every item is read again.
VERSION = 3

SourceEntry: TypeAlias = ExtractedArticle | Skipped | UnchangedLine

# (digest of a line, position in its archive) -> the id of the article that was read from it before
# and would be read from it again; "" if unknown.
FindKnownId: TypeAlias = Callable[[bytes, int], str]


def _nothing_known(_digest: bytes, _position: int) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class ItemContext:
    """Information about an item besides its bytes.

    `name` is its path or address, for messages. `details` are those that its owner gives; the
    caller applies them to the articles that are read. `charset` is the encoding that a server
    declares, unchecked, or empty.
    """

    name: str
    details: Details = field(default_factory=Details)
    charset: str = ""
    find_known_id: FindKnownId = _nothing_known


class SourceReader(Protocol):
    """Reads one kind of file. Has no state: one instance in the registry serves all items."""

    kind: ClassVar[str]
    """Unique name of the kind."""

    suffixes: ClassVar[tuple[str, ...]]
    """Endings of file names, in lower case with their dot; each belongs to one reader only."""

    mime_types: ClassVar[tuple[str, ...]] = ()
    """Content types that mean this kind whatever the address ends in."""

    fallback_types: ClassVar[tuple[str, ...]] = ()
    """Content types that mean this kind unless the address ends in a suffix of another."""

    download_suffixes: ClassVar[tuple[str, ...]] = ()
    """Endings of addresses that are fetched though their type says nothing (`OPAQUE_TYPES`)."""

    seconds_per_megabyte: ClassVar[float]
    """Time to read, measured on news: mostly spent on finding the article within its page."""

    is_archive: ClassVar[bool] = False
    """Whether an item holds many articles, independent of each other.

    Each then has the digest of its own bytes as `ExtractedArticle.line`. Where
    `ItemContext.find_known_id` knows that digest, the reader yields an UnchangedLine instead.
    """

    needs_process: ClassVar[bool] = False
    """Whether an item is always read in a process, because a library may crash or share state."""

    def sniff(self, head: bytes) -> bool:  # noqa: ARG002 - not every kind has a signature
        """True if a file that begins with `head` has the signature of this kind. Never raises.

        Decides between readers of the same content type. False for a kind without a signature.
        """
        return False

    def read(self, file: BufferedIOBase, context: ItemContext) -> Iterator[SourceEntry]:
        """Yield the articles of an item, in order; parts that are not articles come as Skipped.

        A page without any paragraph is yielded too, so that its left-out blocks can be shown. Reads
        only `file`, from its start, and leaves it open. Raises CoverageError, and nothing else,
        where the file is not, or no longer, readable as this kind.
        """
        ...
