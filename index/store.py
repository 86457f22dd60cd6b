"""Articles and paragraphs in SQLite: what is kept when the program ends.

One connection reads and writes. A reindex is one transaction, so that a process that is killed
leaves the old state or the new one, and never a mixture. Notes are written between reindexes: one
that fails takes none of them with it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

import aiosqlite
import msgspec

from index.coverage.fetched import Fetched, Validators
from index.coverage.sources import KnownLine
from index.damage import SavedNote, move_damaged_aside, store_errors
from index.database import BUSY_TIMEOUT_S
from index.errors import StoreError
from index.migrations import APPLICATION_ID, MIGRATIONS
from index.model import Article

MEMORY = ":memory:"

_REMOVE = "UPDATE article SET removed = 1"  # what is removed is collected later

NOTES_KEPT = 50_000  # notes that end some day; beyond, those written first are forgotten
_DAY_S = 24 * 60 * 60


class KnownItem(NamedTuple):
    """An item (see `sources.Item`) as it was last indexed."""

    row: int
    stamp: str
    digest: str


class KnownArticle(NamedTuple):
    """An article as it was last indexed: its place in its item, and a digest of all it says.

    `line` is a digest of the line of an archive that it was read from; empty for others.
    """

    row: int
    position: int
    digest: str
    line: bytes


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to be written, with all that a `KnownArticle` has, and its paragraphs."""

    position: int
    digest: str
    line: bytes
    article: Article
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Note:
    """What is to be written under a key: None to forget it. `expires` in seconds of Unix time."""

    value: bytes | None
    expires: int | None = None

    @property
    def alive(self) -> bytes | None:
        """The value, if it has not expired."""
        return self.value if self.expires is None or self.expires > time.time() else None


def now() -> str:
    """The time, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@asynccontextmanager
async def open_store(path: str) -> AsyncIterator["Store"]:
    """The database at `path`, made or brought up to date; `MEMORY` for one that is not kept.

    A file that is damaged, or no database at all, is moved aside and replaced by a new one: with
    the notes of it that can still be read, as all else can be read from the sources again. Raises
    StoreError where the database cannot be opened, or was written by a newer version.
    """
    async with AsyncExitStack() as opened:
        saved: list[SavedNote] = []
        if path == MEMORY:
            # A file even so: what reads it has connections of its own.
            file = Path(opened.enter_context(TemporaryDirectory(prefix="clipdesk"))) / "clipdesk.db"
        else:
            file = Path(path)
            saved = await asyncio.to_thread(_make_room, file)
        with store_errors(path):
            db = await aiosqlite.connect(file, isolation_level=None, timeout=BUSY_TIMEOUT_S)
        opened.push_async_callback(db.close)
        store = Store(db, path, file)
        await store.prepare()
        await store.restore(saved)
        yield store
        await store.write_notes()


def _make_room(file: Path) -> list[SavedNote]:
    """See to it that a database can be opened or made there; the notes of one that is damaged.

    Raises StoreError.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            "The database {path} cannot be made ({why}); choose another with --database.",
            path=file,
            why=error.strerror,
        ) from error
    return move_damaged_aside(file, BUSY_TIMEOUT_S)


class Store:
    """The open database. Every method raises StoreError where SQLite cannot do it.

    `path` is what the owner calls it, and `file` where it is.
    """

    def __init__(self, db: aiosqlite.Connection, path: str, file: Path) -> None:
        self.path = path
        self.file = file
        self._db = db
        self._writer = asyncio.Lock()  # held by the one transaction that the connection can have
        self._unwritten: dict[str, _Note] = {}

    async def prepare(self) -> None:
        """Set the connection up and migrate the schema to the newest version."""
        version = await self._version()  # before anything is written to it
        await self._run("PRAGMA journal_mode = WAL")
        # With WAL, only FULL lets a finished reindex survive a power cut.
        await self._run(f"PRAGMA synchronous = {'OFF' if self.path == MEMORY else 'FULL'}")
        await self._run("PRAGMA foreign_keys = ON")
        while version < len(MIGRATIONS):
            async with self.transaction():
                version = await self._version()  # another process may have been faster
                if version < len(MIGRATIONS):
                    for statement in MIGRATIONS[version]:
                        await self._run(statement)
                    version += 1
                    await self._run(f"PRAGMA application_id = {APPLICATION_ID}")
                    await self._run(f"PRAGMA user_version = {version}")

    async def _version(self) -> int:
        """The schema's version. Raises StoreError for a newer one, or another program's."""
        [[tables, owner, version]] = await self._rows(  # at once: another process may be writing
            "SELECT count(*), (SELECT application_id FROM pragma_application_id),"
            " (SELECT user_version FROM pragma_user_version) FROM sqlite_master"
        )
        if owner != APPLICATION_ID and (owner or version or tables):
            raise StoreError(
                "The database {path} is not one of clipdesk; choose another with --database.",
                path=self.path,
            )
        if version > len(MIGRATIONS):
            raise StoreError(
                "The database {path} was written by a newer clipdesk; "
                "update clipdesk, or choose another with --database.",
                path=self.path,
            )
        return int(version)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All or nothing of what is written within; the notes made meanwhile are written after."""
        async with self._writer:
            await self._run("BEGIN IMMEDIATE")
            try:
                yield
                await self._run("COMMIT")
            except BaseException:
                with suppress(StoreError):  # SQLite has rolled back by itself with a full disk
                    await self._run("ROLLBACK")
                raise
        await self.write_notes()

    async def items(self, source: str) -> dict[str, KnownItem]:
        """What is known of a source's items, by their path."""
        rows = await self._rows(
            "SELECT path, row, stamp, digest FROM item WHERE source = ?", [source]
        )
        return {path: KnownItem(*known) for path, *known in rows}

    async def item(self, source: str, path: str) -> KnownItem:
        """What is known of an item; nothing but its row where it is new."""
        where = [source, path]
        await self._run(
            "INSERT INTO item (source, path, stamp, digest) VALUES (?, ?, '', '')"
            " ON CONFLICT DO NOTHING",
            where,
        )
        [known] = await self._rows(
            "SELECT row, stamp, digest FROM item WHERE source = ? AND path = ?", where
        )
        return KnownItem(*known)

    async def mark_item(self, row: int, stamp: str, digest: str) -> None:
        """Note how an item will be known, now that it has been read."""
        await self._run(
            "UPDATE item SET stamp = ?1, digest = ?2"
            " WHERE row = ?3 AND (stamp <> ?1 OR digest <> ?2)",
            [stamp, digest, row],
        )

    async def remove_item(self, source: str, path: str) -> int:
        """Forget an item with its articles, and return how many these were."""
        [[row, count]] = await self._rows(
            "SELECT item.row, count(article.row) FROM item LEFT JOIN article"
            " ON article.item = item.row AND NOT removed WHERE source = ? AND path = ?",
            [source, path],
        )
        await self._run(f"{_REMOVE} WHERE item = ? AND NOT removed", [row])
        await self._run("DELETE FROM item WHERE row = ?", [row])
        return int(count)

    async def known_articles(self, item: int) -> dict[str, KnownArticle]:
        """What is known of an item's articles, by their id."""
        rows = await self._rows(
            "SELECT id, row, position, digest, line FROM article WHERE item = ? AND NOT removed",
            [item],
        )
        return {key: KnownArticle(*known) for key, *known in rows}

    async def known_lines(self, item: int) -> dict[bytes, KnownLine]:
        """The lines that an archive had, by their digests."""
        rows = await self._rows(
            "SELECT line, id, position FROM article WHERE item = ? AND NOT removed AND line <> x''",
            [item],
        )
        return {line: KnownLine(*known) for line, *known in rows}

    async def put_articles(self, item: int, articles: Sequence[NewArticle]) -> None:
        """Write articles with their paragraphs, in place of those of the same ids in their item."""
        [[row]] = await self._rows(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'article'"
        )
        rows = range(row + 1, row + 1 + len(articles))
        numbered = [*zip(rows, articles, strict=True)]
        await self._run_many(
            f"{_REMOVE} WHERE item = ? AND id = ? AND NOT removed",
            [(item, one.article.id) for one in articles],
        )
        await self._run_many(
            "INSERT INTO article (row, item, position, digest, line, id, title, publisher, author,"
            " published, url, brief, paragraphs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (row, item, one.position, one.digest, one.line, about.id, about.title,
                 about.publisher, about.author, about.published, about.url, about.brief,
                 about.paragraphs)
                for row, one in numbered for about in [one.article]
            ],
        )  # fmt: skip
        # One step for all paragraphs of an article: between steps, SQLite's thread has to wait
        # for the interpreter, each time for as long as questions keep it busy.
        await self._run_many(
            "INSERT INTO passage (article, number, text)"
            " SELECT ?, key + 1, value FROM json_each(?)",
            [(row, msgspec.json.encode(one.paragraphs).decode()) for row, one in numbered],
        )

    async def move_articles(self, places: Sequence[tuple[int, bytes, int]]) -> None:
        """Note of unchanged articles where they stand in their item: position, line, and row."""
        await self._run_many("UPDATE article SET position = ?, line = ? WHERE row = ?", places)

    async def remove_articles(self, rows: Iterable[int]) -> None:
        """Forget articles, once no generation that has them is in use."""
        await self._run_many(f"{_REMOVE} WHERE row = ?", [(row,) for row in rows])

    async def collect(self) -> None:
        """Let go of what was removed: only the newest generation is in use from now on."""
        if await self._rows("SELECT 1 FROM article WHERE removed LIMIT 1"):
            async with self.transaction():
                await self._run("DELETE FROM article WHERE removed")

    async def fetched(self, address: str) -> Fetched | None:
        """What `address` answered last."""
        rows = await self._rows(
            "SELECT final_url, body, content_type, charset, validators_url, etag, last_modified"
            " FROM fetched WHERE address = ?",
            [address],
        )
        for url, body, content_type, charset, *validators in rows:
            return Fetched(url, body, content_type, charset, Validators(*validators))
        return None

    async def put_fetched(self, address: str, fetched: Fetched) -> None:
        """Keep what `address` answered."""
        await self._run(
            "REPLACE INTO fetched VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [address, fetched.url, fetched.body, fetched.content_type, fetched.charset,
             *astuple(fetched.validators)],
        )  # fmt: skip

    async def note_reindex(self) -> None:
        """Note that a reindex that changed something has come to its end now."""
        await self._run(
            "REPLACE INTO reindex (row, finished, generation) VALUES (1, ?, ?)",
            [now(), uuid4().hex],
        )

    async def generation(self) -> str:
        """The name of the newest generation of the coverage; empty before the first."""
        rows = await self._rows("SELECT generation FROM reindex")
        return str(rows[0][0]) if rows else ""

    async def last_reindex(self) -> str:
        """When `note_reindex` was called last, ISO 8601 in UTC; empty before the first time."""
        rows = await self._rows("SELECT finished FROM reindex")
        return str(rows[0][0]) if rows else ""

    async def keep(self, key: str, value: bytes, days: int | None = None) -> None:
        """Keep a note under `key`, in place of what was there, for so many days; None for good.

        Of those with days, the `NOTES_KEPT` newest are kept. While a reindex is written, a note is
        held in memory, and written after it.
        """
        expires = None if days is None else int(time.time()) + days * _DAY_S
        await self._note(key, _Note(value, expires))

    async def forget(self, key: str) -> None:
        """Forget the note under `key`, if there is one."""
        await self._note(key, _Note(None))

    async def recall(self, key: str) -> bytes | None:
        """The note under `key`; None where there is none, or it has expired."""
        if key in self._unwritten:
            return self._unwritten[key].alive
        rows = await self._rows("SELECT value, expires FROM note WHERE key = ?", [key])
        return _Note(*rows[0]).alive if rows else None

    async def recall_all(self, beginning: str) -> dict[str, bytes]:
        """All notes whose key has that `beginning`, by their key, in the order of writing."""
        found = await self._rows(
            "SELECT key, value, expires FROM note WHERE substr(key, 1, ?1) = ?2 ORDER BY row",
            [len(beginning), beginning],
        )
        notes = {key: _Note(value, expires) for key, value, expires in found}
        notes |= {key: note for key, note in self._unwritten.items() if key.startswith(beginning)}
        return {key: value for key, note in notes.items() if (value := note.alive) is not None}

    async def restore(self, notes: Iterable[SavedNote]) -> None:
        """Keep notes of another database, in the order in which they were written there."""
        self._unwritten |= {key: _Note(value, expires) for key, value, expires in notes}
        await self.write_notes()

    async def _note(self, key: str, note: _Note) -> None:
        self._unwritten.pop(key, None)  # the newest comes last
        self._unwritten[key] = note
        if len(self._unwritten) > NOTES_KEPT:
            del self._unwritten[next(iter(self._unwritten))]
        if not self._writer.locked():
            await self.write_notes()

    async def write_notes(self) -> None:
        """Write the notes that are not written yet; they wait for another time where that fails."""
        while self._unwritten:
            writing = dict(self._unwritten)
            async with self._writer:
                await self._run("BEGIN IMMEDIATE")
                try:
                    await self._write_notes(writing)
                    await self._run("COMMIT")
                except BaseException:
                    with suppress(StoreError):
                        await self._run("ROLLBACK")
                    raise
            for key, note in writing.items():
                if self._unwritten.get(key) is note:
                    del self._unwritten[key]

    async def _write_notes(self, notes: Mapping[str, _Note]) -> None:
        for key, note in notes.items():
            if note.value is None:
                await self._run("DELETE FROM note WHERE key = ?", [key])
            else:
                values = [key, note.value, note.expires]
                await self._run("REPLACE INTO note (key, value, expires) VALUES (?, ?, ?)", values)
        await self._run("DELETE FROM note WHERE expires <= ?", [int(time.time())])
        await self._run(
            "DELETE FROM note WHERE expires IS NOT NULL AND row <= (SELECT max(row) FROM note) - ?",
            [NOTES_KEPT],
        )

    async def _run(self, statement: str, values: Sequence[object] = ()) -> None:
        with store_errors(self.path):
            await (await self._db.execute(statement, values)).close()

    async def _run_many(self, statement: str, values: Sequence[Sequence[object]]) -> None:
        with store_errors(self.path):
            await (await self._db.executemany(statement, values)).close()

    async def _rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        with store_errors(self.path):
            return list(await self._db.execute_fetchall(statement, values))
