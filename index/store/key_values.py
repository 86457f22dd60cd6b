"""What the bot keeps by itself beside the coverage, such as which passages are below a message.

Notes are written between reindexes: one that fails takes none of them with it.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.store.connection import Connection
from index.store.recovery import SavedNote

NOTES_KEPT = 50_000  # notes that end some day; beyond, those written first are forgotten
_DAY_S = 24 * 60 * 60
_SECRET = "secret of votes"  # noqa: S105 - the key of a note; votes were the first to need it
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class _Note:
    """What is to be written under a key: None to forget it. `expires` in seconds of Unix time."""

    value: bytes | None
    expires: int | None = None

    @property
    def alive(self) -> bytes | None:
        """The value, if it has not expired."""
        return self.value if self.expires is None or self.expires > time.time() else None


class KeyValueStore:
    """Notes by their keys. Every method raises StoreError where SQLite cannot do it."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._unwritten: dict[str, _Note] = {}
        self._secret: bytes | None = None

    async def put(self, key: str, value: bytes, days: int | None = None) -> None:
        """Keep a note under `key`, in place of what was there, for so many days; None for good.

        Of those with days, the `NOTES_KEPT` newest are kept. While a reindex is written, a note is
        held in memory, and written after it.
        """
        self.put_later(key, value, days)
        await self._write_soon()

    def put_later(self, key: str, value: bytes, days: int | None = None) -> None:
        """Keep a note as `put` does, and leave it to `write` to write it, with others."""
        expires = None if days is None else int(time.time()) + days * _DAY_S
        self._note(key, _Note(value, expires))

    async def delete(self, key: str) -> None:
        """Forget the note under `key`, if there is one."""
        self._note(key, _Note(None))
        await self._write_soon()

    async def get(self, key: str) -> bytes | None:
        """The note under `key`; None where there is none, or it has expired."""
        if key in self._unwritten:
            return self._unwritten[key].alive
        rows = await self._db.rows("SELECT value, expires FROM note WHERE key = ?", [key])
        return _Note(*rows[0]).alive if rows else None

    async def secret(self) -> bytes:
        """A random key of this database's own, for hashes that nobody else can compute.

        A new one is held like any note: an answer must not wait for the disk because of it.
        """
        if self._secret is None:
            known = await self.get(_SECRET)
            if self._secret is None:  # two at once may have looked
                self._secret = known or secrets.token_bytes(_SECRET_BYTES)
                if known is None:
                    self.put_later(_SECRET, self._secret)
        return self._secret

    async def get_all(self, beginning: str) -> dict[str, bytes]:
        """All notes whose key has that `beginning`, by their key, in the order of writing."""
        found = await self._db.rows(
            "SELECT key, value, expires FROM note WHERE substr(key, 1, ?1) = ?2 ORDER BY row",
            [len(beginning), beginning],
        )
        key_values = {key: _Note(value, expires) for key, value, expires in found}
        key_values |= {
            key: note for key, note in self._unwritten.items() if key.startswith(beginning)
        }
        return {key: value for key, note in key_values.items() if (value := note.alive) is not None}

    async def restore(self, key_values: Iterable[SavedNote]) -> None:
        """Keep notes of another database, in the order in which they were written there."""
        self._unwritten |= {key: _Note(value, expires) for key, value, expires in key_values}
        await self.write()

    def _note(self, key: str, note: _Note) -> None:
        self._unwritten.pop(key, None)  # the newest comes last
        self._unwritten[key] = note
        if len(self._unwritten) > NOTES_KEPT:
            del self._unwritten[next(iter(self._unwritten))]

    async def _write_soon(self) -> None:
        if not self._db.is_writing:
            await self.write()

    async def write(self) -> None:
        """Write the notes that are not written yet; they wait for another time where that fails."""
        while self._unwritten:
            writing = dict(self._unwritten)
            async with self._db.transaction():
                await self._write(writing)
            for key, note in writing.items():
                if self._unwritten.get(key) is note:
                    del self._unwritten[key]

    async def _write(self, key_values: Mapping[str, _Note]) -> None:
        gone = [[key] for key, note in key_values.items() if note.value is None]
        await self._db.run_many("DELETE FROM note WHERE key = ?", gone)
        kept = [
            [key, it.value, it.expires] for key, it in key_values.items() if it.value is not None
        ]
        await self._db.run_many("REPLACE INTO note (key, value, expires) VALUES (?, ?, ?)", kept)
        await self._db.run("DELETE FROM note WHERE expires <= ?", [int(time.time())])
        await self._db.run(
            "DELETE FROM note WHERE expires IS NOT NULL AND row <= (SELECT max(row) FROM note) - ?",
            [NOTES_KEPT],
        )
