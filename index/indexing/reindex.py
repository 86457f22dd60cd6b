"""Updates the store from the sources."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Protocol

from index.errors import ClipdeskError, CoverageError
from index.indexing.dispatch import read_items
from index.indexing.read_batches import PendingItem, ReadBatch, unchanged_batch, with_digest
from index.indexing.writer import Changes, Writer
from index.interface import Progress
from index.model import Skipped
from index.sources.checking import unexpected
from index.sources.http_result import HttpResult, Validators
from index.sources.source import Inventory, Item, Source, list_items, web_item
from index.sources.warnings import front_matter_warnings
from index.store.records import ItemRecord
from index.store.store import Store


class Fetch(Protocol):
    """Fetches an address; see `web.fetch`."""

    async def __call__(self, url: str, *, validators: Validators) -> HttpResult | None:
        """Return the response; None if it has not changed. Raises CoverageError."""


async def reindex(
    store: Store, sources: Sequence[Source], *, fetch: Fetch, thorough: bool, progress: Progress
) -> Changes:
    """Read what is new or changed in `sources`, and remove what is gone from them.

    A thorough reindex compares contents and fetches every address again; otherwise a file with the
    same size and modification time counts as unchanged, as does an address fetched before. All is
    written in one transaction, and nothing if nothing has changed. What cannot be read now is
    skipped, and stays as it was read last. Raises StoreError, and then leaves the store unchanged.
    """
    changes = Changes()
    pending: list[PendingItem] = []
    unchanged: list[tuple[PendingItem, ReadBatch]] = []
    gone: list[tuple[str, str]] = []
    for number, source in enumerate(sources):
        progress("Looking for changes", number, len(sources))
        stored = await store.items(source.location)
        inventory = await _take_inventory(store, source, fetch, thorough=thorough)
        changes.skipped += inventory.skipped
        changes.warnings += inventory.warnings
        gone += ((source.location, path) for path in inventory.gone(stored))
        for item, record in _may_have_changed(inventory, stored, thorough=thorough):
            one = PendingItem(source.location, item, record)
            if record and item.reader.is_archive:  # large: if unchanged, not worth a process
                one = await asyncio.to_thread(with_digest, one)
            if batch := unchanged_batch(one):
                unchanged.append((one, batch))
            else:
                pending.append(one)
    async with AsyncExitStack() as transaction:
        writer = Writer(store, transaction, changes)
        for one, batch in unchanged:
            await writer.write_batch(one, batch)
        await _read(pending, store.file, writer, progress)
        await writer.remove(gone)
        for location, keys in changes.unknown_keys.items():
            changes.warnings += front_matter_warnings(location, keys)
        if changes.added or changes.changed or changes.removed:
            await store.note_reindex()
    return changes


async def _read(
    pending: Sequence[PendingItem], database: Path, writer: Writer, progress: Progress
) -> None:
    total = sum(one.item.size for one in pending)
    done = 0  # bytes of the items that are read to the end
    if pending:
        progress("Reading", 0, total)
    async with aclosing(read_items(pending, database)) as batches:
        async for batch in batches:
            item = pending[batch.number].item
            await writer.write_batch(pending[batch.number], batch)
            progress("Reading", done + min(batch.bytes_read, item.size), total)
            if batch.is_last:
                done += item.size


async def _take_inventory(
    store: Store, source: Source, fetch: Fetch, *, thorough: bool
) -> Inventory:
    """The inventory of a source; an unexpected fault costs that source, which stays as it was."""
    try:
        if source.is_web:
            return await _fetch_address(store, source, fetch, thorough=thorough)
        return await asyncio.to_thread(list_items, source)
    except ClipdeskError:  # of the store
        raise
    except Exception as error:  # noqa: BLE001 - as said
        skipped = Skipped(source.location, str(unexpected(error)))
        return Inventory((), (skipped,), frozenset({source.location}))


async def _fetch_address(
    store: Store, source: Source, fetch: Fetch, *, thorough: bool
) -> Inventory:
    """Inventory of an address: as it responds now, otherwise as it responded last."""
    address = source.location
    last = await store.fetched(address)
    skipped: tuple[Skipped, ...] = ()
    if thorough or last is None:
        try:
            now = await fetch(address, validators=last.validators if last else Validators())
        except CoverageError as error:
            known = "; the version fetched earlier stays in the index" if last else ""
            skipped = (Skipped(address, f"{error}{known}"),)
        else:
            if now is not None:
                await store.put_fetched(address, now)
                last = now
    if last is None:
        return Inventory((), skipped, frozenset({address}))
    return Inventory((web_item(source, last),), skipped)


def _may_have_changed(
    inventory: Inventory, stored: Mapping[str, ItemRecord], *, thorough: bool
) -> Iterator[tuple[Item, ItemRecord | None]]:
    """Yield the items that are new or may have changed, with their stored records."""
    for item in inventory.items:
        record = stored.get(item.path)
        if record and item.stamp and item.stamp == record.stamp and not thorough:
            continue
        if record and item.details_unread:
            continue
        yield item, record
