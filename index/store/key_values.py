"""A key-value store for what the bot keeps beside the coverage, such as votes.

Values are written between reindexes, so that a reindex that fails does not take any with it.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.store.connection import Connection
from index.store.recovery import SavedValue

MAX_EXPIRING = 50_000  # values that expire; beyond these, the oldest are deleted
_DAY_S = 24 * 60 * 60
_SECRET = "secret of votes"  # noqa: S105 - a key; votes were the first to need it
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Value:
    """A value, or None to delete the key. `expires` is in seconds of Unix time, None for never."""

    value: bytes | None
    expires: int | None = None

    @property
    def current(self) -> bytes | None:
        """The value; None once it has expired."""
        return self.value if self.expires is None or self.expires > time.time() else None


class KeyValueStore:
    """Values by key. Every method raises StoreError where SQLite fails."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._unwritten: dict[str, _Value] = {}
        self._secret: bytes | None = None

    async def put(self, key: str, value: bytes, days: int | None = None) -> None:
        """Store a value in place of an earlier one, for so many days; None for good.

        Of the values that expire, the `MAX_EXPIRING` newest are kept. While a reindex is written, a
        value stays in memory, and is written after it.
        """
        self.put_later(key, value, days)
        await self._write_soon()

    def put_later(self, key: str, value: bytes, days: int | None = None) -> None:
        """Store a value as `put` does, but leave the writing to the next `write`."""
        expires = None if days is None else int(time.time()) + days * _DAY_S
        self._set(key, _Value(value, expires))

    async def delete(self, key: str) -> None:
        """Delete the value under `key`, if there is one."""
        self._set(key, _Value(None))
        await self._write_soon()

    async def get(self, key: str) -> bytes | None:
        """The value under `key`; None where there is none, or it has expired."""
        if key in self._unwritten:
            return self._unwritten[key].current
        rows = await self._db.rows("SELECT value, expires FROM note WHERE key = ?", [key])
        return _Value(*rows[0]).current if rows else None

    async def secret(self) -> bytes:
        """A random key of this database's own, for hashes that nobody else can compute.

        A new one is not written at once, so that no answer waits for the disk.
        """
        if self._secret is None:
            known = await self.get(_SECRET)
            if self._secret is None:  # two callers may have looked at once
                self._secret = known or secrets.token_bytes(_SECRET_BYTES)
                if known is None:
                    self.put_later(_SECRET, self._secret)
        return self._secret

    async def get_all(self, prefix: str) -> dict[str, bytes]:
        """All values whose key has that prefix, in the order in which they were written."""
        found = await self._db.rows(
            "SELECT key, value, expires FROM note WHERE substr(key, 1, ?1) = ?2 ORDER BY row",
            [len(prefix), prefix],
        )
        values = {key: _Value(value, expires) for key, value, expires in found}
        values |= {key: one for key, one in self._unwritten.items() if key.startswith(prefix)}
        return {key: value for key, one in values.items() if (value := one.current) is not None}

    async def restore(self, saved: Iterable[SavedValue]) -> None:
        """Store the values of another database, in the order in which they were written there."""
        self._unwritten |= {key: _Value(value, expires) for key, value, expires in saved}
        await self.write()

    def _set(self, key: str, value: _Value) -> None:
        self._unwritten.pop(key, None)  # the newest comes last
        self._unwritten[key] = value
        if len(self._unwritten) > MAX_EXPIRING:
            del self._unwritten[next(iter(self._unwritten))]

    async def _write_soon(self) -> None:
        if not self._db.is_writing:
            await self.write()

    async def write(self) -> None:
        """Write what is not written yet; where that fails, leave it to the next call."""
        while self._unwritten:
            writing = dict(self._unwritten)
            async with self._db.transaction():
                await self._write(writing)
            for key, value in writing.items():
                if self._unwritten.get(key) is value:
                    del self._unwritten[key]

    async def _write(self, values: Mapping[str, _Value]) -> None:
        deleted = [[key] for key, one in values.items() if one.value is None]
        await self._db.run_many("DELETE FROM note WHERE key = ?", deleted)
        kept = [
            [key, one.value, one.expires] for key, one in values.items() if one.value is not None
        ]
        await self._db.run_many("REPLACE INTO note (key, value, expires) VALUES (?, ?, ?)", kept)
        await self._db.run("DELETE FROM note WHERE expires <= ?", [int(time.time())])
        await self._db.run(
            "DELETE FROM note WHERE expires IS NOT NULL AND row <= (SELECT max(row) FROM note) - ?",
            [MAX_EXPIRING],
        )
