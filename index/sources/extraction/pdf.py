"""A PDF -> an `ExtractedArticle`: its paragraphs, across lines, columns and pages."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise, takewhile
from statistics import median

from index.errors import CoverageError
from index.model import Block, ExtractedArticle
from index.sources.extraction.columns import columns
from index.sources.extraction.pdf_lines import Document, Line, read_document

_EDGE_ROWS = 3  # of lines of a page, that may be its head or foot
_LARGE = 1.2  # times the size of the text: a heading
_OTHER_SIZE = 0.12  # share of the size by which two lines of a paragraph may differ
_GAP = 1.4  # times the usual distance between lines: between paragraphs
_INDENT = 0.7  # sizes: the first line of a paragraph

_PAGE_NUMBER = re.compile(
    r"\W*((page|seite|página|стор\.?)\s*)?\d{1,4}(\s*(of|/|von|de|sur|з)\s*\d{1,4})?\W*\Z",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s…]+(?=\s|\Z)")
_PRINTED = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}, \d{1,2}:\d\d")  # head of a printed web page
_ENDED = re.compile(r"""[.!?:…]["'”’»)\]]*\Z""")
_BULLET = re.compile(r"[•‣▪●◦–*-]\s")
_NO_TITLE = re.compile(
    r"untitled|microsoft |powerpoint|layout|print|\S+\Z|.*\.(docx?|indd|pdf|qxp|html?|pptx?)\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_HYPHEN = re.compile(r"\w-\Z")
_LAST_WORD = re.compile(r"(\w+)\Z")
_FIRST_WORD = re.compile(r"\w+")


def read_pdf(data: bytes) -> ExtractedArticle:
    """Extract the article. Raises CoverageError if there is no text."""
    document = read_document(data)
    if not any(document.pages):
        raise CoverageError(
            "it has no text, only pictures of it; run a text recognition (OCR) over it"
        )
    margins = _margins(document.pages)
    body = [
        [line for line in page if line not in margin]
        for page, margin in zip(document.pages, margins, strict=True)
    ]
    size = _text_size(body)
    paragraphs = list(_paragraphs(body, _words(body)))
    return ExtractedArticle(
        (
            *(Block(text, "a head or foot of a page") for text in _distinct(margins)),
            *(
                Block(one.text, "a heading" if one.size > _LARGE * size else "", one.page)
                for one in paragraphs
            ),
        ),
        title=_title(document, paragraphs, size),
        author=_author(document),
        url=next(iter(_ADDRESS.findall(" ".join(_distinct(margins)))), ""),
        problems=_unread(document),
    )


def _unread(document: Document) -> tuple[str, ...]:
    if not document.unread:
        return ()
    return (f"its last {document.unread:,} pages are not read; split it",)


def _margins(pages: Sequence[Sequence[Line]]) -> list[set[Line]]:
    """The heads and feet of each page: what stands there on several, or numbers them."""
    rows = [_rows(page) for page in pages]
    seen = Counter(
        place for page in rows for place in {_place(line) for row in _edges(page) for line in row}
    )

    def is_margin(row: Sequence[Line]) -> bool:
        return all(seen[_place(line)] > 1 or _is_margin(line) for line in row)

    return [
        {
            line
            for edge in (page, page[::-1])
            for row in takewhile(is_margin, edge[:_EDGE_ROWS])
            for line in row
        }
        for page in rows
    ]


def _rows(page: Sequence[Line]) -> list[list[Line]]:
    """The lines of a page from top to bottom; those of one height together."""
    ordered = sorted(page, key=lambda line: -line.base)
    return [list(row) for _, row in groupby(ordered, key=lambda line: round(line.base))]


def _edges(rows: list[list[Line]]) -> list[list[Line]]:
    return rows[:_EDGE_ROWS] + rows[-_EDGE_ROWS:]


def _is_margin(line: Line) -> bool:
    return any(form.match(line.text) for form in (_PAGE_NUMBER, _PRINTED, _ADDRESS))


def _place(line: Line) -> tuple[str, int]:
    """A line without what differs from page to page, and its height on the page."""
    return re.sub(r"\d+", "0", line.text), round(line.base / 4)


def _distinct(margins: Iterable[set[Line]]) -> list[str]:
    ordered = (line.text for page in margins for line in sorted(page, key=lambda one: -one.base))
    return list(dict.fromkeys(ordered))


def _text_size(pages: Iterable[Sequence[Line]]) -> float:
    """The size of most letters."""
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page:
            letters[round(line.size, 1)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 1.0


def _words(pages: Iterable[Sequence[Line]]) -> frozenset[str]:
    """The whole words of the document; not the parts of those that are broken."""
    words: set[str] = set()
    for page in pages:
        is_rest = False  # whether the line begins with the rest of a word
        for line in page:
            found = _WORD.findall(line.text.lower())
            is_broken = line.is_broken or _HYPHEN.search(line.text) is not None
            words.update(found[is_rest : len(found) - is_broken])
            is_rest = is_broken
    return frozenset(words)


def _paragraphs(pages: Sequence[Sequence[Line]], words: frozenset[str]) -> Iterator[Line]:
    """The paragraphs, each as its first line with the text of all."""
    paragraph: Line | None = None
    for page in pages:
        for column in columns(page):
            begins = _begins(column)
            for at, line in enumerate(column):
                goes_on = paragraph is not None and (
                    not begins[at] if at else _goes_on(paragraph, line)
                )
                if paragraph is not None and goes_on:
                    paragraph = _append(paragraph, line, words)
                    continue
                if paragraph is not None:
                    yield paragraph
                paragraph = line
    if paragraph is not None:
        yield paragraph


def _begins(column: Sequence[Line]) -> list[bool]:
    """For each line of a column, whether it begins a paragraph.

    Where space or indents mark paragraphs, the end of a sentence within a line does not.
    """
    pairs = list(pairwise(column))
    distances = [above.base - line.base for above, line in pairs]
    usual = median(distances) if distances else 0.0
    edge = median(line.left for line in column)
    right = max(line.right for line in column)
    indented = [line.left - edge > _INDENT * line.size for line in column]
    apart = [
        distance > _GAP * max(min(usual, _GAP * line.size), line.size) or (is_in and not was_in)
        for (_, line), distance, (was_in, is_in) in zip(
            pairs, distances, pairwise(indented), strict=True
        )
    ]
    are_marked = any(
        is_apart and not _differ(*pair) for pair, is_apart in zip(pairs, apart, strict=True)
    )
    return [
        True,
        *(
            is_apart
            or _differ(above, line)
            or _BULLET.match(line.text) is not None
            or ((is_in or not are_marked) and _ends_short(above, line, right))
            for (above, line), is_apart, is_in in zip(pairs, apart, indented[1:], strict=True)
        ),
    ]


def _ends_short(above: Line, line: Line, right: float) -> bool:
    """True if a line ends a sentence where the next word would still fit."""
    return _ENDED.search(above.text) is not None and _would_fit(line, right - above.right)


def _would_fit(line: Line, space: float) -> bool:
    """True if the first word of a line would fit into the `space` at the end of that above."""
    letter = (line.right - line.left) / max(len(line.text), 1)
    return (len(line.text.split(maxsplit=1)[0]) + 1) * letter < space


def _differ(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) > _OTHER_SIZE * max(one.size, other.size)


def _goes_on(paragraph: Line, line: Line) -> bool:
    """True if a paragraph goes on in the next column or page."""
    if _differ(paragraph, line):
        return False
    return line.text[:1].islower() or not _ENDED.search(paragraph.text)


def _append(paragraph: Line, line: Line, words: frozenset[str]) -> Line:
    before, after = paragraph.text, line.text
    if paragraph.is_broken or _HYPHEN.search(before):
        before = before.removesuffix("-")
        joined = f"{before}{_hyphen(before, after, words)}{after}"
    else:
        joined = f"{before} {after}"
    return paragraph._replace(text=joined, is_broken=line.is_broken)


def _hyphen(before: str, after: str, words: frozenset[str]) -> str:
    """The hyphen between two parts of a word: "" where it only divides the word.

    A word of its own keeps it ("two-year") unless the whole occurs without one.
    """
    first, second = _LAST_WORD.search(before), _FIRST_WORD.match(after)
    if first is None or second is None or not second[0][0].islower():
        return "-"
    parts = (first[0].lower(), second[0].lower())
    return "-" if "".join(parts) not in words and words.issuperset(parts) else ""


def _title(document: Document, paragraphs: Sequence[Line], size: float) -> str:
    """The title of the metadata, else the largest heading of the document."""
    title = document.metadata.get("Title", "")
    if title and not _NO_TITLE.match(title):
        return title
    headings = [one for one in paragraphs if one.size > _LARGE * size]
    return max(headings, key=lambda one: one.size).text if headings else ""


def _author(document: Document) -> str:
    """The author of the metadata, unless that is the name of an account."""
    author = document.metadata.get("Author", "")
    return author if " " in author else ""
