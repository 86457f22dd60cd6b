"""Sources: the items of a folder, a file or an address, and their articles."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from index.indexing.preview import Found, read_source
from index.model import ExtractedArticle, Skipped
from index.sources.details import Details
from index.sources.http_result import HttpResult, Validators
from index.sources.manifest import NAME
from index.sources.source import Item, Source, list_items, web_item

ADDRESS = "https://eldholm.example/harbour"


def source(path: Path, **details: str) -> Source:
    return Source(str(path), msgspec.convert(details, Details))


def fetched(body: bytes, content_type: str = "text/html") -> HttpResult:
    return HttpResult(ADDRESS, body, content_type, "", Validators())


async def found_in(source: Source) -> list[Found]:
    return [one async for one in read_source(source)]


def articles(item: Item) -> Iterator[ExtractedArticle]:
    return (page for page in item.articles() if isinstance(page, ExtractedArticle))


def test_a_folder_gives_its_files_in_order_with_names_from_their_paths(folder: Path) -> None:
    (folder / "b").mkdir()
    for name in ("b/harbour.town.md", "a.jsonl.gz", "c.txt"):
        (folder / name).touch()
    inventory = list_items(source(folder))
    assert [item.name for item in inventory.items] == ["a", "c", "b/harbour.town"]
    assert [item.kind for item in inventory.items] == ["jsonl", "text", "markdown"]


async def test_a_file_is_a_source_too_with_the_manifest_beside_it(folder: Path) -> None:
    (folder / "a.md").write_text("One.")
    (folder / NAME).write_text('[[article]]\nfile = "a.md"\ntitle = "Piers"\n')
    [(_, page)] = await found_in(source(folder / "a.md"))
    assert isinstance(page, ExtractedArticle)
    assert (page.id, page.title) == ("a", "Piers")


@pytest.mark.parametrize("name", ["gone", "x" * 300, "nul\0", "loop"])
def test_a_missing_source_is_skipped_and_none_of_its_items_count_as_gone(
    folder: Path, name: str
) -> None:
    (folder / "loop").symlink_to("loop")
    path = str(folder / name)
    inventory = list_items(Source(path))
    assert not inventory.items
    assert "check the path" in inventory.skipped[0].reason
    assert not list(inventory.gone([path, f"{path}/a.md"]))


def test_an_empty_folder_is_reported_with_the_suffixes_that_are_read(folder: Path) -> None:
    (folder / "notes.pdf").touch()
    [skipped] = list_items(source(folder)).skipped
    assert "it contains no articles; add files (.txt, .md" in skipped.reason


async def test_a_file_of_unknown_kind(folder: Path) -> None:
    (folder / "a.pdf").touch()
    [(_, skipped)] = await found_in(source(folder / "a.pdf"))
    assert isinstance(skipped, Skipped)
    assert "its type is unknown" in skipped.reason


def test_items_are_gone_unless_they_exist_or_are_below_an_unread_path(folder: Path) -> None:
    (folder / "a.md").write_text("One.")
    (folder / "linked").symlink_to(folder)
    (folder / "b.md").symlink_to("a.md")
    known = [str(folder / name) for name in ("a.md", "b.md", "c.md", "linked/a.md", "sub/a.md")]
    assert list(list_items(source(folder)).gone(known)) == [known[2], known[4]]


async def test_details_come_from_the_manifest_else_from_the_source(folder: Path) -> None:
    (folder / "a.md").write_text("One.")
    (folder / "b.md").write_text("Two.")
    (folder / NAME).write_text('[[article]]\nfile = "a.md"\npublisher = "Post"\n')
    read = [page for _, page in await found_in(source(folder, publisher="Herald"))]
    assert [page.publisher for page in read if isinstance(page, ExtractedArticle)] == [
        "Post",
        "Herald",
    ]


async def test_a_broken_manifest_does_not_hide_articles(folder: Path) -> None:
    (folder / "a.md").write_text("One.")
    (folder / NAME).write_text("[[")
    skipped, page = (one for _, one in await found_in(source(folder)))
    assert isinstance(skipped, Skipped)
    assert skipped.name.endswith(NAME)
    assert isinstance(page, ExtractedArticle)


async def test_a_manifest_with_a_stray_entry_still_describes_the_others(folder: Path) -> None:
    (folder / "a.md").write_text("One.")
    (folder / NAME).write_text(
        '[[article]]\nfile = "a.md"\ntitle = "Piers"\n[[article]]\nfile = "gone.md"\n'
    )
    skipped, page = (one for _, one in await found_in(source(folder)))
    assert "'gone.md', which is not in this folder" in str(skipped)
    assert isinstance(page, ExtractedArticle)
    assert page.title == "Piers"


def test_the_stamp_depends_on_time_and_details(folder: Path) -> None:
    path = folder / "a.md"
    path.write_text("One.")

    def stamp(**details: str) -> str:
        [item] = list_items(source(folder, **details)).items
        return item.stamp

    before = stamp()
    assert stamp() == before
    assert stamp(title="Piers") != before
    os.utime(path, (0, 0))
    assert stamp() != before


def test_the_digest_depends_on_content_and_details(folder: Path) -> None:
    path = folder / "a.md"

    def digest(text: str, **details: str) -> str:
        path.write_text(text)
        [item] = list_items(source(folder, **details)).items
        return item.digest()

    assert digest("One.") == digest("One.")
    assert len({digest("One."), digest("Two."), digest("One.", title="Piers")}) == 3


def test_articles_of_an_archive_are_numbered_where_they_have_no_id(folder: Path) -> None:
    lines = ['{"text": "One."}', '{"id": "x", "text": "Two."}', "{", '{"id": "x", "text": "3"}']
    (folder / "a.jsonl").write_text("\n".join(lines))
    [item] = list_items(source(folder)).items
    read = list(item.articles())
    assert [page.id for page in read if isinstance(page, ExtractedArticle)] == ["a:1", "x"]
    assert [str(one).partition(": ")[2] for one in read if isinstance(one, Skipped)][1] == (
        "x: the id is already used; choose another `id`"
    )


def test_a_fetched_page_links_to_where_it_was_fetched() -> None:
    item = web_item(Source(ADDRESS), fetched(b"# Piers\n\nOne.", "text/markdown"))
    [page] = articles(item)
    assert (page.id, page.url, page.title) == (ADDRESS, ADDRESS, "Piers")


def test_articles_of_a_fetched_archive_keep_their_addresses() -> None:
    body = b'{"text": "One.", "url": "https://a.example/1"}\n{"text": "Two."}'
    archive = Source(f"{ADDRESS}.jsonl", Details(url=f"{ADDRESS}.jsonl", publisher="Post"))
    item = web_item(archive, fetched(body, "application/octet-stream"))
    assert [(page.url, page.publisher) for page in articles(item)] == [
        ("https://a.example/1", "Post"),
        ("", "Post"),
    ]


@pytest.mark.parametrize(
    ("path", "content_type", "kind"),
    [
        ("", "text/html", "html"),
        (".txt", "text/html", "html"),
        (".md", "text/plain", "markdown"),
        ("", "text/plain", "text"),
        (".jsonl?x=1", "application/octet-stream", "jsonl"),
        ("", "application/x-ndjson", "jsonl"),
    ],
)
def test_the_kind_of_a_fetched_body(path: str, content_type: str, kind: str) -> None:
    assert web_item(Source(ADDRESS + path), fetched(b"", content_type)).kind == kind


def test_odd_paths_are_skipped_and_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "good.md").write_text("One.")
    (folder / os.fsdecode(b"bad\xff\x1b[2J.md")).touch()
    monkeypatch.chdir(folder)
    for _ in range(25):  # 5,000 bytes, which only a relative path can reach
        Path("d" * 200).mkdir()
        monkeypatch.chdir("d" * 200)
    Path("deep.md").write_text("One.")
    monkeypatch.chdir(folder)
    inventory = list_items(source(folder))
    assert [item.name for item in inventory.items] == ["good"]
    bad, deep = inventory.skipped
    assert (bad.name, bad.reason) == (
        str(folder / "bad\\udcff\\x1b[2J.md"),
        "its name is not valid text; rename it",
    )
    assert "file name too long" in deep.reason
    assert deep.name.startswith(str(folder / "ddd"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_that_may_be_listed_but_not_entered(folder: Path) -> None:
    (folder / "locked").mkdir()
    (folder / "locked" / "a.md").write_text("One.")
    (folder / "locked" / "sub").mkdir()
    (folder / "good.md").write_text("One.")
    (folder / "locked").chmod(0o444)
    try:
        inventory = list_items(source(folder))
    finally:
        (folder / "locked").chmod(0o755)
    assert [item.name for item in inventory.items] == ["good"]
    assert {Path(one.name).name for one in inventory.skipped} >= {"a.md"}
