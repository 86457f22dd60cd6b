"""The database: migrations, damage, transactions, and killed processes."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from database_rows import stored_articles
from index.errors import StoreError
from index.indexing.read_batches import new_article
from index.model import Block, ExtractedArticle
from index.store import connection as connecting
from index.store import recovery as damage
from index.store.database import empty_database
from index.store.migrations import APPLICATION_ID, MIGRATIONS
from index.store.store import MEMORY, Store, open_store

SOURCE = "/news"
PAGE = ExtractedArticle(
    (Block("One."), Block("Two.")), id="a", title="Piers", published="2021", brief=True
)

# Writes half of a reindex, says so, and waits to be killed.
_WRITER = """
import asyncio, sys
from index.model import Block, ExtractedArticle
from index.indexing.read_batches import new_article
from index.store.store import open_store

async def write():
    async with open_store(sys.argv[1]) as store, store.transaction():
        await store.remove_item("/news", "/news/a.md")
        for number in range(500):
            item = await store.item("/news", f"/news/{number}.md")
            page = ExtractedArticle((Block("Half-written. " * 50),), id=str(number))
            await store.put_articles(item.row, [new_article(0, page)])
        print("ready", flush=True)
        await asyncio.sleep(60)

asyncio.run(write())
"""


async def put(store: Store, page: ExtractedArticle = PAGE, path: str = "/news/a.md") -> None:
    item = await store.item(SOURCE, path)
    await store.put_articles(item.row, [new_article(0, page)])


def stored(store: Store) -> list[tuple[str, list[str]]]:
    return [(article.id, article.texts) for article in stored_articles(store.file, SOURCE)]


@contextmanager
def sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        yield db


def contents(path: Path) -> bytes:
    return path.read_bytes()


def damaged(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.damaged-*"))


async def test_articles_survive_reopening(database: Path) -> None:
    async with open_store(str(database)) as store:
        await put(store)
    async with open_store(str(database)) as store:
        [article] = stored_articles(store.file, SOURCE)
    assert (article.id, article.title, article.published) == ("a", "Piers", "2021")
    assert (article.brief, article.texts) == (True, ["One.", "Two."])


async def test_article_is_replaced_and_item_is_removed_completely(store: Store) -> None:
    await put(store)
    await put(store, ExtractedArticle((Block("Three."),), id="a"))
    await put(store, PAGE, "/news/b.md")
    assert stored(store) == [("a", ["Three."]), ("a", ["One.", "Two."])]
    assert await store.remove_item(SOURCE, "/news/a.md") == 1
    assert await store.remove_item(SOURCE, "/news/gone.md") == 0
    assert stored(store) == [("a", ["One.", "Two."])]


async def test_every_write_survives_a_power_cut(store: Store) -> None:
    # 2 is FULL.
    [[synchronous]] = await store._db.rows("PRAGMA synchronous")  # noqa: SLF001 - there is no other way to see it
    assert synchronous == 2


async def test_memory_database_is_not_kept() -> None:
    for _ in range(2):
        async with open_store(MEMORY) as store:
            assert stored(store) == []
            await put(store)


async def test_folder_of_the_database_is_created(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.db"
    async with open_store(str(path)):
        assert path.exists()


async def test_migrations_run_once_and_in_order(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(str(database)) as store:
        await put(store)
    added = ("ALTER TABLE article ADD COLUMN language TEXT NOT NULL DEFAULT ''",)
    monkeypatch.setattr(connecting, "MIGRATIONS", (*MIGRATIONS, added))
    for _ in range(2):
        async with open_store(str(database)) as store:
            assert stored(store) == [("a", ["One.", "Two."])]
    with sqlite(database) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)


async def test_a_migration_that_fails_leaves_the_old_schema(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(str(database)) as store:
        await put(store)
    broken = ("ALTER TABLE article ADD COLUMN language TEXT", "CREATE NONSENSE")
    with monkeypatch.context() as patched:
        patched.setattr(connecting, "MIGRATIONS", (*MIGRATIONS, broken))
        with pytest.raises(StoreError):
            async with open_store(str(database)):
                pass
    with sqlite(database) as db:
        assert "language" not in db.execute("SELECT sql FROM sqlite_master").fetchall()
    async with open_store(str(database)) as store:
        assert stored(store) == [("a", ["One.", "Two."])]


async def test_a_newer_database_is_refused_and_untouched(database: Path) -> None:
    with sqlite(database) as db:
        db.execute("CREATE TABLE recipe (name)")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 99")
    before = contents(database)
    with pytest.raises(StoreError, match="update clipdesk"):
        async with open_store(str(database)):
            pass
    assert contents(database) == before
    assert list(database.parent.iterdir()) == [database]


def _damage(path: Path, how: str) -> bytes:
    data = bytearray(path.read_bytes())
    match how:
        case "header":  # except the application id
            data[16:68] = b"\xff" * 52
        case "middle":
            data[4096:8192] = b"\xff" * 4096
        case "cut":
            del data[len(data) // 2 :]
    path.write_bytes(data)
    return bytes(data)


@pytest.mark.parametrize("how", ["header", "middle", "cut"])
async def test_damaged_database_is_moved_aside_and_created_again(
    database: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(str(database)) as store:
        for number in range(50):
            await put(
                store,
                ExtractedArticle((Block("One. " * 100),), id=str(number)),
                f"/news/{number}.md",
            )
    data = _damage(database, how)
    async with open_store(str(database)) as store:
        assert stored(store) == []
        await put(store)
    [kept] = damaged(database)
    assert kept.read_bytes() == data
    assert str(kept) in caplog.text


async def test_large_database_is_checked_only_after_damage_was_found(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damage, "_MAX_CHECKED_BYTES", 0)
    async with open_store(str(database)) as store:
        for number in range(50):
            await put(
                store,
                ExtractedArticle((Block("One. " * 100),), id=str(number)),
                f"/news/{number}.md",
            )
    _damage(database, "middle")

    async def use() -> None:
        async with open_store(str(database)) as store:
            await store.items(SOURCE)
            await put(store)

    with pytest.raises(StoreError, match="start clipdesk again"):
        await use()
    async with open_store(str(database)) as store:
        assert stored(store) == []
    assert len(damaged(database)) == 1
    assert {path.name for path in database.parent.glob("*.suspect")} == set()


async def test_damaged_copy_overwrites_no_file(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(str(database)) as store:
        await put(store)
    monkeypatch.setattr(
        damage, "datetime", Mock(**{"now.return_value": datetime(2021, 1, 1, tzinfo=UTC)})
    )
    taken = [
        database.with_name(f"{database.name}.damaged-20210101T000000Z{end}")
        for end in ("", "-1-wal")
    ]
    for path in taken:
        path.write_text("Carrots")
    data = _damage(database, "cut")
    async with open_store(str(database)):
        pass
    assert [path.read_text() for path in taken] == ["Carrots"] * 2
    assert [path.read_bytes() for path in damaged(database) if path not in taken] == [data]


def _begin(database: Path) -> None:
    database.write_bytes(empty_database())
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").touch()


async def test_process_killed_while_starting_leaves_a_valid_database(database: Path) -> None:
    _begin(database)
    async with open_store(str(database)) as store:
        await put(store)
    assert {path.name for path in database.parent.iterdir()} == {database.name}
    assert not damaged(database)


@pytest.mark.parametrize("name", ["", "file/a.db", "file"])
async def test_impossible_database_path_gives_a_one_line_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").mkdir() if name == "file" else (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="--database") as caught:
        async with open_store(str(tmp_path / name)):
            pass
    assert "\n" not in str(caught.value)


async def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    await put(store)

    async def fail() -> None:
        async with store.transaction():
            await store.remove_item(SOURCE, "/news/a.md")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert stored(store) == [("a", ["One.", "Two."])]


async def test_a_transaction_whose_commit_fails_is_rolled_back(store: Store) -> None:
    await put(store)

    async def fail() -> None:
        async with store.transaction():
            # What is wrong is only looked at when it is committed.
            await store._db.run("PRAGMA defer_foreign_keys = ON")  # noqa: SLF001 - to make it fail
            await store.put_articles(99, [new_article(0, PAGE)])

    with pytest.raises(StoreError):
        await fail()
    async with store.transaction():  # not "within a transaction" for ever after
        await store.remove_item(SOURCE, "/news/a.md")
    assert stored(store) == []


async def test_a_cancelled_transaction_is_rolled_back(store: Store) -> None:
    began = asyncio.Event()

    async def write() -> None:
        async with store.transaction():
            await put(store)
            began.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(write())
    await began.wait()
    task.cancel()
    await asyncio.wait([task])
    assert stored(store) == []
    async with store.transaction():
        await put(store)


async def test_concurrent_writer_allows_reads_and_refuses_writes(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(str(database)) as store:
        await put(store)
    monkeypatch.setattr(connecting, "BUSY_TIMEOUT_S", 0.1)
    with sqlite(database) as other:
        other.execute("BEGIN IMMEDIATE")
        async with open_store(str(database)) as store:
            assert stored(store) == [("a", ["One.", "Two."])]
            with pytest.raises(StoreError, match="try again when it is done"):
                async with store.transaction():
                    pass
            other.execute("ROLLBACK")
            async with store.transaction():
                await put(store)


async def test_full_disk_leaves_the_old_state(store: Store) -> None:
    await put(store)
    await store._db.run("PRAGMA max_page_count = 20")  # noqa: SLF001 - as good as a full disk

    async def fill() -> None:
        async with store.transaction():
            await store.remove_item(SOURCE, "/news/a.md")
            await put(store, ExtractedArticle((Block("x" * 1_000_000),), id="b"), "/news/b.md")

    with pytest.raises(StoreError, match="check the disk"):
        await fill()
    assert stored(store) == [("a", ["One.", "Two."])]


async def test_several_processes_create_the_database_at_once(database: Path) -> None:
    async def begin(number: int) -> None:
        async with open_store(str(database)) as store, store.transaction():
            await put(store, path=f"/news/{number}.md")

    await asyncio.gather(*map(begin, range(6)))
    async with open_store(str(database)) as store:
        assert len(stored(store)) == 6


async def test_a_killed_writer_leaves_the_old_state(database: Path) -> None:
    async with open_store(str(database)) as store:
        await put(store)
        await store.note_reindex()
        finished = await store.last_reindex()
    writer = subprocess.Popen(  # noqa: ASYNC220 - our own; it is waited for anyway
        [sys.executable, "-c", _WRITER, str(database)], stdout=subprocess.PIPE
    )
    assert writer.stdout
    assert writer.stdout.readline() == b"ready\n"
    writer.kill()
    assert writer.wait() == -signal.SIGKILL
    writer.stdout.close()
    async with open_store(str(database)) as store:
        assert stored(store) == [("a", ["One.", "Two."])]
        assert await store.last_reindex() == finished
        async with store.transaction():
            await put(store, path="/news/b.md")
    assert not damaged(database)


def test_missing_file_gets_no_corruption_marker(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="damaged"), damage.store_errors(tmp_path / "gone.db"):
        raise sqlite3.DatabaseError
    assert not [*tmp_path.iterdir()]
