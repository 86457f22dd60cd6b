"""Writes read batches to the store."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from index.indexing.read_batches import PendingItem, ReadBatch
from index.model import CoverageWarning, Skipped
from index.store.records import ArticleRecord, NewArticle
from index.store.store import Store


@dataclass(slots=True)
class Changes:
    """The result of a reindex: numbers of articles, and what could not be read.

    `unknown_keys` are those of front matter, by source.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[CoverageWarning] = field(default_factory=list)
    unknown_keys: dict[str, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _OpenItem:
    """An item with batches still to come.

    `left` are its stored articles, by id, that no batch has had yet; `unreadable` the positions
    that cannot be read now. It `is_current` where the store has the same digest already, and
    `is_overtaken` where another process has meanwhile changed a line that was not read again.
    """

    row: int
    is_current: bool
    left: dict[str, ArticleRecord]
    unreadable: set[int] = field(default_factory=set)
    is_overtaken: bool = False


class Writer:
    """Writes batches, and removes what is gone.

    Enters `transaction` before the first write; the caller closes it.
    """

    def __init__(self, store: Store, transaction: AsyncExitStack, changes: Changes) -> None:
        self._store = store
        self._transaction = transaction
        self._in_transaction = False
        self._changes = changes
        self._item: _OpenItem | None = None

    async def write_batch(self, pending: PendingItem, batch: ReadBatch) -> None:
        """Write a batch of an item; all batches of an item must come in order, without others.

        An item that breaks off, or that another process has overtaken, keeps what was read of it,
        now or before, and is read again next time. An article whose position cannot be read now
        stays as it was.
        """
        known = self._changes.skipped[-1:]  # one that stands for more may have come before
        self._changes.skipped += (one for one in batch.skipped if one not in known)
        self._changes.unknown_keys.setdefault(pending.source, set()).update(batch.unknown_keys)
        if not batch.digest:
            return
        if batch.is_unchanged and pending.record and pending.record.stamp == pending.item.stamp:
            return
        await self._begin()
        item = self._item = self._item or await self._open(pending, batch)
        if not (batch.is_unchanged or item.is_current):
            await self._put(item, batch)
        if batch.is_last:
            await self._close(item, pending, batch)
            self._item = None

    async def remove(self, gone: Iterable[tuple[str, str]]) -> None:
        """Remove items, each given as its source and path."""
        for source, path in gone:
            await self._begin()
            self._changes.removed += await self._store.remove_item(source, path)

    async def _begin(self) -> None:
        if not self._in_transaction:
            await self._transaction.enter_async_context(self._store.transaction())
            self._in_transaction = True

    async def _open(self, pending: PendingItem, batch: ReadBatch) -> _OpenItem:
        record = await self._store.item(pending.source, pending.item.path)
        # It may only have been touched, or another process may have read it meanwhile.
        is_current = record.digest == batch.digest
        left = {} if is_current else await self._store.known_articles(record.row)
        return _OpenItem(record.row, is_current, left)

    async def _put(self, item: _OpenItem, batch: ReadBatch) -> None:
        """Write the articles that are new, changed or moved."""
        new: list[NewArticle] = []
        moved: list[tuple[int, bytes, int]] = []
        for article in batch.articles:
            record = item.left.pop(article.article.id, None)
            if record is None or record.digest != article.digest:
                new.append(article)
                self._changes.added += record is None
                self._changes.changed += record is not None
            elif (record.position, record.line) != (article.position, article.line):
                moved.append((article.position, article.line, record.row))
        for position, article_id, line in batch.unchanged_lines:
            record = item.left.pop(article_id, None)
            if record is None or record.line != line:
                item.is_overtaken = True
            elif record.position != position:
                moved.append((position, record.line, record.row))
        item.unreadable.update(batch.unreadable)
        if new:
            await self._store.put_articles(item.row, new)
        if moved:
            await self._store.move_articles(moved)

    async def _close(self, item: _OpenItem, pending: PendingItem, batch: ReadBatch) -> None:
        """Remove the articles that are gone, and store the item's stamp and digest."""
        if batch.is_unchanged and not item.is_current:
            return  # another process has read a later version
        if (batch.breaks_off or item.is_overtaken) and not item.is_current:
            await self._store.mark_item(item.row, stamp="", digest="")
            return
        gone = [one.row for one in item.left.values() if one.position not in item.unreadable]
        await self._store.remove_articles(gone)
        self._changes.removed += len(gone)
        await self._store.mark_item(item.row, pending.item.stamp, batch.digest)
