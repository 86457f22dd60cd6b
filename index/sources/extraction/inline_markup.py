"""Rewrites markup that changes what a text says, or where its paragraphs end, as plain elements.

Struck-out words, readings above characters and marks of footnotes are removed, exponents are
raised, and elements that a page only uses as paragraphs become some.
"""

import re

from lxml import etree
from lxml.html import Element, HtmlElement

from index.sources.extraction.boilerplate import split_blocks

_REMOVED = ("del", "s", "strike", "rp", "rt", "rtc")
_TO_REMOVE = "clipdesk_removed"  # a tag that pages do not use
_RAISED = str.maketrans("0123456789+-−–n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻ⁿ")
_EXPONENT = re.compile(r"[+\-−–]?\d{1,3}|n")
# What an exponent stands after: a number of up to three digits, a variable, or a unit of length.
_BASE = re.compile(
    r"(?:(?<![\d.,])\d{1,3}|(?<!\w)[a-zA-Z]|=\s?\w{1,3}|(?<![^\W\d])(?:[kcmdµμn]?m|ft|in|mi))$"
)
_FOOTNOTE = re.compile(r"\s*(?:\[[^\]]{1,30}\]|\(?[\d,;–\s]{1,9}\)?|[*†‡§¶]{1,3}|[a-z])\s*")
# What a mark without a link stands after; shorter words are units and formulas more often.
_NOTED = re.compile(r"(?:[^\W\d]{4}|\d{4}|[^\w\s]|^|\s)$")
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|list-item|table)\b", re.IGNORECASE)
_STRUCK_STYLE = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_INLINE = frozenset({"a", "b", "big", "em", "font", "i", "small", "span", "strong", "u"})
_PARAGRAPH_CHARS = 80  # of an unknown element that is one


def rewrite(tree: HtmlElement) -> None:
    """Rewrite the elements of `tree` in place; nothing but struck-out text and marks is lost."""
    for element in tree.iter(*_REMOVED):
        element.tag = _TO_REMOVE
    for element in tree.iter("sup"):
        _rewrite_raised(element)
    for element in tree.iter("a"):
        if _is_note_link(element):
            element.tag = _TO_REMOVE
    for element in list(tree.iter("q")):
        _quote(element)
    for element in list(tree.iter("pre")):
        _split_preformatted(element)
    _name_by_use(tree)
    etree.strip_elements(tree, _TO_REMOVE, with_tail=False)


def _name_by_use(tree: HtmlElement) -> None:
    """Give elements that only a style or a script makes paragraphs or sections those names."""
    for element in tree.xpath(".//template[@shadowrootmode]"):
        element.tag = "div"  # browsers show a declarative shadow root in its place
    for element in tree.xpath(".//*[contains(name(), '-')]"):
        _rewrite_custom(element)
    for element in tree.xpath(".//*[@style]"):
        if _STRUCK_STYLE.search(element.get("style")):
            element.tag = _TO_REMOVE
        elif element.tag in _INLINE and _BLOCK_STYLE.search(element.get("style")):
            element.tag = "div" if element.find(".//p") is not None else "p"


def _rewrite_raised(element: HtmlElement) -> None:
    text = "".join(element.itertext())
    before = _text_before(element)
    if _EXPONENT.fullmatch(text.strip()) and _BASE.search(before) and not _links_to_note(element):
        for child in list(element):
            element.remove(child)
        element.text, element.tag = text.strip().translate(_RAISED), "span"
    elif _FOOTNOTE.fullmatch(text) and (
        _links_to_note(element) or (not text.strip().isalpha() and _NOTED.search(before))
    ):
        element.tag = _TO_REMOVE


def _text_before(element: HtmlElement) -> str:
    """The text before an element within its parent, as far as it is near."""
    previous = element.getprevious()
    if previous is None:
        parent = element.getparent()
        return "" if parent is None else parent.text or ""
    return previous.tail or "".join(previous.itertext())


def _links_to_note(element: HtmlElement) -> bool:
    return any((link.get("href") or "").rpartition("#")[1] for link in element.iter("a"))


def _is_note_link(link: HtmlElement) -> bool:
    kind = f"{link.get('role', '')} {link.get('rel', '')} {link.get('class', '')}".lower()
    return (
        "noteref" in kind or "footnote" in kind or (link.get("href") or "").startswith("#fn")
    ) and _FOOTNOTE.fullmatch("".join(link.itertext())) is not None


def _quote(element: HtmlElement) -> None:
    """Write the quotation marks that browsers show around an inline quotation."""
    element.tag = "span"
    text = "".join(element.itertext()).strip()
    if not text or text[0] in "\"'“„«‘‚":  # noqa: RUF001
        return
    element.text = f"“{element.text or ''}"
    element.tail = f"”{element.tail or ''}"


def _split_preformatted(element: HtmlElement) -> None:
    """Make the paragraphs of a text without markup some."""
    if len(element) or element.getparent() is None:
        return
    parts = re.split(r"\n\s*\n", element.text or "")
    lines = parts if len(parts) > 1 else split_blocks(element.text or "")
    element.tag, element.text = "div", None
    for line in lines:
        paragraph = Element("p")
        paragraph.text = line
        element.append(paragraph)


def _rewrite_custom(element: HtmlElement) -> None:
    """Take an element that is known to the page only for a paragraph, or for what it contains."""
    if any(not isinstance(child.tag, str) or child.tag not in _INLINE for child in element):
        element.tag = "div"
    elif sum(map(len, element.itertext())) >= _PARAGRAPH_CHARS:
        element.tag = "p"
