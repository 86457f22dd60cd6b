"""Articles in Markdown and archives, manifests, suffixes, and the errors in each of them."""

import datetime as dt
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.dates import iso_date
from index.errors import CoverageError
from index.model import ExtractedArticle, Skipped
from index.sources import jsonl
from index.sources.details import DatedDetails, Details
from index.sources.extraction.markdown import read_markdown
from index.sources.html import HtmlReader
from index.sources.manifest import NAME, missing_files, read_manifest
from index.sources.reader import ItemContext, SourceEntry
from index.sources.registry import reader_of_file

FRONT = (
    "---\ntitle: Piers\npublisher: Eldholm Post\nauthor: [Ada, Bo]\npublished: 2021-03-04\n---\n"
)


def entries(data: bytes) -> Iterator[SourceEntry]:
    return jsonl.JsonlReader().read(io.BytesIO(data), ItemContext("a.jsonl"))


def archive(data: bytes) -> list[SourceEntry]:
    return list(entries(data))


def reasons(data: bytes) -> list[str]:
    return [str(one) for one in archive(data) if isinstance(one, Skipped)]


def texts(data: bytes) -> list[tuple[str, ...]]:
    return [one.paragraphs for one in archive(data) if isinstance(one, ExtractedArticle)]


def test_markdown_with_front_matter() -> None:
    page = read_markdown(FRONT + "# Heading\n\nOne *two*\nthree.\n\n- four\n\n> five & six\n")
    assert page.paragraphs == ("One two three.", "four", "five & six")
    assert (page.title, page.publisher, page.author) == ("Piers", "Eldholm Post", "Ada, Bo")
    assert page.published == "2021-03-04"


@pytest.mark.parametrize(
    ("text", "title", "paragraphs"),
    [
        ("# Heading\n\nOne.", "Heading", ("One.",)),
        ("One.\n\nTwo.", "", ("One.", "Two.")),
        ("---\r\ntitle: T\r\n---\r\nOne.\r\n\r\nTwo.", "T", ("One.", "Two.")),
        ("---\n---\nOne.", "", ("One.",)),
        ("---\n\nOne.\n\n---\n\nTwo.", "", ("One.", "Two.")),  # thematic breaks
        ("---\n\nOne.", "", ("One.",)),
        ("{\nOne.\n}", "", ("{ One. }",)),
        ("[One](https://a.example) ![x](y) <b>two</b> `three`", "", ("One two three",)),
        ("One &#0; &#27; &#xd800;.", "", ("One \ufffd \ufffd \ufffd.",)),
        ("| a | b |\n|---|---|\n| c | d |", "", ("a", "b", "c", "d")),
        ("One.\n\nOne.", "", ("One.", "One.")),
    ],
)
def test_markdown(text: str, title: str, paragraphs: tuple[str, ...]) -> None:
    page = read_markdown(text)
    assert (page.title, page.paragraphs) == (title, paragraphs)


@pytest.mark.parametrize(
    "front",
    [
        "title: [",
        "title: 'a",
        "\ttitle: a",
        "title: 5",
        "author: [1]",
        "title: !!python/object:os.system x",
        "published: 2020-13-45",
        "a: " + "[" * 600 + "]" * 600,
        "title: " + "a" * 20_000,
    ],
)
def test_invalid_front_matter_is_a_one_line_error(front: str) -> None:
    with pytest.raises(CoverageError, match=r"(fix|shorten) it") as caught:
        read_markdown(f"---\n{front}\n---\nOne.")
    assert "\n" not in str(caught.value)


def test_front_matter_without_an_end() -> None:
    with pytest.raises(CoverageError, match="end it with ---"):
        read_markdown("---\ntitle: Piers\n\nOne.")


def test_front_matter_with_exponential_aliases_is_cheap() -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    front = "\n".join(["a0: &a0 x", *levels, "published: *a11"])
    assert read_markdown(f"---\n{front}\n---\nOne.").published == ""


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2020-11-12", "2020-11-12"),
        ("2020-11", "2020-11"),
        ("2020", "2020"),
        (2020, "2020"),
        (dt.date(2020, 11, 12), "2020-11-12"),
        (dt.datetime(2020, 11, 12, 8, tzinfo=dt.UTC), "2020-11-12"),
        ("2020-11-12T08:00:00Z", "2020-11-12"),
        ("2020-02-30", ""),
        ("2020-11-1", ""),
        ("2020-13", ""),
        ("20201112", ""),
        ("0000", ""),
        ("\u0662\u0660\u0662\u0660", ""),
        ("soon", ""),
        ("", ""),
        (None, ""),
        (["2020"], ""),
    ],
)
def test_iso_date(value: object, iso: str) -> None:
    assert iso_date(value) == iso


def test_given_details_replace_those_of_the_page() -> None:
    page = ExtractedArticle((), title="Old", publisher="Post", brief=True)
    details = Details(title=" New \n title ", publisher=" ", author=["A", "B"], id=7)
    said = details.apply_to(page)
    assert (said.title, said.publisher, said.author) == ("New title", "Post", "A, B")
    assert (said.id, said.brief) == ("7", True)


def test_a_date_written_by_hand_must_be_valid() -> None:
    with pytest.raises(ValueError, match="published = 'soon'; expected a date"):
        DatedDetails(published="soon")


def test_archive() -> None:
    [page] = archive(
        b'{"id": 3, "title": "Piers", "text": "One.\\n\\n \\r\\nTwo. ", "url": "https://a.example",'
        b' "published": "2021", "more": 1}\n'
    )
    assert isinstance(page, ExtractedArticle)
    assert (page.id, page.title, page.published) == ("3", "Piers", "2021")
    assert page.paragraphs == ("One.", "Two.")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "line 2: it is not an article"),
        (b"[1]", "line 2: it is not an article"),
        (b"null", "line 2: it is not an article"),
        (b'{"title": "no text"}', "line 2: it is not an article"),
        (b'{"text": 5}', "line 2: it is not an article"),
        (b'{"text": "caf\xe9"}', "line 2: it is not an article"),
        (b'{"text": "\\ud800"}', "line 2: it is not an article"),
        (b'{"text": "a", "x": ' + b"[" * 10**6 + b"]" * 10**6 + b"}", "it is not an article"),
        (b'{"text": " \\n "}', "line 2: its text is empty"),
        (b'{"text": "a\\u0000b"}', "line 2: its text contains binary data"),
        (b"\0\0\0\0", "line 2: it is not an article"),
    ],
)
def test_a_broken_line_is_skipped_and_the_rest_is_read(line: bytes, why: str) -> None:
    data = b'{"text": "One."}\n' + line + b'\n\n{"text": "Two."}'
    assert texts(data) == [("One.",), ("Two.",)]
    [reason] = reasons(data)
    assert why in reason
    assert "\n" not in reason


def test_a_line_too_long_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_BYTES", 100)
    data = b'{"text": "%s"}\n{"text": "Two."}\n' % (b"x" * 950)
    assert texts(data) == [("Two.",)]
    assert "split the article" in reasons(data)[0]


def test_an_archive_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "_MAX_ARCHIVE_BYTES", 1000)
    with pytest.raises(CoverageError, match="larger than"):
        archive(gzip.compress(b'{"text": "One."}\n' * 100, mtime=0))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (gzip.compress(b"", mtime=0), "it is empty"),
        (b"\x7fELF\0\0\0\0\nabc\n" * 9, "binary data"),
        ('{"text": "One."}\n'.encode("utf-16") * 9, "binary data"),
        (gzip.compress(b'{"text": "One."}\n' * 500, mtime=0)[:-9], "it is incomplete"),
        (gzip.compress(b'{"text": "One."}\n', mtime=0)[:15] + b"\xff" * 40, "it is incomplete"),
    ],
)
def test_a_file_that_is_not_an_archive_is_a_one_line_error(data: bytes, why: str) -> None:
    with pytest.raises(CoverageError, match=why):
        archive(data)


def test_a_truncated_gzip_archive_yields_its_complete_lines() -> None:
    lines = b"".join(b'{"text": "Paragraph %d of the archive."}\n' % n for n in range(5000))
    read: list[SourceEntry] = []
    with pytest.raises(CoverageError, match="create the file again"):
        read.extend(entries(gzip.compress(lines, mtime=0)[:-2000]))
    assert isinstance(read[-1], ExtractedArticle)


def test_archive_with_a_byte_order_mark() -> None:
    assert texts(b'\xef\xbb\xbf{"text": "One."}\n') == [("One.",)]


def test_manifest(folder: Path) -> None:
    (folder / "a.txt").touch()
    (folder / NAME).write_bytes(
        b'\xef\xbb\xbf[[article]]\nfile = "a.txt"\ntitle = "Piers"\npublished = 2021-03-04\n'
    )
    entry = read_manifest(folder).entries["a.txt"]
    assert (entry.title, iso_date(entry.published)) == ("Piers", "2021-03-04")
    assert not list(missing_files(folder, ["a.txt"]))


def test_no_manifest(folder: Path) -> None:
    assert read_manifest(folder).entries == {}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[article]", "not valid TOML"),
        ("a = " + "[" * 5000, "not valid TOML"),
        ("article = 3", "'article' must be a list, not a whole number"),
        ("[[article]]\ntitle = 'a'", r"'article\[0\].file' is missing"),
        (
            "[[article]]\nfile = 'a.txt'\ntitle = 3",
            r"'article\[0\].title' must be text, not a whole number",
        ),
        (
            "[[article]]\nfile = 'a.txt'\npublished = 'soon'",
            r"'article\[0\].published' must be a date like",
        ),
        (" ", "it is empty"),
        ("title\0 = 3\n" * 9, "not valid TOML|binary data"),
    ],
)
def test_an_invalid_manifest_is_a_one_line_error(folder: Path, text: str, why: str) -> None:
    (folder / NAME).write_text(text)
    with pytest.raises(CoverageError, match=why) as caught:
        read_manifest(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("file", ["gone.txt", "sub/a.txt", "../a.txt", "x" * 5000, "nul\0", ""])
def test_a_manifest_may_describe_only_files_in_its_folder(folder: Path, file: str) -> None:
    [problem] = missing_files(folder, [file])
    assert "fix `file`" in problem


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "text"),
        ("A.TXT", "text"),
        ("a.md", "markdown"),
        ("a.htm", "html"),
        ("a.b.jsonl.gz", "jsonl"),
    ],
)
def test_kind(name: str, kind: str) -> None:
    assert reader_of_file(name).kind == kind


@pytest.mark.parametrize("name", ["a", "a.pdf", "a.txt.gz", "txt", ""])
def test_unknown_kind(name: str) -> None:
    with pytest.raises(CoverageError, match="its type is unknown"):
        reader_of_file(name)


def test_a_page_is_read_in_the_encoding_that_it_declares() -> None:
    words = "Портовый совет во вторник проголосовал за углубление северного канала. "
    markup = (
        '<html><head><meta charset="windows-1251"></head>'
        f"<body><article><p>{words * 3}</p><p>{words * 2}</p></article></body></html>"
    )
    assert words.strip() in _read_html(markup.encode("cp1251"))[0]


_CAFE = "The café by the quay serves crêpes until late at night, as it has for thirty years."


def _read_html(markup: bytes) -> tuple[str, ...]:
    [page] = HtmlReader().read(io.BytesIO(markup), ItemContext("page.html"))
    return page.paragraphs


@pytest.mark.parametrize("declared", ["utf-8", "shift_jis", "punycode", "zip", "no-such-thing", ""])
def test_a_page_in_utf8_is_read_whatever_it_declares(declared: str) -> None:
    assert _read_html(f"<meta charset='{declared}'><p>{_CAFE}</p>".encode()) == (_CAFE,)


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_a_page_is_read_in_any_common_encoding_that_it_declares(encoding: str) -> None:
    markup = f"<meta charset='{encoding}'><p>{_CAFE}</p>"
    assert _read_html(markup.encode(encoding)) == (_CAFE,)
