"""Reads items in batches of articles to be stored."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import CoverageError
from index.model import Article, ExtractedArticle, Skipped, UnchangedLine
from index.sources.reader import SourceEntry
from index.sources.source import Item, KnownLine
from index.store.database import open_readonly
from index.store.records import ItemRecord, NewArticle, known_lines

# Characters after which a batch is full: enough to be fast, few enough to keep in memory. A skipped
# entry and an article count as at least `_MIN_CHARACTERS`; an unchanged line counts as less.
_BATCH_CHARACTERS = 500_000
_MIN_CHARACTERS = 5_000
_UNCHANGED_CHARACTERS = 100

_NO_ARTICLE = "it contains no article; `clipdesk extract --why` shows what was found"


@dataclass(frozen=True, slots=True)
class PendingItem:
    """An item of a source that may have changed, and what is stored of it; None where it is new.

    `digest` is its present digest if that was computed already, else empty.
    """

    source: str
    item: Item
    record: ItemRecord | None
    digest: str = ""


@dataclass(slots=True)
class ReadBatch:
    """A part of the item with that `number`, following the batch before.

    `digest` is the item's, empty where it cannot be read at all; `bytes_read` counts from its
    beginning. `unchanged_lines` has the position, article id and digest of each line that need not
    be read again; `unreadable` the positions of what was skipped. The `is_last` batch reaches the
    end of the item, or `breaks_off` where the rest cannot be read. An item that `is_unchanged` has
    a single batch without articles. `unknown_keys` are those of front matter. For a preview,
    `pages` has what was read, with the blocks that are left out, instead of `articles`.
    """

    number: int
    digest: str
    bytes_read: int = 0
    articles: list[NewArticle] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    pages: list[SourceEntry] = field(default_factory=list)
    unchanged_lines: list[tuple[int, str, bytes]] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    unknown_keys: set[str] = field(default_factory=set)
    size: int = 0
    is_last: bool = False
    breaks_off: bool = False
    is_unchanged: bool = False

    def show(self, entry: SourceEntry) -> None:
        """Add an entry for a preview."""
        self.pages.append(entry)
        blocks = entry.blocks if isinstance(entry, ExtractedArticle) else ()
        self.size += max(_MIN_CHARACTERS, sum(len(block.text) for block in blocks))

    def add(self, position: int, entry: SourceEntry, path: str) -> None:
        """Add the entry at that position of the item."""
        if isinstance(entry, UnchangedLine):
            self.unchanged_lines.append((position, entry.id, entry.line))
            self.size += _UNCHANGED_CHARACTERS
            return
        if isinstance(entry, ExtractedArticle) and not any(block.kept for block in entry.blocks):
            entry = Skipped(path, _NO_ARTICLE)
        if isinstance(entry, Skipped):
            if entry not in self.skipped[-1:]:
                self.skipped.append(entry)
            self.unreadable.append(position)
            self.size += _MIN_CHARACTERS
        else:
            self.articles.append(new_article(position, entry))
            self.unknown_keys.update(entry.unknown_keys)
            self.size += max(_MIN_CHARACTERS, sum(map(len, self.articles[-1].paragraphs)))


def estimate_read_s(pending: Iterable[PendingItem]) -> float:
    """Estimate how many seconds it takes to read items."""
    return sum(one.item.size * one.item.reader.seconds_per_megabyte for one in pending) / 1e6


def with_digest(pending: PendingItem) -> PendingItem:
    """Compute the digest of an item; leave it empty where that fails."""
    with suppress(CoverageError):  # `read_batches` reports it
        return replace(pending, digest=pending.item.digest())
    return pending


def unchanged_batch(pending: PendingItem, number: int = 0) -> ReadBatch | None:
    """The single batch of an item whose digest is the stored one; None for any other item."""
    if pending.digest and pending.record and pending.digest == pending.record.digest:
        size = pending.item.size
        return ReadBatch(number, pending.digest, size, is_last=True, is_unchanged=True)
    return None


def read_batches(pending: Iterable[PendingItem], database: Path | None) -> Iterator[ReadBatch]:
    """Read items in order, at least one batch each; `database` has what is stored of them.

    Without a database, read them for a preview.
    """
    for number, one in enumerate(pending):
        if database is None:
            yield from _read_item(number, one.item, "", {}, as_pages=True)
            continue
        try:
            digest = one.digest or one.item.digest()
        except CoverageError as error:
            skipped = [Skipped(one.item.path, str(error))]
            yield ReadBatch(number, "", skipped=skipped, is_last=True, breaks_off=True)
            continue
        if batch := unchanged_batch(replace(one, digest=digest), number):
            yield batch
        else:
            yield from _read_item(number, one.item, digest, _stored_lines(one, database))


def _stored_lines(pending: PendingItem, database: Path) -> Mapping[bytes, KnownLine]:
    """The stored lines of an archive, which need not be read again; none for other items."""
    if pending.record and pending.item.reader.is_archive:  # large, and mostly unchanged
        with suppress(sqlite3.Error), closing(open_readonly(database)) as db:
            return known_lines(db, pending.record.row)
    return {}


def _read_item(
    number: int,
    item: Item,
    digest: str,
    lines: Mapping[bytes, KnownLine],
    *,
    as_pages: bool = False,
) -> Iterator[ReadBatch]:
    batch = ReadBatch(number, digest)
    try:
        with item.open() as file:
            for position, entry in enumerate(item.entries(file, lines)):
                if as_pages:
                    batch.show(entry)
                else:
                    batch.add(position, entry, item.path)
                if batch.size >= _BATCH_CHARACTERS:
                    batch.bytes_read = file.tell()
                    yield batch
                    batch = ReadBatch(number, digest)
    except CoverageError as error:
        skipped = Skipped(item.path, str(error))
        batch.pages += [skipped] if as_pages else []
        batch.skipped.append(skipped)
        batch.breaks_off = True
    batch.bytes_read = item.size
    batch.is_last = True
    yield batch


def new_article(position: int, page: ExtractedArticle) -> NewArticle:
    """Convert an extracted article, at that position of its item, to the form that is stored."""
    texts = page.paragraphs
    fields = (page.title, page.publisher, page.author, page.published, page.url, page.brief)
    # Covers all that is stored of it.
    digest = hashlib.blake2b(repr((fields, texts)).encode(), digest_size=16).hexdigest()
    return NewArticle(position, digest, page.line, Article(page.id, *fields, len(texts)), texts)
