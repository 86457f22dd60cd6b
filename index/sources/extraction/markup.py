"""Parses a web page and splits it into its blocks of text, in document order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from types import MappingProxyType
from unicodedata import normalize

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.errors import CoverageError
from index.sources.characters import readable

MAX_DEPTH = 512  # nested tags: as many as browsers support
MAX_TAGS = 50_000  # thirty times as many as in a large page; with more, some steps take long

_REFERENCE = re.compile(r"&(?:shy|#(?:x0*[0-9a-f]{1,5}|0*[0-9]{1,6}));?", re.IGNORECASE)
MAX_ATTRIBUTES = 200  # of a tag; the time to parse them grows with the square of their number

# As a browser reads them: a tag with up to so many attributes, and perhaps one more. Possessive, so
# that it takes linear time. What looks like a tag in a comment, a script or a style sheet is none.
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+"""
_TAG = re.compile(
    r"<!--(?:(?!-->).)*+|<(?P<raw>script|style)\b(?:(?!</(?P=raw)).)*+"
    rf"|<[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+(?P<one_more>{_ATTRIBUTE})?",
    re.IGNORECASE | re.DOTALL,
)

_BLOCK_TAGS = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd",
    "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "label",
    "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search",
    "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_LANDMARKS = frozenset({"aside", "button", "figcaption", "footer", "form", "header", "nav"})


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of text with its context in the tree.

    `tag` is that of the block-level element around it. `container` identifies the parent of that
    element: paragraphs of one container belong together. `landmark` is the tag of the nearest
    navigation, footer or the like around it, `linked` the share of its letters that are links.
    `left_out` is the reason why it cannot be part of the article, empty if it can.
    """

    text: str
    tag: str
    container: object
    landmark: str
    linked: float
    left_out: str = ""


def parse(markup: str) -> HtmlElement | None:
    """Parse a page; None if it is empty. Raises CoverageError if it is too big."""
    if any(found["one_more"] for found in _TAG.finditer(markup)):
        raise CoverageError(
            f"a tag has more than {MAX_ATTRIBUTES} attributes; save it as plain text"
        )
    parser = HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        # NULs would end the page, and a surrogate has no UTF-8.
        tree = document_fromstring(
            _REFERENCE.sub(_readable, markup).replace("\0", "").encode("utf-8", "replace"),
            parser=parser,
        )
    except etree.ParserError:
        return None
    _check_size(tree)
    return tree


def _readable(reference: re.Match[str]) -> str:
    """A reference as it stands, unless it is to a character that nobody sees."""
    char = unescape(reference[0])
    return reference[0] if char and readable(char) == char else readable(char)


def markup_blocks(
    tree: HtmlElement, set_aside: Mapping[HtmlElement, str] = MappingProxyType({})
) -> list[TextBlock]:
    """The blocks of text of a tree, with white space collapsed.

    Text of the elements `set_aside`, each with its reason, is never part of another block.
    """
    splitter = _Splitter()
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if element in set_aside:
            if event == "start":
                walk.skip_subtree()
            else:
                splitter.pass_over(element, set_aside[element])
        elif event == "start":
            splitter.start(element)
        else:
            splitter.end(element)
    splitter.end_block()
    return splitter.blocks


class _Splitter:
    """Collects text between block-level elements, in one pass and without recursion."""

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self._open: list[HtmlElement] = []
        self._landmarks: list[str] = [""]
        self._text: list[str] = []
        self._links = 0  # number of open links
        self._linked = 0  # letters of the current text that are in links
        self._broken = False  # whether only white space follows a line break

    def start(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCK_TAGS:
            self.end_block()
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
        if tag in _BLOCK_TAGS:
            self.end_block()
            self._open.pop()
            if tag in _LANDMARKS:
                self._landmarks.pop()
        elif tag in _CELLS:
            self._text.append(" ")
        elif tag == "a":
            self._links -= 1
        self._add(element.tail)

    def pass_over(self, element: HtmlElement, reason: str) -> None:
        """Add the blocks of a whole element without those around it."""
        if element.tag in _BLOCK_TAGS:
            self.end_block()
        tail, element.tail = element.tail, None
        self.blocks += (replace(block, left_out=reason) for block in markup_blocks(element))
        element.tail = tail
        self._add(tail)

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
            self.end_block()
        self._text.append(" ")
        self._broken = True

    def end_block(self) -> None:
        """Add the text so far as a block, if there is any."""
        text = normalize("NFC", " ".join("".join(self._text).split()))
        if any(map(str.isalnum, text)):
            element = self._open[-1] if self._open else None
            self.blocks.append(
                TextBlock(
                    text=text,
                    tag="" if element is None else element.tag,
                    container=None if element is None else _container(element),
                    landmark=self._landmarks[-1],
                    linked=self._linked / _letters(text),
                )
            )
        self._text.clear()
        self._linked = 0
        self._broken = False


def _letters(text: str) -> int:
    return len(text) - sum(map(str.isspace, text))


def _container(element: HtmlElement) -> object:
    """The key of `element` and its siblings: their parent's tag and class, else the parent."""
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
        raise CoverageError(
            f"its tags are nested more than {MAX_DEPTH} deep; save it as plain text"
        )
    if tags > MAX_TAGS:
        raise CoverageError(f"it has more than {MAX_TAGS:,} tags; save it as plain text")
