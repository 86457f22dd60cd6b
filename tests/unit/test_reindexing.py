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


class SourceFolder:
    """A folder of files, with the store and the sources that a reindex reads."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.web = Web()
        self.listed = [Source(str(folder))]

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
            self.listed,
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
        return stored_articles(self.store.file, *(source.location for source in self.listed))


@pytest.fixture
def sources(store: Store, folder: Path) -> SourceFolder:
    return SourceFolder(store, folder)


async def test_counts_added_changed_and_removed(sources: SourceFolder, folder: Path) -> None:
    sources.write("a.md", "One.")
    sources.write("b.md", "Two.")
    sources.archive("c.jsonl", x="Three.", y="Four.")
    assert await sources.counts() == (4, 0, 0, 0)

    sources.write("a.md", "One and a half.")
    (folder / "b.md").unlink()
    sources.archive("c.jsonl", y="Four.", z="Five.")
    sources.write("sub/d.md", "Six.")
    assert await sources.counts() == (2, 1, 2, 0)
    assert sources.texts() == {
        "a": "One and a half.",
        "y": "Four.",
        "z": "Five.",
        "sub/d": "Six.",
    }


async def test_a_renamed_file_is_a_new_article(sources: SourceFolder, folder: Path) -> None:
    sources.write("a.md", "One.")
    await sources.reindex()
    (folder / "a.md").rename(folder / "b.md")
    assert await sources.counts(thorough=False) == (1, 0, 1, 0)


async def test_articles_of_an_archive_keep_its_order(sources: SourceFolder) -> None:
    sources.archive("a.jsonl", x="One.", y="Two.")
    await sources.reindex()
    sources.archive("a.jsonl", y="Two.", x="One.")
    assert await sources.counts() == (0, 0, 0, 0)
    assert list(sources.texts()) == ["y", "x"]


@pytest.mark.parametrize("thorough", [True, False])
async def test_unchanged_sources_write_nothing(
    sources: SourceFolder, database: Path, *, thorough: bool
) -> None:
    sources.listed.append(Source(ADDRESS))
    sources.write("a.md", "One.")
    sources.write("broken.mht", "One.")
    sources.write("cut.jsonl.gz", gzip.compress(b'{"text": "One."}\n' * 50)[:-9])
    sources.archive("c.jsonl", x="Three.")
    await sources.reindex()
    finished = await sources.store.last_reindex()
    with closing(sqlite3.connect(database)) as other:
        before = other.execute("PRAGMA data_version").fetchone()
        done = await sources.reindex(thorough=thorough)
        assert other.execute("PRAGMA data_version").fetchone() == before
    assert (done.added, done.changed, done.removed, len(done.skipped)) == (0, 0, 0, 2)
    assert await sources.store.last_reindex() == finished


async def test_touched_file_is_unchanged_and_gets_its_new_stamp(
    sources: SourceFolder, folder: Path
) -> None:
    sources.write("a.md", "One.")
    await sources.reindex()
    os.utime(folder / "a.md", (0, 0))
    assert await sources.counts(thorough=False) == (0, 0, 0, 0)
    [item] = (await sources.store.items(str(folder))).values()
    assert " 0 " in item.stamp


async def test_only_a_thorough_reindex_sees_a_change_of_the_same_size_and_time(
    sources: SourceFolder, folder: Path
) -> None:
    sources.write("a.md", "One.")
    os.utime(folder / "a.md", (0, 0))
    await sources.reindex()
    sources.write("a.md", "Two.")
    os.utime(folder / "a.md", (0, 0))
    assert await sources.counts(thorough=False) == (0, 0, 0, 0)
    assert await sources.counts() == (0, 1, 0, 0)
    assert sources.texts() == {"a": "Two."}


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x7fELF\0\0\0",
        b"%PDF-1.4",
        b"# Only a heading",
        b"\xff\xfe\0",
    ],
)
async def test_unreadable_file_keeps_its_article(sources: SourceFolder, broken: bytes) -> None:
    sources.write("a.md", "One.")
    sources.write("b.md", "Two.")
    await sources.reindex()
    sources.write("a.md", broken)
    sources.write("b.md", "Three.")
    assert await sources.counts() == (0, 1, 0, 1)
    assert sources.texts() == {"a": "One.", "b": "Three."}
    sources.write("a.md", "One.")
    assert await sources.counts() == (0, 0, 0, 0)
    assert sources.texts() == {"a": "One.", "b": "Three."}


@pytest.mark.parametrize("kind", ["fifo", "link", "folder link"])
async def test_path_that_is_no_longer_a_file_keeps_its_article(
    sources: SourceFolder, folder: Path, kind: str
) -> None:
    sources.write("sub/a.md", "One.")
    await sources.reindex()
    (folder / "sub" / "a.md").rename(folder.parent / "a.md")
    if kind == "fifo":
        os.mkfifo(folder / "sub" / "a.md")
    elif kind == "link":
        (folder / "sub" / "a.md").symlink_to(folder.parent / "a.md")
    else:
        (folder / "sub").rename(folder.parent / "sub")
        (folder / "sub").symlink_to(folder.parent / "sub")
    assert await sources.counts() == (0, 0, 0, 1)
    assert sources.texts() == {"sub/a": "One."}


@skip_if_root
async def test_inaccessible_folder_keeps_its_articles(sources: SourceFolder, folder: Path) -> None:
    sources.write("sub/a.md", "One.")
    await sources.reindex()
    (folder / "sub").chmod(0)
    assert await sources.counts() == (0, 0, 0, 1)
    assert sources.texts() == {"sub/a": "One."}
    (folder / "sub").chmod(0o700)


async def test_missing_source_keeps_its_articles_but_empty_source_does_not(
    sources: SourceFolder,
) -> None:
    sources.write("a.md", "One.")
    await sources.reindex()
    sources.rename("", "../elsewhere")
    assert await sources.counts() == (0, 0, 0, 1)
    assert sources.texts() == {"a": "One."}
    sources.write("notes.pdf", b"")
    assert await sources.counts() == (0, 0, 1, 1)


async def test_truncated_archive_keeps_old_and_new_articles(sources: SourceFolder) -> None:
    lines = [json.dumps({"id": n, "text": f"Paragraph {n}."}) for n in range(400)]
    sources.write("a.jsonl.gz", packed(lines))
    assert await sources.counts() == (400, 0, 0, 0)
    lines[0] = json.dumps({"id": 0, "text": "A new beginning."})
    sources.write("a.jsonl.gz", packed(lines)[:-500])
    assert await sources.counts() == (0, 1, 0, 1)
    texts = sources.texts()
    assert (len(texts), texts["0"], texts["399"]) == (400, "A new beginning.", "Paragraph 399.")
    lines[0] = json.dumps({"id": 0, "text": "Paragraph 0."})  # as it was before it broke off
    sources.write("a.jsonl.gz", packed(lines))
    assert await sources.counts() == (0, 1, 0, 0)


async def test_broken_line_keeps_its_article_but_removed_line_does_not(
    sources: SourceFolder,
) -> None:
    sources.archive("a.jsonl", x="One.", y="Two.", z="Three.")
    await sources.reindex()
    sources.write("a.jsonl", '{"id": "x", "text": "One."}\n{"id": "y", "text": "Tw\n')
    assert await sources.counts() == (0, 0, 1, 1)
    assert sources.texts() == {"x": "One.", "y": "Two."}


async def test_duplicate_id_in_an_archive_counts_once(sources: SourceFolder) -> None:
    sources.write("a.jsonl", '{"id": 1, "text": "One."}\n{"id": "1", "text": "Two."}\n')
    done = await sources.reindex()
    assert (done.added, len(done.skipped)) == (1, 1)
    assert "choose another `id`" in str(done.skipped[0])
    assert sources.texts() == {"1": "One."}


async def test_broken_manifest_keeps_the_previous_metadata(sources: SourceFolder) -> None:
    sources.write("a.md", "One.")
    sources.write(NAME, '[[article]]\nfile = "a.md"\ntitle = "Piers"')
    await sources.reindex()
    sources.write(NAME, "[[article")
    sources.write("b.md", "# New\n\nTwo.")
    assert await sources.counts() == (1, 0, 0, 1)
    assert sources.titles() == ["Piers", "New"]
    sources.write(NAME, '[[article]]\nfile = "a.md"\ntitle = "Quays"')
    assert await sources.counts(thorough=False) == (0, 1, 0, 0)
    assert sources.titles() == ["Quays", "New"]


async def test_failed_reindex_leaves_the_old_state(sources: SourceFolder) -> None:
    sources.write("a.md", "One.")
    await sources.reindex()
    sources.write("a.md", "Changed.")
    sources.write("b.md", "Two.")

    def stop(what: str, done: int, _total: int) -> None:
        if what == "Reading" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await reindex(
            sources.store, sources.listed, fetch=sources.web.fetch, thorough=True, progress=stop
        )
    assert sources.texts() == {"a": "One."}
    assert await sources.counts() == (1, 1, 0, 0)


async def test_concurrent_reindexes_do_not_undo_each_other(
    sources: SourceFolder, database: Path
) -> None:
    sources.write("a.md", "One.")
    async with open_store(str(database)) as other:
        second = SourceFolder(other, sources.folder)
        await second.reindex()
        (sources.folder / "a.md").unlink()
        sources.write("b.md", "Two.")
        assert await second.counts() == (1, 0, 1, 0)
        assert await sources.counts() == (0, 0, 0, 0)
        assert sources.texts() == {"b": "Two."}


async def test_an_address_is_fetched_once_and_revalidated_when_thorough(
    sources: SourceFolder,
) -> None:
    sources.listed = [Source(ADDRESS)]
    assert await sources.counts(thorough=False) == (1, 0, 0, 0)
    assert await sources.counts(thorough=False) == (0, 0, 0, 0)
    assert sources.web.requests == [Validators()]
    assert await sources.counts() == (0, 0, 0, 0)
    assert sources.web.requests[1:] == [VALIDATORS]
    sources.web.body = b"# Harbour\n\nTwo."
    assert await sources.counts() == (0, 1, 0, 0)
    assert sources.texts() == {ADDRESS: "Two."}


async def test_unreachable_address_keeps_its_last_response(sources: SourceFolder) -> None:
    sources.listed = [Source(ADDRESS)]
    await sources.reindex()
    sources.web.offline = True
    [skipped] = (await sources.reindex()).skipped
    assert str(skipped) == (
        f"skipped {ADDRESS}: no connection; check that the server is running;"
        " the version fetched earlier stays in the index"
    )
    assert sources.texts() == {ADDRESS: "One."}


async def test_address_that_never_responded_is_skipped(sources: SourceFolder) -> None:
    sources.listed = [Source(ADDRESS), Source(str(sources.folder))]
    sources.write("a.md", "One.")
    sources.web.offline = True
    assert await sources.counts() == (1, 0, 0, 1)
    sources.web.offline = False
    assert await sources.counts(thorough=False) == (1, 0, 0, 0)


async def test_empty_response_keeps_the_last_one(sources: SourceFolder) -> None:
    sources.listed = [Source(ADDRESS)]
    await sources.reindex()
    sources.web.body = b"\n"
    assert await sources.counts() == (0, 0, 0, 1)
    assert sources.texts() == {ADDRESS: "One."}
