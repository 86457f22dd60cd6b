"""Bringing the store up to what the sources hold now."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeAlias

from index.coverage.fetched import Fetched, Validators
from index.coverage.sources import Inventory, Item, Source, look_into, web_item
from index.errors import CoverageError
from index.model import Page, Skipped
from index.store import KnownItem, NewArticle, Store

# Is told what is being done, how much of it is done, and how much there is to do.
Progress: TypeAlias = Callable[[str, int, int], None]

_BATCH = 100  # articles read at once: enough to be fast, few enough to keep little in memory


class Fetch(Protocol):
    """How an address is asked; see `web.fetch`."""

    async def __call__(self, url: str, *, validators: Validators) -> Fetched | None:
        """The answer, or None if it has not changed. Raises CoverageError."""


@dataclass(slots=True)
class Changes:
    """What a reindex did, in numbers of articles, and what it could not read."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stale:
    """An item that must be read again, and the digest that it will be known by."""

    source: str
    item: Item
    digest: str


async def reindex(
    store: Store, sources: Sequence[Source], *, fetch: Fetch, thorough: bool, progress: Progress
) -> Changes:
    """Read what is new or changed in `sources`, and forget what is gone from them.

    A thorough reindex compares contents and asks every address again; otherwise a file of the same
    size and time of change, and an address that was fetched before, are taken as unchanged. All is
    written in one transaction, and nothing where nothing has changed. What cannot be read now is
    skipped, and stays as it was read last. Raises StoreError, and then the store is as before.
    """
    changes = Changes()
    stale: list[_Stale] = []
    gone: list[tuple[str, str]] = []
    for number, source in enumerate(sources):
        progress("Looking for changes", number, len(sources))
        known = await store.items(source.location)
        if source.is_web:
            inventory = await _ask_address(store, source, fetch, thorough=thorough)
        else:
            inventory = await asyncio.to_thread(look_into, source)
        changes.skipped += inventory.skipped
        gone += ((source.location, path) for path in inventory.gone(known))
        for found in await asyncio.to_thread(_compare, inventory, known, thorough=thorough):
            if isinstance(found, Skipped):
                changes.skipped.append(found)
            else:
                stale.append(_Stale(source.location, *found))
    if stale or gone:
        async with store.transaction():
            for location, path in gone:
                changes.removed += await store.remove_item(location, path)
            for number, one in enumerate(stale):
                progress("Reading", number, len(stale))
                await _read(store, one, changes)
            if changes.added or changes.changed or changes.removed:
                await store.note_reindex()
    return changes


async def _ask_address(store: Store, source: Source, fetch: Fetch, *, thorough: bool) -> Inventory:
    """What an address holds: as it answers now, else as it answered last."""
    address = source.location
    last = await store.fetched(address)
    skipped: tuple[Skipped, ...] = ()
    if thorough or last is None:
        try:
            now = await fetch(address, validators=last.validators if last else Validators())
        except CoverageError as error:
            known = "; what was fetched before still answers" if last else ""
            skipped = (Skipped(address, f"{error}{known}"),)
        else:
            if now is not None:
                await store.put_fetched(address, now)
                last = now
    if last is None:
        return Inventory((), skipped, frozenset({address}))
    return Inventory((web_item(source, last),), skipped)


def _compare(
    inventory: Inventory, known: Mapping[str, KnownItem], *, thorough: bool
) -> list[tuple[Item, str] | Skipped]:
    """The items that are not, or may not be, what is known of them, each with its digest."""
    stale: list[tuple[Item, str] | Skipped] = []
    for item in inventory.items:
        before = known.get(item.path)
        if before and item.stamp and item.stamp == before.stamp and not thorough:
            continue
        if before and item.details_unread:
            continue
        try:
            digest = item.digest()
        except CoverageError as error:
            stale.append(Skipped(item.path, str(error)))
            continue
        if before is None or (digest, item.stamp) != (before.digest, before.stamp):
            stale.append((item, digest))
    return stale


async def _read(store: Store, stale: _Stale, changes: Changes) -> None:
    """Bring what is known of an item up to what it holds now.

    An item that breaks off keeps what was read of it, now or before, and is read again next time.
    """
    item = stale.item
    known = await store.item(stale.source, item.path)
    if known.digest != stale.digest:  # else only touched, or read by another process meanwhile
        try:
            await _read_articles(store, known.row, item, changes)
        except CoverageError as error:
            changes.skipped.append(Skipped(item.path, str(error)))
            await store.mark_item(known.row, stamp="", digest="")
            return
    await store.mark_item(known.row, item.stamp, stale.digest)


async def _read_articles(store: Store, row: int, item: Item, changes: Changes) -> None:
    """Write an item's articles as they are now; those that it no longer has are removed.

    One whose place in the item cannot be read now stays as it was.
    """
    known = await store.known_articles(row)
    unread: set[int] = set()
    async for batch in _batches(enumerate(item.pages())):
        new: list[NewArticle] = []
        for position, page in batch:
            if isinstance(page, Skipped):
                changes.skipped.append(page)
                unread.add(position)
                continue
            if not page.paragraphs:
                why = "no article was found in it; see `clipdesk extract --why` for what it holds"
                changes.skipped.append(Skipped(item.path, why))
                unread.add(position)
                continue
            before = known.pop(page.id, None)
            digest = _digest(page)
            if before is None or before.digest != digest:
                new.append(NewArticle(position, digest, page))
                changes.added += before is None
                changes.changed += before is not None
            elif before.position != position:
                await store.move_article(before.row, position)
        await store.put_articles(row, new)
    for article in known.values():
        if article.position not in unread:
            await store.remove_article(article.row)
            changes.removed += 1


_Numbered: TypeAlias = tuple[int, Page | Skipped]


async def _batches(pages: Iterator[_Numbered]) -> AsyncIterator[list[_Numbered]]:
    """`pages`, some at a time, read in a thread, since reading can take long."""
    while batch := await asyncio.to_thread(lambda: list(islice(pages, _BATCH))):
        yield batch


def _digest(page: Page) -> str:
    """A fingerprint of all that is stored of a page."""
    fields = (page.title, page.publisher, page.author, page.published, page.url, page.brief)
    return hashlib.blake2b(repr((fields, page.paragraphs)).encode(), digest_size=16).hexdigest()
