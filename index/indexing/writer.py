"""From what is read of items to what is stored of them."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from index.indexing.read_batches import PendingItem, ReadBatch
from index.model import CoverageWarning, Skipped
from index.store.records import ArticleRecord, NewArticle
from index.store.store import Store


@dataclass(slots=True)
class Changes:
    """What a reindex did, in numbers of articles, and what it could not read.

    `unknown_keys` are those of front matter, by the sources that have them.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[CoverageWarning] = field(default_factory=list)
    unknown_keys: dict[str, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Open:
    """An item of which pieces are still to come.

    `known` are the articles that it had and that have not come yet, by their ids; `unreadable` the
    places of what cannot be read now. It is `current` where what is stored is what it holds, and
    `overtaken` where another process has changed meanwhile what was not read again.
    """

    row: int
    current: bool
    known: dict[str, ArticleRecord]
    unreadable: set[int] = field(default_factory=set)
    overtaken: bool = False


class Writer:
    """What is stored, being brought up to what is read.

    `transaction` is entered with the first thing to be written; whoever made it ends it.
    """

    def __init__(self, store: Store, transaction: AsyncExitStack, changes: Changes) -> None:
        self._store = store
        self._transaction = transaction
        self._begun = False
        self._changes = changes
        self._item: _Open | None = None

    async def take(self, wanted: PendingItem, piece: ReadBatch) -> None:
        """Write a piece of an item; those of an item come in order, and no others between them.

        An item that breaks off, or that another process has overtaken, keeps what was read of it,
        now or before, and is read again next time. One whose place in the item cannot be read now
        stays as it was.
        """
        self._changes.skipped += piece.skipped
        self._changes.unknown_keys.setdefault(wanted.source, set()).update(piece.unknown_keys)
        if not piece.digest:
            return
        if piece.same and wanted.known and wanted.known.stamp == wanted.item.stamp:
            return
        await self._begin()
        item = self._item = self._item or await self._open(wanted, piece)
        if not (piece.same or item.current):
            await self._put(item, piece)
        if piece.last:
            await self._close(item, wanted, piece)
            self._item = None

    async def remove(self, gone: Iterable[tuple[str, str]]) -> None:
        """Forget items, each a source and a path."""
        for source, path in gone:
            await self._begin()
            self._changes.removed += await self._store.remove_item(source, path)

    async def _begin(self) -> None:
        if not self._begun:
            await self._transaction.enter_async_context(self._store.transaction())
            self._begun = True

    async def _open(self, wanted: PendingItem, piece: ReadBatch) -> _Open:
        known = await self._store.item(wanted.source, wanted.item.path)
        # It may only have been touched, or another process may have read it meanwhile.
        current = known.digest == piece.digest
        articles = {} if current else await self._store.known_articles(known.row)
        return _Open(known.row, current, articles)

    async def _put(self, item: _Open, piece: ReadBatch) -> None:
        """Write the articles that are not as they were."""
        new: list[NewArticle] = []
        moved: list[tuple[int, bytes, int]] = []
        for article in piece.articles:
            before = item.known.pop(article.article.id, None)
            if before is None or before.digest != article.digest:
                new.append(article)
                self._changes.added += before is None
                self._changes.changed += before is not None
            elif (before.position, before.line) != (article.position, article.line):
                moved.append((article.position, article.line, before.row))
        for position, key, line in piece.unread:
            before = item.known.pop(key, None)
            if before is None or before.line != line:
                item.overtaken = True
            elif before.position != position:
                moved.append((position, before.line, before.row))
        item.unreadable.update(piece.unreadable)
        if new:
            await self._store.put_articles(item.row, new)
        if moved:
            await self._store.move_articles(moved)

    async def _close(self, item: _Open, wanted: PendingItem, piece: ReadBatch) -> None:
        """Remove the articles that have not come, and note what the item is known by now."""
        if piece.same and not item.current:
            return  # another process has read what came after
        if (piece.breaks_off or item.overtaken) and not item.current:
            await self._store.mark_item(item.row, stamp="", digest="")
            return
        left = [one.row for one in item.known.values() if one.position not in item.unreadable]
        await self._store.remove_articles(left)
        self._changes.removed += len(left)
        await self._store.mark_item(item.row, wanted.item.stamp, piece.digest)
