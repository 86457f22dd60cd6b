"""The key-value store: values persist, expire, are bounded, and survive failed reindexes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import StoreError
from index.store import key_values as keeping
from index.store.store import MEMORY, Store, open_store

DAY_S = 24 * 60 * 60


class Clock:
    """A clock that stands still until it is advanced."""

    def __init__(self) -> None:
        self.now = 1_600_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(keeping, "time", clock)
    return clock


async def test_value_survives_a_restart(database: Path) -> None:
    async with open_store(str(database)) as store:
        assert await store.key_values.get("a") is None
        await store.key_values.put("a", b"\0one")
        await store.key_values.put("a", b"two")
        await store.key_values.put("b", b"")
    async with open_store(str(database)) as store:
        assert await store.key_values.get("a") == b"two"
        assert await store.key_values.get("b") == b""
        await store.key_values.delete("a")
        await store.key_values.delete("never there")
        assert await store.key_values.get("a") is None


async def test_memory_database_keeps_values_until_it_is_closed() -> None:
    async with open_store(MEMORY) as store:
        await store.key_values.put("a", b"one", days=1)
        assert await store.key_values.get("a") == b"one"


async def test_value_expires_and_is_deleted(store: Store, clock: Clock) -> None:
    await store.key_values.put("month", b"x", days=30)
    await store.key_values.put("forever", b"x")
    clock.now += 30 * DAY_S - 1
    assert await store.key_values.get("month") == b"x"
    clock.now += 1
    assert await store.key_values.get("month") is None
    assert await store.key_values.get_all("") == {"forever": b"x"}
    await store.key_values.put("new", b"x", days=1)
    rows = await store._db.rows("SELECT key FROM note ORDER BY key")  # noqa: SLF001 - to see it gone
    assert [key for [key] in rows] == ["forever", "new"]


async def test_values_are_found_by_key_prefix(store: Store) -> None:
    for key in ("vote b", "vote a", "voter", "VOTE c", "vote %"):
        await store.key_values.put(key, key.encode())
    assert list(await store.key_values.get_all("vote ")) == ["vote b", "vote a", "vote %"]


async def test_only_the_newest_expiring_values_are_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MAX_EXPIRING", 5)
    await store.key_values.put("setting", b"x")
    for number in range(20):
        await store.key_values.put(str(number), b"x", days=1)
    await store.key_values.put("16", b"again", days=1)
    assert list(await store.key_values.get_all("")) == ["setting", "17", "18", "19", "16"]


async def test_failed_reindex_loses_no_values(store: Store) -> None:
    await store.key_values.put("old", b"x")

    async def fail() -> None:
        async with store.transaction():
            await store.item("/news", "/news/a.md")
            await store.key_values.put("a", b"one")
            await store.key_values.delete("old")
            assert await store.key_values.get("a") == b"one"
            assert await store.key_values.get("old") is None
            assert await store.key_values.get_all("") == {"a": b"one"}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await store.items("/news") == {}
    assert await store.key_values.get("a") == b"one"
    await store.key_values.put("b", b"two")
    assert await store.key_values.get_all("") == {"a": b"one", "b": b"two"}


async def test_values_put_during_a_reindex_are_written_after_it(database: Path) -> None:
    async with open_store(str(database)) as store, store.transaction():
        await store.key_values.put("a", b"one")
    async with open_store(str(database)) as store:
        assert await store.key_values.get("a") == b"one"


async def test_value_that_cannot_be_written_is_kept_for_later(store: Store) -> None:
    trigger = "CREATE TRIGGER full BEFORE INSERT ON note BEGIN SELECT raise(ABORT, 'full'); END"
    await store._db.run(trigger)  # noqa: SLF001 - a full disk is hard to come by
    with pytest.raises(StoreError):
        await store.key_values.put("a", b"one")
    assert await store.key_values.get("a") == b"one"
    await store._db.run("DROP TRIGGER full")  # noqa: SLF001
    await store.key_values.put("b", b"two")
    rows = await store._db.rows("SELECT key FROM note ORDER BY key")  # noqa: SLF001
    assert [key for [key] in rows] == ["a", "b"]


async def test_values_are_recovered_from_a_damaged_database(
    database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(str(database)) as store:
        for number in range(1_000):
            await store.key_values.put(f"{number:03}", b"x" * 500, days=number % 2 or None)
    _damage_a_page_of_values(database, b"500" + b"x" * 500)
    async with open_store(str(database)) as store:
        saved = await store.key_values.get_all("")
        assert 900 < len(saved) < 1_000
        first, *_, last = saved
        assert list(saved) == sorted(saved)
        assert (first, last) == ("000", "999")
        assert set(saved.values()) == {b"x" * 500}
        rows = await store._db.rows("SELECT key FROM note WHERE expires IS NULL")  # noqa: SLF001
        assert {int(key) % 2 for [key] in rows} == {0}
        await store.key_values.put("new", b"x")
    assert f"created again with {len(saved)} of its stored values" in caplog.text
    async with open_store(str(database)) as store:
        assert len(await store.key_values.get_all("")) == len(saved) + 1


def _damage_a_page_of_values(database: Path, on_it: bytes) -> None:
    with closing(sqlite3.connect(database)) as db:
        [size] = db.execute("PRAGMA page_size").fetchone()
    data = bytearray(database.read_bytes())
    page = data.index(on_it) // size * size
    data[page : page + size] = b"\xff" * size
    database.write_bytes(data)
