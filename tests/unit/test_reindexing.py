"""A reindex updates the store exactly as the sources have changed."""

import gzip
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from database_rows import StoredArticle, stored_articles
from index.errors import CoverageError
from index.indexing.reindex import reindex
from index.indexing.writer import Changes
from index.sources.http_result import HttpResult, Validators
from index.sources.manifest import NAME
from index.sources.source import Source
from index.store.store import Store, open_store

ADDRESS = "https://eldholm.example/harbour.md"
VALIDATORS = Validators(ADDRESS, etag='"1"')

skip_if_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")


def packed(lines: list[str]) -> bytes:
    return gzip.compress("\n".join(lines).encode(), mtime=0)  # the same bytes at any time


class Web:
    """An address that responds with `body`, or is offline, and records the requests."""

    def __init__(self) -> None:
        self.body = b"# Harbour\n\nOne."
        self.offline = False
        self.requests: list[Validators] = []

    async def fetch(self, url: str, *, validators: Validators) -> HttpResult | None:
        self.requests.append(validators)
        if self.offline:
            raise CoverageError("no connection; check that the server is running")
        if validators == VALIDATORS and self.body == b"# Harbour\n\nOne.":
            return None
        return HttpResult(url, self.body, "text/markdown", "", VALIDATORS)


class Newsroom:
    """A folder of coverage, its index, and an address."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.web = Web()
        self.sources = [Source(str(folder))]

    def write(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def rename(self, old: str, new: str) -> None:
        (self.folder / old).rename(self.folder / new)

    def archive(self, name: str, **texts: str) -> None:
        lines = (json.dumps({"id": key, "text": text}) for key, text in texts.items())
        self.write(name, "\n".join(lines))

    async def reindex(self, *, thorough: bool = True) -> Changes:
        return await reindex(
            self.store,
            self.sources,
            fetch=self.web.fetch,
            thorough=thorough,
            progress=lambda _what, _done, _total: None,
        )

    async def counts(self, *, thorough: bool = True) -> tuple[int, int, int, int]:
        done = await self.reindex(thorough=thorough)
        return done.added, done.changed, done.removed, len(done.skipped)

    def texts(self) -> dict[str, str]:
        return {article.id: " ".join(article.texts) for article in self._articles()}

    def titles(self) -> list[str]:
        return [article.title for article in self._articles()]

    def _articles(self) -> list[StoredArticle]:
        return stored_articles(self.store.file, *(source.location for source in self.sources))


@pytest.fixture
def newsroom(store: Store, folder: Path) -> Newsroom:
    return Newsroom(store, folder)


async def test_counts_added_changed_and_removed(newsroom: Newsroom, folder: Path) -> None:
    newsroom.write("a.md", "One.")
    newsroom.write("b.md", "Two.")
    newsroom.archive("c.jsonl", x="Three.", y="Four.")
    assert await newsroom.counts() == (4, 0, 0, 0)

    newsroom.write("a.md", "One and a half.")
    (folder / "b.md").unlink()
    newsroom.archive("c.jsonl", y="Four.", z="Five.")
    newsroom.write("sub/d.md", "Six.")
    assert await newsroom.counts() == (2, 1, 2, 0)
    assert newsroom.texts() == {
        "a": "One and a half.",
        "y": "Four.",
        "z": "Five.",
        "sub/d": "Six.",
    }


async def test_a_renamed_file_is_a_new_article(newsroom: Newsroom, folder: Path) -> None:
    newsroom.write("a.md", "One.")
    await newsroom.reindex()
    (folder / "a.md").rename(folder / "b.md")
    assert await newsroom.counts(thorough=False) == (1, 0, 1, 0)


async def test_articles_of_an_archive_keep_its_order(newsroom: Newsroom) -> None:
    newsroom.archive("a.jsonl", x="One.", y="Two.")
    await newsroom.reindex()
    newsroom.archive("a.jsonl", y="Two.", x="One.")
    assert await newsroom.counts() == (0, 0, 0, 0)
    assert list(newsroom.texts()) == ["y", "x"]


@pytest.mark.parametrize("thorough", [True, False])
async def test_unchanged_sources_write_nothing(
    newsroom: Newsroom, database: Path, *, thorough: bool
) -> None:
    newsroom.sources.append(Source(ADDRESS))
    newsroom.write("a.md", "One.")
    newsroom.write("broken.md", "---\ntitle: [\n---\nOne.")
    newsroom.write("cut.jsonl.gz", gzip.compress(b'{"text": "One."}\n' * 50)[:-9])
    newsroom.archive("c.jsonl", x="Three.")
    await newsroom.reindex()
    finished = await newsroom.store.last_reindex()
    with closing(sqlite3.connect(database)) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        done = await newsroom.reindex(thorough=thorough)
        assert other.execute("PRAGMA data_version").fetchone() == before
    assert (done.added, done.changed, done.removed, len(done.skipped)) == (0, 0, 0, 2)
    assert await newsroom.store.last_reindex() == finished


async def test_touched_file_is_unchanged_and_gets_its_new_stamp(
    newsroom: Newsroom, folder: Path
) -> None:
    newsroom.write("a.md", "One.")
    await newsroom.reindex()
    os.utime(folder / "a.md", (0, 0))
    assert await newsroom.counts(thorough=False) == (0, 0, 0, 0)
    [item] = (await newsroom.store.items(str(folder))).values()
    assert " 0 " in item.stamp


async def test_only_a_thorough_reindex_sees_a_change_of_the_same_size_and_time(
    newsroom: Newsroom, folder: Path
) -> None:
    newsroom.write("a.md", "One.")
    os.utime(folder / "a.md", (0, 0))
    await newsroom.reindex()
    newsroom.write("a.md", "Two.")
    os.utime(folder / "a.md", (0, 0))
    assert await newsroom.counts(thorough=False) == (0, 0, 0, 0)
    assert await newsroom.counts() == (0, 1, 0, 0)
    assert newsroom.texts() == {"a": "Two."}


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x7fELF\0\0\0",
        b"%PDF-1.4",
        b"---\ntitle: [\n---\nOne.",
        b"---\ntitle: a\n\nOne.",
        b"# Only a heading",
        b"\xff\xfe\0",
    ],
)
async def test_unreadable_file_keeps_its_article(newsroom: Newsroom, broken: bytes) -> None:
    newsroom.write("a.md", "One.")
    newsroom.write("b.md", "Two.")
    await newsroom.reindex()
    newsroom.write("a.md", broken)
    newsroom.write("b.md", "Three.")
    assert await newsroom.counts() == (0, 1, 0, 1)
    assert newsroom.texts() == {"a": "One.", "b": "Three."}
    newsroom.write("a.md", "One.")
    assert await newsroom.counts() == (0, 0, 0, 0)
    assert newsroom.texts() == {"a": "One.", "b": "Three."}


@pytest.mark.parametrize("kind", ["fifo", "link", "folder link"])
async def test_path_that_is_no_longer_a_file_keeps_its_article(
    newsroom: Newsroom, folder: Path, kind: str
) -> None:
    newsroom.write("sub/a.md", "One.")
    await newsroom.reindex()
    (folder / "sub" / "a.md").rename(folder.parent / "a.md")
    if kind == "fifo":
        os.mkfifo(folder / "sub" / "a.md")
    elif kind == "link":
        (folder / "sub" / "a.md").symlink_to(folder.parent / "a.md")
    else:
        (folder / "sub").rename(folder.parent / "sub")
        (folder / "sub").symlink_to(folder.parent / "sub")
    assert await newsroom.counts() == (0, 0, 0, 1)
    assert newsroom.texts() == {"sub/a": "One."}


@skip_if_root
async def test_inaccessible_folder_keeps_its_articles(newsroom: Newsroom, folder: Path) -> None:
    newsroom.write("sub/a.md", "One.")
    await newsroom.reindex()
    (folder / "sub").chmod(0)
    assert await newsroom.counts() == (0, 0, 0, 1)
    assert newsroom.texts() == {"sub/a": "One."}
    (folder / "sub").chmod(0o700)


async def test_missing_source_keeps_its_articles_but_empty_source_does_not(
    newsroom: Newsroom,
) -> None:
    newsroom.write("a.md", "One.")
    await newsroom.reindex()
    newsroom.rename("", "../elsewhere")
    assert await newsroom.counts() == (0, 0, 0, 1)
    assert newsroom.texts() == {"a": "One."}
    newsroom.write("notes.pdf", b"")
    assert await newsroom.counts() == (0, 0, 1, 1)


async def test_truncated_archive_keeps_old_and_new_articles(newsroom: Newsroom) -> None:
    lines = [json.dumps({"id": n, "text": f"Paragraph {n}."}) for n in range(400)]
    newsroom.write("a.jsonl.gz", packed(lines))
    assert await newsroom.counts() == (400, 0, 0, 0)
    lines[0] = json.dumps({"id": 0, "text": "A new beginning."})
    newsroom.write("a.jsonl.gz", packed(lines)[:-500])
    assert await newsroom.counts() == (0, 1, 0, 1)
    texts = newsroom.texts()
    assert (len(texts), texts["0"], texts["399"]) == (400, "A new beginning.", "Paragraph 399.")
    lines[0] = json.dumps({"id": 0, "text": "Paragraph 0."})  # as it was before it broke off
    newsroom.write("a.jsonl.gz", packed(lines))
    assert await newsroom.counts() == (0, 1, 0, 0)


async def test_broken_line_keeps_its_article_but_removed_line_does_not(
    newsroom: Newsroom,
) -> None:
    newsroom.archive("a.jsonl", x="One.", y="Two.", z="Three.")
    await newsroom.reindex()
    newsroom.write("a.jsonl", '{"id": "x", "text": "One."}\n{"id": "y", "text": "Tw\n')
    assert await newsroom.counts() == (0, 0, 1, 1)
    assert newsroom.texts() == {"x": "One.", "y": "Two."}


async def test_duplicate_id_in_an_archive_counts_once(newsroom: Newsroom) -> None:
    newsroom.write("a.jsonl", '{"id": 1, "text": "One."}\n{"id": "1", "text": "Two."}\n')
    done = await newsroom.reindex()
    assert (done.added, len(done.skipped)) == (1, 1)
    assert "choose another `id`" in str(done.skipped[0])
    assert newsroom.texts() == {"1": "One."}


async def test_broken_manifest_keeps_the_previous_metadata(newsroom: Newsroom) -> None:
    newsroom.write("a.md", "One.")
    newsroom.write(NAME, '[[article]]\nfile = "a.md"\ntitle = "Piers"')
    await newsroom.reindex()
    newsroom.write(NAME, "[[article")
    newsroom.write("b.md", "# New\n\nTwo.")
    assert await newsroom.counts() == (1, 0, 0, 1)
    assert newsroom.titles() == ["Piers", "New"]
    newsroom.write(NAME, '[[article]]\nfile = "a.md"\ntitle = "Quays"')
    assert await newsroom.counts(thorough=False) == (0, 1, 0, 0)
    assert newsroom.titles() == ["Quays", "New"]


async def test_failed_reindex_leaves_the_old_state(newsroom: Newsroom) -> None:
    newsroom.write("a.md", "One.")
    await newsroom.reindex()
    newsroom.write("a.md", "Changed.")
    newsroom.write("b.md", "Two.")

    def stop(what: str, done: int, _total: int) -> None:
        if what == "Reading" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await reindex(
            newsroom.store, newsroom.sources, fetch=newsroom.web.fetch, thorough=True, progress=stop
        )
    assert newsroom.texts() == {"a": "One."}
    assert await newsroom.counts() == (1, 1, 0, 0)


async def test_concurrent_reindexes_do_not_undo_each_other(
    newsroom: Newsroom, database: Path
) -> None:
    newsroom.write("a.md", "One.")
    async with open_store(str(database)) as other:
        second = Newsroom(other, newsroom.folder)
        await second.reindex()
        (newsroom.folder / "a.md").unlink()
        newsroom.write("b.md", "Two.")
        assert await second.counts() == (1, 0, 1, 0)
        assert await newsroom.counts() == (0, 0, 0, 0)
        assert newsroom.texts() == {"b": "Two."}


async def test_an_address_is_fetched_once_and_revalidated_when_thorough(newsroom: Newsroom) -> None:
    newsroom.sources = [Source(ADDRESS)]
    assert await newsroom.counts(thorough=False) == (1, 0, 0, 0)
    assert await newsroom.counts(thorough=False) == (0, 0, 0, 0)
    assert newsroom.web.requests == [Validators()]
    assert await newsroom.counts() == (0, 0, 0, 0)
    assert newsroom.web.requests[1:] == [VALIDATORS]
    newsroom.web.body = b"# Harbour\n\nTwo."
    assert await newsroom.counts() == (0, 1, 0, 0)
    assert newsroom.texts() == {ADDRESS: "Two."}


async def test_unreachable_address_keeps_its_last_response(newsroom: Newsroom) -> None:
    newsroom.sources = [Source(ADDRESS)]
    await newsroom.reindex()
    newsroom.web.offline = True
    [skipped] = (await newsroom.reindex()).skipped
    assert str(skipped) == (
        f"skipped {ADDRESS}: no connection; check that the server is running;"
        " the version fetched earlier stays in the index"
    )
    assert newsroom.texts() == {ADDRESS: "One."}


async def test_address_that_never_responded_is_skipped(newsroom: Newsroom) -> None:
    newsroom.sources = [Source(ADDRESS), Source(str(newsroom.folder))]
    newsroom.write("a.md", "One.")
    newsroom.web.offline = True
    assert await newsroom.counts() == (1, 0, 0, 1)
    newsroom.web.offline = False
    assert await newsroom.counts(thorough=False) == (1, 0, 0, 0)


async def test_empty_response_keeps_the_last_one(newsroom: Newsroom) -> None:
    newsroom.sources = [Source(ADDRESS)]
    await newsroom.reindex()
    newsroom.web.body = b"\n"
    assert await newsroom.counts() == (0, 0, 0, 1)
    assert newsroom.texts() == {ADDRESS: "One."}
