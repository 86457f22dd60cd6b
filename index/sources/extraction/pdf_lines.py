"""The lines of the pages of a PDF, with their positions, by PDFium."""

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import CoverageError
from index.sources.details import one_line

_MAX_PAGES = 300  # as many as in a book
_MAX_CHARS = 50_000  # of a page: five times as many as on the fullest of a newspaper
_GAP = 1.2  # heights of a line: a wider gap in it separates columns or cells
_SOFT_HYPHEN = "\xad"
_HYPHENS = frozenset("-\x02\xad\ufffe\u2010\u2011")


class Line(NamedTuple):
    """A line of a page, or a part of one between wide gaps.

    `page` is the number of its page, from 1. The sides are in points from the lower left corner,
    and `size` is the height of its letters. `is_broken`: it ends within a word, and `text` without
    the hyphen.
    """

    page: int
    text: str
    left: float
    right: float
    base: float
    size: float
    is_broken: bool = False


class Document(NamedTuple):
    """The lines of each page, and the metadata; `unread` pages come after those."""

    pages: list[list[Line]]
    metadata: dict[str, str]
    unread: int


def read_document(data: bytes) -> Document:
    """Read the lines of all pages, as ordered in the file.

    Raises CoverageError for what cannot be opened.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise CoverageError("it is protected by a password; save it without one") from error
        raise CoverageError("it is damaged or no PDF; save it as .pdf again") from error
    with closing(document):
        count = len(document)
        pages = [_page_lines(document, number) for number in range(min(count, _MAX_PAGES))]
        metadata = {key: one_line(value) for key, value in document.get_metadata_dict().items()}
    return Document(pages, metadata, max(count - _MAX_PAGES, 0))


def _page_lines(document: pypdfium2.PdfDocument, number: int) -> list[Line]:
    """The lines of a page; none of one that is damaged."""
    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            return [line._replace(page=number + 1) for line in _lines(text) if line.text]
    except pypdfium2.PdfiumError:
        return []


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    begin = 0
    chars: list[str] = []
    raw, code_at = page.raw, pdfium.FPDFText_GetUnicode
    for at in range(min(page.count_chars(), _MAX_CHARS)):
        char = chr(code_at(raw, at))
        if char == "\n" or char in _HYPHENS:
            # A hyphen at the end of a line comes without the end of the line.
            is_broken = char != "\n" and pdfium.FPDFText_IsHyphen(raw, at) == 1
            if char == "\n" or is_broken:
                yield from _parts(page, begin, chars, is_broken=is_broken)
                begin, chars = at + 1, []
                continue
        chars.append(char)
    yield from _parts(page, begin, chars, is_broken=False)


def _parts(
    page: pypdfium2.PdfTextPage, begin: int, chars: list[str], *, is_broken: bool
) -> Iterator[Line]:
    """The parts between wide gaps of a line, whose characters `begin` at that index."""
    words = _words(chars)
    if not words:
        return
    boxes = [
        (page.get_charbox(begin + first, loose=True), page.get_charbox(begin + last))
        for first, last in words
    ]
    size = max(top - bottom for (_, bottom, _, top), _ in boxes) or 1.0
    parts = [[0]]
    for word in range(1, len(words)):
        if boxes[word][0][0] - boxes[word - 1][1][2] > _GAP * size:
            parts.append([])
        parts[-1].append(word)
    for part in parts:
        first, last = part[0], part[-1]
        yield Line(
            page=0,
            text=_text(chars[words[first][0] : words[last][1] + 1]),
            left=boxes[first][0][0],
            right=boxes[last][1][2],
            base=boxes[first][0][1],
            size=size,
            is_broken=is_broken and last == len(words) - 1,
        )


def _words(chars: list[str]) -> list[tuple[int, int]]:
    """The first and last index of each run of characters without white space."""
    words: list[tuple[int, int]] = []
    start = None
    for at, char in enumerate([*chars, " "]):
        if not char.isspace():
            start = at if start is None else start
        elif start is not None:
            words.append((start, at - 1))
            start = None
    return words


def _text(chars: list[str]) -> str:
    """The text of UTF-16 code units."""
    text = "".join(chars).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return one_line(text.replace(_SOFT_HYPHEN, ""))
