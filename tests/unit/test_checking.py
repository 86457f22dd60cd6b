"""Whatever a reader yields is checked in one place: an odd thing costs itself, and no more."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import MEMORY, Source, open_engine
from index.errors import CoverageError
from index.model import Block, CoverageWarning, ExtractedArticle, Skipped
from index.sources import registry
from index.sources.characters import readable
from index.sources.checking import check_length, checked, clean_report, within_reason
from index.sources.files import read_whole
from index.sources.jsonl import JsonlReader
from index.sources.reader import ItemContext, SourceEntry, SourceReader

TEXT = "The ferry of Eldholm sails at nine from the old quay, and carries forty lorries."
FIELDS = ("id", "title", "publisher", "author", "published", "url")


def _checked(**fields: str) -> ExtractedArticle:
    article = checked(ExtractedArticle((Block(TEXT),), **fields))  # type: ignore[arg-type]
    assert isinstance(article, ExtractedArticle)
    return article


@pytest.mark.parametrize(
    ("dirty", "said"),
    [
        ("Port \ud800 sold", "Port \ufffd sold"),
        ("Port\x00 sold\x1b[31m", "Port sold"),
        ("Port\x0csold\x0bto\x1fferries", "Port sold to ferries"),
        ("the port\x92s \x93price\x94", "the port’s “price”"),
        ("Port\x81 sold\x7f\ufffe\uffff\ufdd0", "Port sold"),
        ("Порт продано — نعم 港", "Порт продано — نعم 港"),
    ],
)
def test_odd_characters_cost_themselves(dirty: str, said: str) -> None:
    assert readable(dirty) == said
    assert _checked(title=dirty).title == said
    article = checked(ExtractedArticle((Block(dirty), Block("\x00"), Block(TEXT, "a menu"))))
    assert article == ExtractedArticle((Block(said), Block(TEXT, "a menu")))


@given(st.text(st.characters(exclude_categories=()), max_size=300), st.sampled_from(FIELDS))
def test_every_field_can_be_stored_and_sent(text: str, field: str) -> None:
    article = checked(ExtractedArticle((Block(text), Block(TEXT)), **{field: text}))  # type: ignore[arg-type]
    assert isinstance(article, ExtractedArticle)
    for value in (getattr(article, field), *article.paragraphs):
        assert value.encode().decode() == value
        assert not any(char < " " and char not in "\n\t" for char in value)
        assert not any("\x7f" <= char <= "\x9f" for char in value)
    assert "\n" not in getattr(article, field)


def test_long_fields_are_cut_and_long_identifiers_dropped() -> None:
    article = _checked(**dict.fromkeys(FIELDS, "x" * 100_000))
    assert len(article.title) == 500
    assert article.title.endswith("…")
    assert len(article.publisher + article.author + article.published) <= 750
    assert (article.id, article.url) == ("", "")


def test_a_text_of_megabytes_is_refused() -> None:
    with pytest.raises(CoverageError, match="longer than 4,000,000 characters; split it"):
        checked(ExtractedArticle((Block("ferry " * 400_000),) * 2))
    with pytest.raises(CoverageError, match="split it"):
        check_length("x" * 4_000_001)


def test_reports_are_cleaned_too() -> None:
    assert checked(Skipped("a\ud800\x1b[2J", "b\x07")) == Skipped("a\ufffd", "b")
    assert clean_report(CoverageWarning("a\n", "b" * 2_000)).reason.endswith("b…")


def _yielding(*entries: SourceEntry | Exception) -> Iterator[SourceEntry]:
    for entry in entries:
        if isinstance(entry, Exception):
            raise entry
        yield entry


ARTICLE, BAD = ExtractedArticle((Block(TEXT),)), Skipped("news.jsonl line 7", "it is odd; fix it")


def test_an_archive_is_given_up_after_a_hundred_bad_lines_in_a_row() -> None:
    fine: list[SourceEntry] = [ARTICLE, *[BAD] * 99, ARTICLE, *[BAD] * 99]
    assert [*within_reason(fine, "news.jsonl")] == fine
    with pytest.raises(CoverageError) as caught:
        list(within_reason([*fine, BAD, ARTICLE], "news.jsonl"))
    assert "100 entries in a row" in str(caught.value)
    assert "from line 7 on, of which it is odd; fix it" in str(caught.value)


@pytest.mark.parametrize("error", [ValueError("x"), MemoryError(), RecursionError(), KeyError(1)])
def test_a_fault_of_a_reader_is_a_coverage_error(error: Exception) -> None:
    found = within_reason(_yielding(ARTICLE, BAD, error), "a")
    assert [next(found), next(found)] == [ARTICLE, BAD]
    with pytest.raises(CoverageError, match="save it as plain text"):
        next(found)


class _FaultyReader(SourceReader):
    kind = "faulty"
    suffixes = (".faulty",)
    seconds_per_megabyte = 0.1

    def read(self, file: io.BufferedIOBase, context: ItemContext) -> Iterator[SourceEntry]:
        for number in read_whole(file):
            yield Skipped(context.name, f"{1 / (number - number)}")


async def test_a_fault_of_a_reader_costs_its_item(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "READERS", (*registry.READERS, _FaultyReader()))
    (folder / "a.faulty").write_text("One.")
    (folder / "b.md").write_text(TEXT)
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        report = await engine.reindex()
        assert (report.articles, [one.name for one in report.skipped]) == (
            1,
            [str(folder / "a.faulty")],
        )
        assert "ZeroDivisionError in read" in report.skipped[0].reason


def _linked(**fields: object) -> bytes:
    data = json.dumps({"@type": "NewsArticle", **fields})
    script = f'<script type="application/ld+json">{data}</script>'
    body = "".join(f"<p>{TEXT} It sails again at {hour}.</p>" for hour in range(3))
    return f"<html><head>{script}</head><body><article>{body}</article></body></html>".encode()


HOSTILE: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "page": lambda text: ("a.html", _linked(headline=text, author={"name": text}, url=text)),
    "note": lambda text: (
        "a.md",
        f"---\ntitle: {json.dumps(text)}\nurl: {json.dumps(text)}\n---\n{TEXT}".encode(),
    ),
    "archive": lambda text: (
        "a.jsonl",
        json.dumps({"text": f"{TEXT}\n{text}", **dict.fromkeys(FIELDS[1:], text)}).encode(),
    ),
    "manifest": lambda text: (
        "coverage.toml",
        f'[[article]]\nfile = "good.md"\ntitle = {json.dumps(text)}\nmore = 1'.encode(),
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize(
    "text",
    ["a\ud800b", "a\x1b[31mb", "a\x00b\x9b", "a\u202eb" * 9_000],
    ids=["surrogate", "escape", "controls", "direction"],
)
async def test_a_hostile_field_costs_no_other_article(folder: Path, kind: str, text: str) -> None:
    name, data = HOSTILE[kind](text)
    (folder / "good.md").write_text("The bridge of Eldholm opens at ten.")
    (folder / name).write_bytes(data)
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        await engine.reindex()
        answer = await engine.ask("When does the bridge open?")
        assert "ten" in answer.hits[0].sentence
        for article in await engine.articles():
            assert repr(article).encode()
            assert "\x1b" not in article.title + article.author + article.url


LINE = json.dumps({"text": TEXT}).encode() + b"\n"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (b"x\n" * 3_000_000, "100 entries in a row cannot be, from line 1 on"),
        (LINE + b"[1]\n" * 3_000_000, "from line 2 on"),
        (b"\n" * 3_000_000, "it unpacks to over 100 times its size"),
        (b"x" * 30_000_000, "it unpacks to over 100 times its size"),
        (LINE + LINE * 100_000, "it unpacks to over 100 times its size"),
    ],
    ids=["bad lines", "bad lines after a good one", "blank lines", "one line", "copies"],
)
def test_an_archive_that_is_made_to_do_harm(lines: bytes, why: str) -> None:
    archive = io.BytesIO(gzip.compress(lines))
    reading = within_reason(JsonlReader().read(archive, ItemContext("a")), "a")
    with pytest.raises(CoverageError, match=why):
        list(reading)


def test_an_archive_that_is_merely_repetitive_is_read() -> None:
    data = gzip.compress(b"".join(LINE.replace(b"nine", b"%d" % n) for n in range(20_000)))
    read = JsonlReader().read(io.BytesIO(data), ItemContext("a"))
    assert sum(isinstance(one, ExtractedArticle) for one in read) == 20_000


async def test_an_archive_of_one_id_is_told_in_few_lines(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(LINE.replace(b"{", b'{"id": 1, ') * 2_000)
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        report = await engine.reindex()
    assert (report.articles, len(report.skipped)) == (1, 2)
    assert report.skipped[-1].name.endswith("a.jsonl: more")
