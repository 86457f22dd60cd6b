"""Items as they are read, piece by piece, with all that is to be stored of their articles."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import CoverageError
from index.model import Article, ExtractedArticle, Skipped, UnchangedLine
from index.sources.source import Item, KnownLine
from index.store.database import open_readonly
from index.store.records import ItemRecord, NewArticle, known_lines

# A piece ends after so many characters: enough to be fast, little to keep in memory. What was
# skipped, and an article without any, count as so many; what need not be read, as the few it takes.
_CHARACTERS = 500_000
_SMALLEST = 5_000
_UNREAD = 100

_NO_ARTICLE = "no article was found in it; see `clipdesk extract --why` for what it holds"


@dataclass(frozen=True, slots=True)
class PendingItem:
    """An item of a source that may have changed, and what is known of it; None where it is new.

    `digest` is what it is known by now, where it was looked at already.
    """

    source: str
    item: Item
    known: ItemRecord | None
    digest: str = ""


@dataclass(slots=True)
class ReadBatch:
    """What was read of the item of that `number`, after the piece before.

    `digest` is what the item is to be known by, empty where it cannot be read at all; `bytes_read`
    counts from its beginning. Of what need not be read, `unread` has the places, ids and lines;
    `unreadable` are the places of what was skipped. It `breaks_off` where nothing is known of what
    comes after; else the `last` piece has its end. An item that is as it was has one piece, without
    articles, that says `same`. `unknown_keys` are those of front matter.
    """

    number: int
    digest: str
    bytes_read: int = 0
    articles: list[NewArticle] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unread: list[tuple[int, str, bytes]] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    unknown_keys: set[str] = field(default_factory=set)
    size: int = 0
    last: bool = False
    breaks_off: bool = False
    same: bool = False

    def add(
        self, position: int, entry: ExtractedArticle | Skipped | UnchangedLine, path: str
    ) -> None:
        """Take in what stands there in the item."""
        if isinstance(entry, UnchangedLine):
            self.unread.append((position, entry.id, entry.line))
            self.size += _UNREAD
            return
        if isinstance(entry, ExtractedArticle) and not any(block.kept for block in entry.blocks):
            entry = Skipped(path, _NO_ARTICLE)
        if isinstance(entry, Skipped):
            self.skipped.append(entry)
            self.unreadable.append(position)
            self.size += _SMALLEST
        else:
            self.articles.append(new_article(position, entry))
            self.unknown_keys.update(entry.unknown_keys)
            self.size += max(_SMALLEST, sum(map(len, self.articles[-1].paragraphs)))


def estimate_read_s(wanted: Iterable[PendingItem]) -> float:
    """How many seconds it may take to read items."""
    return sum(one.item.size * one.item.reader.seconds_per_megabyte for one in wanted) / 1e6


def with_digest(one: PendingItem) -> PendingItem:
    """The same item with its digest."""
    with suppress(CoverageError):  # which is told of when it is read
        return replace(one, digest=one.item.digest())
    return one


def unchanged(one: PendingItem, number: int = 0) -> ReadBatch | None:
    """The one piece of an item that was looked at and is as it was; None of any other."""
    if one.digest and one.known and one.digest == one.known.digest:
        return ReadBatch(number, one.digest, one.item.size, last=True, same=True)
    return None


def read_batches(wanted: Iterable[PendingItem], database: Path) -> Iterator[ReadBatch]:
    """The pieces of items, in turn: at least one of each. What is known of them is stored there."""
    for number, one in enumerate(wanted):
        try:
            digest = one.digest or one.item.digest()
        except CoverageError as error:
            skipped = [Skipped(one.item.path, str(error))]
            yield ReadBatch(number, "", skipped=skipped, last=True, breaks_off=True)
            continue
        if same := unchanged(replace(one, digest=digest), number):
            yield same
        else:
            yield from _read_item(number, one.item, digest, _lines(one, database))


def _lines(one: PendingItem, database: Path) -> Mapping[bytes, KnownLine]:
    """The lines that an archive had: those that it still has need not be read."""
    if one.known and one.item.reader.is_archive:  # large, and mostly as it was
        with suppress(sqlite3.Error), closing(open_readonly(database)) as db:
            return known_lines(db, one.known.row)
    return {}


def _read_item(
    number: int, item: Item, digest: str, lines: Mapping[bytes, KnownLine]
) -> Iterator[ReadBatch]:
    piece = ReadBatch(number, digest)
    try:
        with item.open() as file:
            for position, entry in enumerate(item.entries(file, lines)):
                piece.add(position, entry, item.path)
                if piece.size >= _CHARACTERS:
                    piece.bytes_read = file.tell()
                    yield piece
                    piece = ReadBatch(number, digest)
    except CoverageError as error:
        piece.skipped.append(Skipped(item.path, str(error)))
        piece.breaks_off = True
    piece.bytes_read = item.size
    piece.last = True
    yield piece


def new_article(position: int, page: ExtractedArticle) -> NewArticle:
    """A page, that stands there in its item, as it is stored."""
    texts = page.paragraphs
    fields = (page.title, page.publisher, page.author, page.published, page.url, page.brief)
    # A fingerprint of all that is stored of it.
    digest = hashlib.blake2b(repr((fields, texts)).encode(), digest_size=16).hexdigest()
    return NewArticle(position, digest, page.line, Article(page.id, *fields, len(texts)), texts)
