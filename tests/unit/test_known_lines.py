"""Unchanged lines of an archive are not read again, with the same result."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from database_rows import StoredArticle, stored_articles
from index.indexing.read_batches import PendingItem, read_batches
from index.indexing.reindex import reindex
from index.indexing.writer import Changes, Writer
from index.model import ExtractedArticle, Skipped
from index.sources import jsonl
from index.sources.http_result import HttpResult, Validators
from index.sources.manifest import NAME
from index.sources.source import Source, list_items
from index.store.store import MEMORY, Store, open_store


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines of archives, as they are read."""
    lines: list[str] = []
    read_line = jsonl._read_line  # noqa: SLF001 - must not be called

    def watched(line: bytes, digest: bytes, name: str) -> ExtractedArticle | Skipped:
        lines.append(line.decode().strip())
        return read_line(line, digest, name)

    monkeypatch.setattr(jsonl, "_read_line", watched)
    return lines


def article(text: str, key: str | None = None) -> str:
    return json.dumps({"text": text} | ({"id": key} if key else {}))


def write(folder: Path, *lines: str) -> None:
    (folder / "news.jsonl").write_text("\n".join(lines), "utf-8")


async def update(store: Store, folder: Path) -> Changes:
    return await reindex(
        store,
        [Source(str(folder))],
        fetch=_fetch,
        thorough=True,
        progress=lambda _what, _done, _total: None,
    )


async def _fetch(url: str, *, validators: Validators) -> HttpResult | None:
    raise AssertionError(url, validators)


def stored(store: Store, folder: Path) -> list[StoredArticle]:
    return stored_articles(store.file, str(folder))


async def test_only_lines_that_have_changed_are_read(
    store: Store, folder: Path, read: list[str]
) -> None:
    one, two, three = article("One.", "a"), article("Two.", "b"), article("Three.", "c")
    write(folder, one, two, "no article")
    await update(store, folder)
    read.clear()
    write(folder, three, "", "no article", two, one)
    await update(store, folder)
    assert read == [three, "no article"]
    assert [one.id for one in stored(store, folder)] == ["c", "b", "a"]


async def test_an_article_without_an_id_gets_one_from_its_position(
    store: Store, folder: Path
) -> None:
    write(folder, article("One."))
    await update(store, folder)
    write(folder, article("Zero.", "zero"), article("One."))
    await update(store, folder)
    assert [(one.id, one.texts) for one in stored(store, folder)] == [
        ("zero", ["Zero."]),
        ("news:2", ["One."]),
    ]


async def test_new_details_of_an_archive_apply_to_unchanged_lines(
    store: Store, folder: Path
) -> None:
    write(folder, article("One.", "a"))
    await update(store, folder)
    (folder / NAME).write_text('[[article]]\nfile = "news.jsonl"\npublished = "2021"\n', "utf-8")
    assert (await update(store, folder)).changed == 1
    assert [one.published for one in stored(store, folder)] == ["2021"]


async def test_lines_changed_by_another_process_meanwhile_are_read_next_time(
    store: Store, folder: Path
) -> None:
    source = Source(str(folder))
    write(folder, article("One.", "a"), article("Two.", "b"))
    await update(store, folder)
    write(folder, article("One.", "a"), article("Two.", "b"), article("Three.", "c"))
    [item] = list_items(source).items
    known = (await store.items(source.location))[item.path]
    wanted = PendingItem(source.location, item, known)
    pieces = list(read_batches([wanted], store.file))

    write(folder, article("Another.", "a"), article("Two.", "b"))
    await update(store, folder)

    async with AsyncExitStack() as transaction:
        writing = Writer(store, transaction, Changes())
        for piece in pieces:
            await writing.write_batch(wanted, piece)
    assert [one.texts for one in stored(store, folder)] == [["Another."], ["Two."], ["Three."]]
    write(folder, article("One.", "a"), article("Two.", "b"), article("Three.", "c"))
    assert (await update(store, folder)).changed == 1
    assert [one.texts for one in stored(store, folder)] == [["One."], ["Two."], ["Three."]]


texts = st.sampled_from(["One.", "Two."])
keys = st.sampled_from([None, "a", "news:1", "news:2"])
line = st.one_of(st.builds(article, texts, keys), st.sampled_from(["", "no article"]))


@settings(max_examples=settings().max_examples // 2)
@given(steps=st.lists(st.lists(line, max_size=4), min_size=2, max_size=4))
def test_known_lines_give_the_same_index_as_reading_every_line(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("news")

    async def compare() -> None:
        async with open_store(MEMORY) as knowing, open_store(MEMORY) as forgetting:
            for lines in steps:
                write(folder, *lines)
                done = await update(knowing, folder)
                await forgetting._db.run("UPDATE article SET line = x''")  # noqa: SLF001
                assert await update(forgetting, folder) == done
                assert stored(knowing, folder) == stored(forgetting, folder)

    asyncio.run(compare())
