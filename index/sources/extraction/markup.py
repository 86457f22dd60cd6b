"""The markup of a web page -> its tree -> its blocks of text, in document order."""

from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.errors import CoverageError

MAX_DEPTH = 512  # tags within tags: as many as browsers build
MAX_TAGS = 50_000  # thirty times those of a large page; beyond, some steps take long

_PARTING = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "label",
    "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search",
    "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_LANDMARKS = frozenset({"aside", "button", "figcaption", "footer", "form", "header", "nav"})


@dataclass(frozen=True, slots=True)
class Segment:
    """One block of text as it stands in the tree.

    `tag` is the element that parts it from others, `holder` tells what that element stands in:
    paragraphs of one holder belong together. `landmark` is the nearest navigation, footer or the
    like around it, `linked` the share of its letters that are links.
    """

    text: str
    tag: str
    holder: object
    landmark: str
    linked: float


def parse(markup: str) -> HtmlElement | None:
    """Return the tree of a page, or None when there is no element and no text in it."""
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        # NULs would end the page, and a surrogate has no UTF-8.
        tree = document_fromstring(
            markup.replace("\0", "").encode("utf-8", "replace"), parser=parser
        )
    except etree.ParserError:
        return None
    _check_size(tree)
    return tree


def markup_blocks(tree: HtmlElement) -> list[Segment]:
    """Return the blocks of text of a tree, white space collapsed."""
    splitter = _Splitter()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            splitter.start(element)
        else:
            splitter.end(element)
    return splitter.markup_blocks


class _Splitter:
    """Collects text until an element parts it, in one pass and without recursion."""

    def __init__(self) -> None:
        self.markup_blocks: list[Segment] = []
        self._open: list[HtmlElement] = []
        self._landmarks: list[str] = [""]
        self._text: list[str] = []
        self._links = 0  # how many links are open
        self._linked = 0  # letters of the text so far that are links
        self._broken = False  # a line break, and nothing since

    def start(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _PARTING:
            self._part()
            self._open.append(element)
            if tag in _LANDMARKS:
                self._landmarks.append(tag)
        elif tag == "br":
            self._break()
        elif tag in _CELLS:
            self._text.append(" ")
        elif tag == "a":
            self._links += 1
        self._add(element.text)

    def end(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _PARTING:
            self._part()
            self._open.pop()
            if tag in _LANDMARKS:
                self._landmarks.pop()
        elif tag in _CELLS:
            self._text.append(" ")
        elif tag == "a":
            self._links -= 1
        self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._text.append(text)
        if not text.isspace():
            self._broken = False
            if self._links:
                self._linked += _letters(text)

    def _break(self) -> None:
        if self._broken:
            self._part()
        self._text.append(" ")
        self._broken = True

    def _part(self) -> None:
        text = " ".join("".join(self._text).split())
        if any(map(str.isalnum, text)):
            element = self._open[-1] if self._open else None
            self.markup_blocks.append(
                Segment(
                    text=text,
                    tag="" if element is None else element.tag,
                    holder=None if element is None else _holder(element),
                    landmark=self._landmarks[-1],
                    linked=self._linked / _letters(text),
                )
            )
        self._text.clear()
        self._linked = 0
        self._broken = False


def _letters(text: str) -> int:
    return len(text) - sum(map(str.isspace, text))


def _holder(element: HtmlElement) -> object:
    """Return what `element` shares with its kin: its parent's tag and class, else the parent."""
    parent = element.getparent()
    if parent is None or not parent.get("class"):
        return parent
    return parent.tag, parent.get("class")


def _check_size(tree: HtmlElement) -> None:
    tags = depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            tags += 1
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    if deepest > MAX_DEPTH:
        raise CoverageError(f"it nests tags over {MAX_DEPTH} deep; save it as plain text")
    if tags > MAX_TAGS:
        raise CoverageError(f"it has over {MAX_TAGS:,} tags; save it as plain text")
