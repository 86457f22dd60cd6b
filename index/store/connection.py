"""The one connection that writes to the database: its transactions and its schema.

A reindex is one transaction, so a killed process leaves the old state or the new one, never a mix.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiosqlite

from index.errors import StoreError
from index.store.database import BUSY_TIMEOUT_S, as_openable, existing
from index.store.migrations import MIGRATIONS
from index.store.recovery import store_errors


@asynccontextmanager
async def connect(path: str, file: Path, *, kept: bool) -> AsyncIterator["Connection"]:
    """Open the database in `file` for writing, and migrate it to the newest schema.

    Messages name it by `path`, as the owner gave it. The file must exist and be known to be
    clipdesk's. One that is not `kept` is deleted when the program ends. Raises StoreError where it
    cannot be opened, or was written by a newer version. One that cannot be written is opened for
    reading only, and writing to it raises StoreError.
    """
    with store_errors(file, path):
        uri = await asyncio.to_thread(as_openable, file)
        is_writable = uri == existing(file) and os.access(file, os.W_OK)
        db = await aiosqlite.connect(uri, isolation_level=None, timeout=BUSY_TIMEOUT_S, uri=True)
    try:
        connection = Connection(db, path, file)
        if is_writable:
            await connection.prepare(kept=kept)
        else:
            await connection.check_version()
        yield connection
    finally:
        await db.close()


class Connection:
    """The open database. Every method raises StoreError where SQLite cannot do it."""

    def __init__(self, db: aiosqlite.Connection, path: str, file: Path) -> None:
        self._db = db
        self._path = path
        self._file = file
        self._writer = asyncio.Lock()  # locked while a transaction is open

    @property
    def is_writing(self) -> bool:
        """True if a transaction is open."""
        return self._writer.locked()

    async def prepare(self, *, kept: bool) -> None:
        """Set up the connection, and migrate the schema to the newest version."""
        version = await self._version()  # before anything is written to it
        await self.run("PRAGMA journal_mode = WAL")
        # With WAL, only FULL lets a finished reindex survive a power cut.
        await self.run(f"PRAGMA synchronous = {'FULL' if kept else 'OFF'}")
        await self.run("PRAGMA foreign_keys = ON")
        while version < len(MIGRATIONS):
            async with self.transaction():
                version = await self._version()  # another process may have migrated it
                if version < len(MIGRATIONS):
                    for statement in MIGRATIONS[version]:
                        await self.run(statement)
                    version += 1
                    await self.run(f"PRAGMA user_version = {version}")

    async def check_version(self) -> None:
        """Raise StoreError for a schema that is older, and cannot be migrated, or newer."""
        if await self._version() < len(MIGRATIONS):
            raise StoreError(
                "The database {path} cannot be used ({why}); check the disk and permissions, or "
                "choose another with --database.",
                path=self._path,
                why="it is of an older clipdesk and cannot be written",
            )

    async def _version(self) -> int:
        """The version of the schema. Raises StoreError for one that this program does not know."""
        [[version]] = await self.rows("PRAGMA user_version")
        if version > len(MIGRATIONS):
            raise StoreError(
                "The database {path} was written by a newer clipdesk; "
                "update clipdesk, or choose another with --database.",
                path=self._path,
            )
        return int(version)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Commit what is written within the block, or nothing of it where that raises."""
        async with self._writer:
            await self.run("BEGIN IMMEDIATE")
            try:
                yield
                await self.run("COMMIT")
            except BaseException:
                with suppress(StoreError):  # SQLite rolls back by itself when the disk is full
                    await self.run("ROLLBACK")
                raise

    async def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement with values for its parameters."""
        with store_errors(self._file, self._path):
            await (await self._db.execute(statement, values)).close()

    async def run_many(self, statement: str, values: Sequence[Sequence[object]]) -> None:
        """Run a statement once for each row of values."""
        with store_errors(self._file, self._path):
            await (await self._db.executemany(statement, values)).close()

    async def rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """Fetch the rows that a statement returns."""
        with store_errors(self._file, self._path):
            return list(await self._db.execute_fetchall(statement, values))
