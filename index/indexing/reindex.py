"""Bringing the store up to what the sources hold now."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Protocol

from index.errors import CoverageError
from index.indexing.dispatch import read_items
from index.indexing.read_batches import PendingItem, ReadBatch, unchanged, with_digest
from index.indexing.writer import Changes, Writer
from index.interface import Progress
from index.model import Skipped
from index.sources.http_result import HttpResult, Validators
from index.sources.source import Inventory, Item, Source, list_items, web_item
from index.sources.warnings import unknown_in_front_matter
from index.store.records import ItemRecord
from index.store.store import Store


class Fetch(Protocol):
    """How an address is asked; see `web.fetch`."""

    async def __call__(self, url: str, *, validators: Validators) -> HttpResult | None:
        """The answer, or None if it has not changed. Raises CoverageError."""


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
    wanted: list[PendingItem] = []
    same: list[tuple[PendingItem, ReadBatch]] = []
    gone: list[tuple[str, str]] = []
    for number, source in enumerate(sources):
        progress("Looking for changes", number, len(sources))
        known = await store.items(source.location)
        if source.is_web:
            inventory = await _ask_address(store, source, fetch, thorough=thorough)
        else:
            inventory = await asyncio.to_thread(list_items, source)
        changes.skipped += inventory.skipped
        changes.warnings += inventory.warnings
        gone += ((source.location, path) for path in inventory.gone(known))
        for item, before in _changed(inventory, known, thorough=thorough):
            one = PendingItem(source.location, item, before)
            if before and item.reader.is_archive:  # large: starts no process if unchanged
                one = await asyncio.to_thread(with_digest, one)
            if piece := unchanged(one):
                same.append((one, piece))
            else:
                wanted.append(one)
    async with AsyncExitStack() as transaction:
        update = Writer(store, transaction, changes)
        for one, piece in same:
            await update.take(one, piece)
        await _read(wanted, store.file, update, progress)
        await update.remove(gone)
        for location, keys in changes.unknown_keys.items():
            changes.warnings += unknown_in_front_matter(location, keys)
        if changes.added or changes.changed or changes.removed:
            await store.note_reindex()
    return changes


async def _read(
    wanted: Sequence[PendingItem], database: Path, update: Writer, progress: Progress
) -> None:
    total = sum(one.item.size for one in wanted)
    before = 0  # bytes of the items before
    if wanted:
        progress("Reading", 0, total)
    async with aclosing(read_items(wanted, database)) as pieces:
        async for piece in pieces:
            item = wanted[piece.number].item
            await update.take(wanted[piece.number], piece)
            progress("Reading", before + min(piece.bytes_read, item.size), total)
            if piece.last:
                before += item.size


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


def _changed(
    inventory: Inventory, known: Mapping[str, ItemRecord], *, thorough: bool
) -> Iterator[tuple[Item, ItemRecord | None]]:
    """The items that are not, or may not be, what is known of them, with that."""
    for item in inventory.items:
        before = known.get(item.path)
        if before and item.stamp and item.stamp == before.stamp and not thorough:
            continue
        if before and item.details_unread:
            continue
        yield item, before
