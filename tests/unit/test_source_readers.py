"""The contract of `SourceReader`: every registered reader passes, and a new one needs no more."""

import builtins
import gzip
import io
import os
import pickle
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

import documents
from documents import END, LEAD
from index import MEMORY, open_engine
from index.errors import CoverageError
from index.model import Block, ExtractedArticle, Skipped, UnchangedLine
from index.sources import registry
from index.sources.decoding import decode
from index.sources.details import Details
from index.sources.files import read_whole
from index.sources.http_result import HttpResult, Validators
from index.sources.reader import ItemContext, SourceEntry, SourceReader
from index.sources.registry import is_fetchable, reader_of_file, reader_of_response
from index.sources.source import Item, Source, list_items, web_item


class CardsReader(SourceReader):
    """`.cards`: a header, then articles separated by blank lines, each with its title first."""

    kind = "cards"
    suffixes = (".cards",)
    mime_types = ("application/x-cards",)
    seconds_per_megabyte = 0.1
    is_archive = True

    def sniff(self, head: bytes) -> bool:
        return head.startswith(b"cards\n\n")

    def read(self, file: io.BufferedIOBase, context: ItemContext) -> Iterator[SourceEntry]:
        header, *cards = decode(read_whole(file), context.charset).split("\n\n")
        if header != "cards":
            raise CoverageError("it has no header; begin it with the line `cards`")
        for position, card in enumerate(cards):
            digest = xxhash.xxh3_128_digest(card.encode())
            if known_id := context.find_known_id(digest, position):
                yield UnchangedLine(known_id, digest)
            elif lines := card.splitlines():
                yield ExtractedArticle(tuple(map(Block, lines[1:])), title=lines[0], line=digest)
            else:
                yield Skipped(context.name, "an empty card; remove it")


CARDS = CardsReader()
READERS = (*registry.READERS, CARDS)
LINES = f'{{"title": "Piers", "text": "{LEAD}"}}\n{{"text": "{END}"}}\n'.encode()
PAGE = (
    f"<!DOCTYPE html><html><body><article><h1>Piers</h1><p>{LEAD}</p><p>{END}</p></article>"
    "</body></html>"
)
# Files of each kind, with LEAD and END as paragraphs.
EXAMPLES = {
    "text": [f"{LEAD}\n\n{END}\n".encode(), f"{LEAD}\n{END}".encode("utf-16")],
    "markdown": [f"---\ntitle: Piers\n---\n# Piers\n\n{LEAD}\n\n{END}\n".encode()],
    "html": [PAGE.encode()],
    "mhtml": [documents.mhtml(PAGE), documents.mhtml(PAGE, "base64")],
    "pdf": [
        documents.pdf([documents.column([LEAD, END])]),
        documents.pdf([documents.column([LEAD]), documents.column([END])]),
    ],
    "docx": [documents.docx(documents.word_paragraph(LEAD) + documents.word_paragraph(END))],
    "mail": [documents.mail(f"{LEAD}\n\n{END}")],
    "mails": [documents.mbox(documents.mail(LEAD), documents.mail(END))],
    "jsonl": [LINES, gzip.compress(LINES, mtime=0)],
    "cards": [f"cards\n\nPiers\n{LEAD}\n\nFerries\n{END}\n".encode()],
}

each_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.kind)
each_example = pytest.mark.parametrize(
    ("reader", "data"), [(reader, data) for reader in READERS for data in EXAMPLES[reader.kind]]
)


@pytest.fixture
def _cards_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "READERS", READERS)


cards_registered = pytest.mark.usefixtures("_cards_registered")


def read(
    reader: SourceReader, data: bytes, context: ItemContext | None = None
) -> list[SourceEntry]:
    return list(reader.read(io.BytesIO(data), context or ItemContext("an item")))


def paragraphs(entries: list[SourceEntry]) -> list[str]:
    articles = [one for one in entries if isinstance(one, ExtractedArticle)]
    return [text for article in articles for text in article.paragraphs]


def test_kinds_and_suffixes_belong_to_one_reader() -> None:
    kinds = [reader.kind for reader in READERS]
    assert len(set(kinds)) == len(kinds)
    for reader in READERS:
        assert reader.suffixes
        for suffix in reader.suffixes:
            assert suffix.startswith(".")
            assert suffix == suffix.lower()
            others = [other for other in READERS if other is not reader]
            assert not any(suffix.endswith(other.suffixes) for other in others)


@each_reader
def test_declarations(reader: SourceReader) -> None:
    types = reader.mime_types + reader.fallback_types
    assert all(one == one.lower() and one.count("/") == 1 for one in types)
    assert registry.OPAQUE_TYPES.isdisjoint(types)
    assert all(suffix.startswith(".") for suffix in reader.download_suffixes)
    assert reader.seconds_per_megabyte > 0


@each_example
def test_an_example_is_read(reader: SourceReader, data: bytes) -> None:
    entries = read(reader, data)
    assert all(isinstance(one, ExtractedArticle) for one in entries)
    assert paragraphs(entries) == [LEAD, END]
    assert len(entries) == (2 if reader.is_archive else 1)
    assert read(reader, data) == entries


@each_example
def test_nothing_but_the_item_is_read(
    reader: SourceReader, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = read(reader, data)  # which imports what it needs
    (tmp_path / "an item").write_bytes(data)
    monkeypatch.chdir(tmp_path)

    def refuse(*args: object, **_: object) -> None:
        raise AssertionError(args)

    for module, name in ((builtins, "open"), (io, "open"), (os, "open"), (socket, "socket")):
        monkeypatch.setattr(module, name, refuse)
    file = io.BytesIO(data)
    assert list(reader.read(file, ItemContext("an item"))) == entries
    assert not file.closed
    assert file.tell() == len(data)


@each_example
def test_no_other_reader_takes_an_example_for_its_own(reader: SourceReader, data: bytes) -> None:
    assert [one for one in READERS if one.sniff(data)] in ([], [reader])


@each_reader
@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\x7fELF\0\0\0\1\n" * 9, b"\0" * 99])
def test_empty_or_binary_input_is_a_coverage_error(reader: SourceReader, data: bytes) -> None:
    with pytest.raises(CoverageError) as caught:
        read(reader, data)
    assert "\n" not in str(caught.value)


def _read_garbage(reader: SourceReader, data: bytes) -> None:
    assert reader.sniff(data) in (True, False)
    try:
        entries = read(reader, data)
    except CoverageError:
        return
    assert all(isinstance(one, ExtractedArticle | Skipped) for one in entries)


@each_reader
@given(data=st.binary(max_size=200) | st.text(max_size=99).map(lambda text: text.encode()))
def test_garbage_is_read_skipped_or_a_coverage_error(reader: SourceReader, data: bytes) -> None:
    _read_garbage(reader, data)


@each_example
def test_a_damaged_example_is_read_skipped_or_a_coverage_error(
    reader: SourceReader, data: bytes
) -> None:
    for at in range(0, len(data), 7):
        _read_garbage(reader, data[:at])
        _read_garbage(reader, data[:at] + b"\xff\0{<" + data[at + 4 :])


@each_example
def test_articles_of_an_archive_have_digests_and_known_ones_are_not_read(
    reader: SourceReader, data: bytes
) -> None:
    entries = read(reader, data)
    digests = [one.line for one in entries if isinstance(one, ExtractedArticle)]
    if not reader.is_archive:
        assert digests == [b""]
        return
    assert len(set(digests)) == len(digests)
    asked: list[tuple[bytes, int]] = []

    def find_known_id(digest: bytes, position: int) -> str:
        asked.append((digest, position))
        return "known" if position == 0 else ""

    again = read(reader, data, ItemContext("an item", find_known_id=find_known_id))
    assert asked == [(digest, position) for position, digest in enumerate(digests)]
    assert again == [UnchangedLine("known", digests[0]), *entries[1:]]


@cards_registered
@each_example
def test_a_pickled_item_is_read_the_same(reader: SourceReader, data: bytes, folder: Path) -> None:
    (folder / f"a{reader.suffixes[0]}").write_bytes(data)
    address = f"https://eldholm.example/a{reader.suffixes[0]}"
    response = HttpResult(address, data, "application/octet-stream", "", Validators())
    [on_disk] = list_items(Source(str(folder))).items
    for item in (on_disk, web_item(Source(address), response)):
        copy: Item = pickle.loads(pickle.dumps(item))  # noqa: S301 - our own
        assert copy.reader is item.reader is reader
        assert [*copy.articles()] == [*item.articles()]
        assert paragraphs([*item.articles()]) == [LEAD, END]


@cards_registered
async def test_a_new_kind_is_indexed(folder: Path) -> None:
    path = folder / "harbour.cards"
    path.write_bytes(EXAMPLES["cards"][0])
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        done = await engine.reindex()
        assert (done.added, done.skipped, done.paragraphs) == (2, (), 2)
        answer = await engine.ask("What did the harbour board vote to dredge?")
        assert answer.answered
        assert answer.hits[0].passage.text == LEAD
        assert answer.hits[0].passage.article.id == "harbour:1"
        path.write_text(path.read_text("utf-8") + "\n\nHerring\nThe herring season opens.\n")
        done = await engine.reindex()
        assert (done.added, done.changed, done.removed, done.articles) == (1, 0, 0, 3)


def test_a_kind_that_is_not_registered_is_unknown(folder: Path) -> None:
    path = folder / "harbour.cards"
    path.write_bytes(EXAMPLES["cards"][0])
    assert not list_items(Source(str(folder))).items
    with pytest.raises(CoverageError, match="its type is unknown"):
        reader_of_file(path.name)
    assert not is_fetchable("application/x-cards", "/harbour.cards")


@cards_registered
def test_a_new_kind_is_fetched_by_its_type() -> None:
    assert is_fetchable("application/x-cards", "/")
    assert reader_of_file("HARBOUR.CARDS") is CARDS
    assert reader_of_response("application/x-cards", "/", b"") is CARDS
    assert reader_of_response("text/plain", "/a.cards", b"") is CARDS


def test_the_first_bytes_decide_between_readers_of_one_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Feed(CardsReader):
        kind = "feed"
        suffixes = (".feed",)

        def sniff(self, head: bytes) -> bool:
            return head.startswith(b"feed\n")

    feed = Feed()
    monkeypatch.setattr(registry, "READERS", (*READERS, feed))
    assert reader_of_response("application/x-cards", "/", b"feed\n") is feed
    assert reader_of_response("application/x-cards", "/", b"cards\n\n") is CARDS
    assert reader_of_response("application/x-cards", "/", b"neither") is CARDS
    assert reader_of_response("application/x-cards", "/a.md", b"feed\n") is feed


def test_digests_and_stamps_are_those_of_earlier_versions(folder: Path) -> None:
    """A change here has every item of every index read again: see `reader.VERSION`."""
    (folder / "a.md").write_text("One.")
    os.utime(folder / "a.md", ns=(0, 5))
    (folder / "b.jsonl").write_text('{"text": "One."}')
    (folder / "coverage.toml").write_text('[[article]]\nfile = "b.jsonl"\nauthor = "Ada"\n')
    page, archive = list_items(Source(str(folder), Details(publisher="Post"))).items
    assert page.stamp == (
        "4 5 3 Details(id=None, title=None, publisher='Post', author=None, published=None,"
        " url=None, brief=False)"
    )
    assert page.digest() == "bc9c0cb0db9261ac11772b99b8fedf88"
    assert archive.digest() == "7496a7347456ba5c04208cb9cc304b48"
    [article] = archive.articles()
    assert isinstance(article, ExtractedArticle)
    assert article.line.hex() == "be9c8e86a20c947548adfb5113edd7c2"
