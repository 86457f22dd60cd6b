"""The parts of a Word document -> an `ExtractedArticle`.

Format: ECMA-376, part 1 (WordprocessingML). What was deleted, moved away or hidden is no text.
"""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from posixpath import normpath

from lxml import etree

from index.errors import CoverageError
from index.model import Block, ExtractedArticle
from index.sources.details import one_line

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MAIN = "word/document.xml"
_HEADING = re.compile(r"heading ?\d|title|subtitle|toc ", re.IGNORECASE)
_MAX_STEPS = 1_000_000  # beginnings and ends of elements: of as many words as in any book
_CELL_CHARS = 120  # a longer cell of a table is running text, on a page laid out by a table

# Text of these is not shown, or it is shown elsewhere.
_SKIPPED = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}rPrChange", _FALLBACK})
_CHARACTERS = {
    f"{_W}tab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}

Unpack = Callable[[str], bytes | None]


def read_word(unpack: Unpack) -> ExtractedArticle:
    """Extract the article; `unpack` gives the part of a name. Raises CoverageError."""
    data = unpack(_main_part(unpack))
    if data is None:
        raise CoverageError("it is no document of Word; save it as .docx again")
    core = _elements(unpack("docProps/core.xml"))
    properties = {element.tag: element.text or "" for element in core}
    blocks = tuple(_Body(_headings(unpack("word/styles.xml"))).read(data))
    if not blocks:
        raise CoverageError("it has no text; save it as .docx again")
    first_heading = next((block.text for block in blocks if not block.kept), "")
    return ExtractedArticle(
        blocks,
        title=one_line(properties.get(f"{_DC}title", "")) or first_heading,
        author=one_line(properties.get(f"{_DC}creator", "").replace(";", ", ")),
    )


def _parse(data: bytes, event: str = "end") -> Iterator[tuple[str, etree._Element]]:
    """The elements as they end. Raises CoverageError for what is not XML."""
    # Entities stay as they are: they are how small XML grows large, and how it reads files.
    source = BytesIO(data.replace(_STRICT_W, _W[1:-1].encode()))
    try:
        parsed = etree.iterparse(
            source, events=(*{event, "end"},), resolve_entities=False, no_network=True
        )
        for number, step in enumerate(parsed):
            if number > _MAX_STEPS:
                raise CoverageError("it has too many parts; split it, or save it as plain text")
            yield step
    except etree.XMLSyntaxError as error:
        raise CoverageError("its text is damaged; save it as .docx again") from error


def _elements(data: bytes | None) -> Iterator[etree._Element]:
    return (element for _, element in _parse(data)) if data else iter(())


def _main_part(unpack: Unpack) -> str:
    for element in _elements(unpack("_rels/.rels")):
        if element.get("Type", "").endswith("/officeDocument"):
            return normpath(str(element.get("Target", ""))).lstrip("/")
    return _MAIN


def _headings(styles: bytes | None) -> frozenset[str]:
    """The ids of the styles of headings; their names are the same in all languages."""
    ids: set[str] = set()
    for element in _elements(styles):
        if element.tag == f"{_W}style":
            name = element.find(f"{_W}name")
            if name is not None and _HEADING.match(name.get(f"{_W}val", "")):
                ids.add(element.get(f"{_W}styleId", ""))
    return frozenset(ids)


class _Body:
    """Collects the paragraphs and rows of a document, in one pass."""

    def __init__(self, headings: frozenset[str]) -> None:
        self._headings = headings
        self._texts: list[list[str]] = []  # of the open paragraphs: a text box is within another
        self._reason = ""
        self._cells: list[list[str]] = []  # of the open rows, their paragraphs
        self._skipped = 0  # open elements whose text is skipped

    def read(self, data: bytes) -> Iterator[Block]:
        """The blocks of the main part."""
        for event, element in _parse(data, "start"):
            if event == "start":
                self._start(element)
                continue
            yield from self._end(element)

    def _start(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _SKIPPED:
            self._skipped += 1
        elif tag == f"{_W}p":
            self._texts.append([])
            self._reason = ""
        elif tag == f"{_W}tr":
            self._cells.append([])

    def _end(self, element: etree._Element) -> Iterator[Block]:
        tag = element.tag
        if tag in _SKIPPED:
            self._skipped -= 1
        elif tag == f"{_W}t" and self._texts and not self._skipped and not _is_hidden(element):
            self._texts[-1].append(element.text or "")
        elif tag in _CHARACTERS and self._texts and not self._skipped and _is_in_run(element):
            self._texts[-1].append(_CHARACTERS[tag])
        elif tag == f"{_W}pStyle" and element.get(f"{_W}val", "") in self._headings:
            self._reason = "a heading"
        elif tag == f"{_W}p":
            yield from self._end_paragraph()
            _forget(element)
        elif tag == f"{_W}tr":
            yield from self._end_row()
            _forget(element)

    def _end_paragraph(self) -> Iterator[Block]:
        text, reason = one_line("".join(self._texts.pop())), self._reason
        self._reason = ""
        if text and self._cells:
            self._cells[-1].append(text)
        elif text:
            yield Block(text, reason)

    def _end_row(self) -> Iterator[Block]:
        texts = self._cells.pop()
        is_laid_out = any(len(text) > _CELL_CHARS for text in texts)
        if self._cells:  # a table in a cell
            self._cells[-1] += texts
        elif is_laid_out:
            yield from map(Block, texts)
        elif texts:
            yield Block(" ".join(texts))


def _forget(element: etree._Element) -> None:
    """Free the memory of an element that is read, and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _is_in_run(element: etree._Element) -> bool:
    """True if it is a character: the tab stops of a paragraph have the same tag."""
    parent = element.getparent()
    return parent is not None and parent.tag == f"{_W}r"


def _is_hidden(text: etree._Element) -> bool:
    run = text.getparent()
    hidden = None if run is None else run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val", "1") not in {"0", "false", "off"}
