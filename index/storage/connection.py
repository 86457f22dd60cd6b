"""The one connection that writes to the database: its transactions, and its schema.

A reindex is one transaction, so that a process that is killed leaves the old state or the new one,
and never a mixture.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiosqlite

from index.errors import StoreError
from index.storage.damage import store_errors
from index.storage.database import BUSY_TIMEOUT_S
from index.storage.migrations import APPLICATION_ID, MIGRATIONS


@asynccontextmanager
async def connect(path: str, file: Path, *, kept: bool) -> AsyncIterator["Connection"]:
    """A connection to the database in `file`, which its owner calls `path`, with the newest schema.

    One that is not `kept` ends with the program. Raises StoreError where it cannot be opened, or
    was written by a newer version.
    """
    with store_errors(path):
        db = await aiosqlite.connect(file, isolation_level=None, timeout=BUSY_TIMEOUT_S)
    try:
        connection = Connection(db, path)
        await connection.prepare(kept=kept)
        yield connection
    finally:
        await db.close()


class Connection:
    """The open database. Every method raises StoreError where SQLite cannot do it."""

    def __init__(self, db: aiosqlite.Connection, path: str) -> None:
        self._db = db
        self._path = path
        self._writer = asyncio.Lock()  # held by the one transaction that the connection can have

    @property
    def is_writing(self) -> bool:
        """Whether a transaction is open."""
        return self._writer.locked()

    async def prepare(self, *, kept: bool) -> None:
        """Set the connection up and migrate the schema to the newest version."""
        version = await self._version()  # before anything is written to it
        await self.run("PRAGMA journal_mode = WAL")
        # With WAL, only FULL lets a finished reindex survive a power cut.
        await self.run(f"PRAGMA synchronous = {'FULL' if kept else 'OFF'}")
        await self.run("PRAGMA foreign_keys = ON")
        while version < len(MIGRATIONS):
            async with self.transaction():
                version = await self._version()  # another process may have been faster
                if version < len(MIGRATIONS):
                    for statement in MIGRATIONS[version]:
                        await self.run(statement)
                    version += 1
                    await self.run(f"PRAGMA application_id = {APPLICATION_ID}")
                    await self.run(f"PRAGMA user_version = {version}")

    async def _version(self) -> int:
        """The schema's version. Raises StoreError for a newer one, or another program's."""
        [[tables, owner, version]] = await self.rows(  # at once: another process may be writing
            "SELECT count(*), (SELECT application_id FROM pragma_application_id),"
            " (SELECT user_version FROM pragma_user_version) FROM sqlite_master"
        )
        if owner != APPLICATION_ID and (owner or version or tables):
            raise StoreError(
                "The database {path} is not one of clipdesk; choose another with --database.",
                path=self._path,
            )
        if version > len(MIGRATIONS):
            raise StoreError(
                "The database {path} was written by a newer clipdesk; "
                "update clipdesk, or choose another with --database.",
                path=self._path,
            )
        return int(version)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All or nothing of what is written within."""
        async with self._writer:
            await self.run("BEGIN IMMEDIATE")
            try:
                yield
                await self.run("COMMIT")
            except BaseException:
                with suppress(StoreError):  # SQLite has rolled back by itself with a full disk
                    await self.run("ROLLBACK")
                raise

    async def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement with values for its question marks."""
        with store_errors(self._path):
            await (await self._db.execute(statement, values)).close()

    async def run_many(self, statement: str, values: Sequence[Sequence[object]]) -> None:
        """Run a statement once for each of the rows of values."""
        with store_errors(self._path):
            await (await self._db.executemany(statement, values)).close()

    async def rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows that a statement gives."""
        with store_errors(self._path):
            return list(await self._db.execute_fetchall(statement, values))
