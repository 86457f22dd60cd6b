"""Stores articles and their paragraphs in SQLite."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import msgspec

from index.errors import StoreError
from index.sources.http_result import HttpResult, Validators
from index.store.connection import Connection, connect
from index.store.database import BUSY_TIMEOUT_S, empty_database
from index.store.key_values import KeyValueStore
from index.store.ownership import check_database, create
from index.store.records import ArticleRecord, ItemRecord, NewArticle
from index.store.recovery import SavedValue, move_damaged_aside

MEMORY = ":memory:"

_REMOVE = "UPDATE article SET removed = 1"  # `collect` deletes the row later


def now() -> str:
    """The current time, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@asynccontextmanager
async def open_store(path: str) -> AsyncIterator["Store"]:
    """Open the database at `path`, or create it; `MEMORY` for a temporary one.

    A link is followed, even to a file that does not exist yet. A damaged database of ours is moved
    aside and replaced by a new one with the key-value pairs that can still be read; all else can be
    read from the sources again. Raises StoreError where the database cannot be opened, was written
    by a newer version, or is not ours; see `ownership`.
    """
    async with AsyncExitStack() as opened:
        saved: list[SavedValue] = []
        if path == MEMORY:
            # Still a file, as read connections open it separately.
            file = Path(opened.enter_context(TemporaryDirectory(prefix="clipdesk"))) / "clipdesk.db"
            file.write_bytes(empty_database())
        else:
            file, saved = await asyncio.to_thread(_prepare_file, path)
        db = await opened.enter_async_context(connect(path, file, kept=path != MEMORY))
        store = Store(db, path, file)
        await store.key_values.restore(saved)
        yield store
        await store.key_values.write()


def _prepare_file(path: str) -> tuple[Path, list[SavedValue]]:
    """Make sure that the file of the database exists; return it, and what a damaged one had.

    Raises StoreError.
    """
    file = Path(os.path.realpath(path))
    saved = move_damaged_aside(file, BUSY_TIMEOUT_S) if check_database(file) else []
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            with suppress(FileExistsError):  # another process has created it
                create(file, empty_database())
    except OSError as error:
        raise StoreError(
            "The database {path} cannot be created ({why}); choose another with --database.",
            path=file,
            why=error.strerror,
        ) from error
    return file, saved


class Store:
    """The stored coverage. Every method raises StoreError where SQLite fails.

    `path` is the database as the owner named it, and `file` its real path.
    """

    def __init__(self, db: Connection, path: str, file: Path) -> None:
        self.path = path
        self.file = file
        self.key_values = KeyValueStore(db)
        self._db = db

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Commit what is written within the block, or nothing; then write delayed values."""
        async with self._db.transaction():
            yield
        await self.key_values.write()

    async def items(self, source: str) -> dict[str, ItemRecord]:
        """The records of a source's items, by path."""
        rows = await self._db.rows(
            "SELECT path, row, stamp, digest FROM item WHERE source = ?", [source]
        )
        return {path: ItemRecord(*fields) for path, *fields in rows}

    async def item(self, source: str, path: str) -> ItemRecord:
        """The record of an item, which is added with empty fields where it is new."""
        where = [source, path]
        await self._db.run(
            "INSERT INTO item (source, path, stamp, digest) VALUES (?, ?, '', '')"
            " ON CONFLICT DO NOTHING",
            where,
        )
        [fields] = await self._db.rows(
            "SELECT row, stamp, digest FROM item WHERE source = ? AND path = ?", where
        )
        return ItemRecord(*fields)

    async def mark_item(self, row: int, stamp: str, digest: str) -> None:
        """Store the stamp and the digest of an item that has been read."""
        await self._db.run(
            "UPDATE item SET stamp = ?1, digest = ?2"
            " WHERE row = ?3 AND (stamp <> ?1 OR digest <> ?2)",
            [stamp, digest, row],
        )

    async def remove_item(self, source: str, path: str) -> int:
        """Remove an item with its articles; return how many these were."""
        [[row, count]] = await self._db.rows(
            "SELECT item.row, count(article.row) FROM item LEFT JOIN article"
            " ON article.item = item.row AND NOT removed WHERE source = ? AND path = ?",
            [source, path],
        )
        await self._db.run(f"{_REMOVE} WHERE item = ? AND NOT removed", [row])
        await self._db.run("DELETE FROM item WHERE row = ?", [row])
        return int(count)

    async def known_articles(self, item: int) -> dict[str, ArticleRecord]:
        """The records of an item's articles, by article id."""
        rows = await self._db.rows(
            "SELECT id, row, position, digest, line FROM article WHERE item = ? AND NOT removed",
            [item],
        )
        return {key: ArticleRecord._make(fields) for key, *fields in rows}

    async def put_articles(self, item: int, articles: Sequence[NewArticle]) -> None:
        """Store articles with their paragraphs; replace those with the same ids in their item."""
        [[row]] = await self._db.rows(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'article'"
        )
        rows = range(row + 1, row + 1 + len(articles))
        numbered = [*zip(rows, articles, strict=True)]
        await self._db.run_many(
            f"{_REMOVE} WHERE item = ? AND id = ? AND NOT removed",
            [(item, one.article.id) for one in articles],
        )
        await self._db.run_many(
            "INSERT INTO article (row, item, position, digest, line, id, title, publisher, author,"
            " published, url, brief, paragraphs, pages)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, item, one.position, one.digest, one.line, about.id, about.title,
                 about.publisher, about.author, about.published, about.url, about.brief,
                 about.paragraphs, " ".join(map(str, about.pages)))
                for row, one in numbered for about in [one.article]
            ],
        )  # fmt: skip
        # One statement for all paragraphs of an article: between statements, SQLite's thread waits
        # for the interpreter, each time for as long as questions keep that busy.
        await self._db.run_many(
            "INSERT INTO passage (article, number, text)"
            " SELECT ?, key + 1, value FROM json_each(?)",
            [(row, msgspec.json.encode(one.paragraphs).decode()) for row, one in numbered],
        )

    async def move_articles(self, moved: Sequence[tuple[int, bytes, int]]) -> None:
        """Store the new position, and the line's digest, of unchanged articles in those rows."""
        await self._db.run_many("UPDATE article SET position = ?, line = ? WHERE row = ?", moved)

    async def remove_articles(self, rows: Iterable[int]) -> None:
        """Mark articles as removed; they stay until no snapshot in use has them."""
        await self._db.run_many(f"{_REMOVE} WHERE row = ?", [(row,) for row in rows])

    async def collect(self) -> None:
        """Delete removed articles, as only the newest snapshot is in use from now on."""
        if await self._db.rows("SELECT 1 FROM article WHERE removed LIMIT 1"):
            async with self.transaction():
                await self._db.run("DELETE FROM article WHERE removed")

    async def fetched(self, address: str) -> HttpResult | None:
        """The last response of an address; None before the first."""
        rows = await self._db.rows(
            "SELECT final_url, body, content_type, charset, validators_url, etag, last_modified"
            " FROM fetched WHERE address = ?",
            [address],
        )
        for url, body, content_type, charset, *validators in rows:
            return HttpResult(url, body, content_type, charset, Validators(*validators))
        return None

    async def put_fetched(self, address: str, fetched: HttpResult) -> None:
        """Store the response of an address."""
        await self._db.run(
            "REPLACE INTO fetched VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [address, fetched.url, fetched.body, fetched.content_type, fetched.charset,
             *astuple(fetched.validators)],
        )  # fmt: skip

    async def note_reindex(self) -> None:
        """Record that a reindex with changes ends now, and give its snapshot an id."""
        await self._db.run(
            "REPLACE INTO reindex (row, finished, generation) VALUES (1, ?, ?)",
            [now(), uuid4().hex],
        )

    async def snapshot_id(self) -> str:
        """The id of the newest committed snapshot; empty before the first."""
        rows = await self._db.rows("SELECT generation FROM reindex")
        return str(rows[0][0]) if rows else ""

    async def last_reindex(self) -> str:
        """The time of the last reindex with changes, ISO 8601 in UTC; empty before the first."""
        rows = await self._db.rows("SELECT finished FROM reindex")
        return str(rows[0][0]) if rows else ""
