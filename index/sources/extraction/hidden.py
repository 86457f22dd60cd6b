"""Finds the invisible parts of a web page: scripts, form fields, text hidden by its author.

Hidden text is not coverage: nobody read it there, and it is where words for machines are put. Only
an element's own attributes are checked; applying style sheets would take a browser.
"""

import re
from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement

_NEVER_SHOWN = (
    "applet", "audio", "canvas", "datalist", "frameset", "head", "iframe", "noembed", "noframes",
    "object", "script", "select", "style", "svg", "textarea", "title", "video",
)  # fmt: skip
_NOT_RENDERED = frozenset({"noscript", "template"})
_TO_REMOVE = "clipdesk-hidden"  # a tag that pages do not use
# Names by which style sheets everywhere hide text that is meant for screen readers only.
_HIDING_CLASSES = frozenset(
    {"screen-reader-text", "screenreader", "sr-only", "visually-hidden", "visuallyhidden"}
)
_PARAGRAPH_CHARS = 60
_UNFOLD = re.compile(
    r"(?:(?:read|show|see|view|continue|load) (?:more|all|on|reading|(?:the )?(?:full|rest).*)"
    r"|expand|more|weiterlesen|mehr(?: lesen| anzeigen)?|lire (?:la suite|plus)|voir plus"
    r"|leer más|ver más|seguir leyendo|читати (?:далі|більше)|показати (?:більше|все))\W*",
    re.IGNORECASE,
)
_HIDING_VALUES = {
    "clip": re.compile(r"rect\(([01](px)?[ ,]*){4}\)"),
    "clip-path": re.compile(r"inset\((50|100)%|circle\(0"),
    "color": re.compile(r"transparent|(rgb|hsl)a?\(.*[,/] ?0?\.?0*%?\)"),
    "content-visibility": re.compile(r"hidden"),
    "display": re.compile(r"none"),
    "filter": re.compile(r".*opacity\(0?\.?0*%?\)"),
    "font": re.compile(r"(.* )?[01]?\.?0*(px|pt|em|rem|%)?/"),
    "font-size": re.compile(r"([01]|[01]?\.\d+)(px|pt)?$|0?\.?0\d*(em|rem|%|vw|vh)$"),
    "opacity": re.compile(r"0?\.?0\d*%?$"),
    "transform": re.compile(r".*(scale[xy]?\(0[,)]|translate[xy]?\(-\d{3,})"),
    "visibility": re.compile(r"hidden|collapse"),
}
_OFFSETS = ("left", "right", "top", "bottom", "margin-left", "margin-top", "text-indent")
_FAR_OFF = re.compile(
    r"-([5-9]\d\d|\d{4,})(\.\d*)?(px|pt)$|-\d{2,}(\.\d*)?(em|rem)$|-\d{3,}(%|v[wh])$"
)
_NO_SIZE = re.compile(r"0?\.?0*[a-z%]*$|1px$")


def remove_unread(tree: HtmlElement) -> None:
    """Remove what is never read as text; the text around it stays."""
    etree.strip_elements(tree, *_NEVER_SHOWN, with_tail=False)


def hidden_elements(tree: HtmlElement) -> set[HtmlElement]:
    """The elements whose text is not shown, nor unfolded by a reader."""
    hidden = {element for element in tree.iter() if _is_hidden(element)}
    if hidden:
        controlled = _controlled_ids(tree)
        hidden -= {element for element in hidden if _unfolds(element, controlled)}
    return hidden


def remove(tree: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Remove the elements from a tree; the text around them stays."""
    for element in elements:
        element.tag = _TO_REMOVE
    # All at once: removing them one by one takes quadratic time.
    etree.strip_elements(tree, _TO_REMOVE, with_tail=False)


def _controlled_ids(tree: HtmlElement) -> set[str]:
    """The ids of the elements that a button of the page unfolds."""
    return {
        name
        for control in tree.xpath(".//*[@aria-controls]")
        if _is_control(control)
        for name in control.get("aria-controls").split()
    }


def _unfolds(element: HtmlElement, controlled: set[str]) -> bool:
    """True if a hidden element is running text that a button beside it unfolds."""
    if not any(
        len(text) >= _PARAGRAPH_CHARS for one in element.iter("p") for text in one.itertext()
    ):
        return False
    beside = (element.getprevious(), element.getnext())
    return element.get("id") in controlled or any(
        _is_control(one)
        for other in beside
        if other is not None
        for one in other.iter("button", "a", "label", "summary")
    )


def _is_control(element: HtmlElement) -> bool:
    return element.get("aria-expanded") == "false" or bool(
        _UNFOLD.fullmatch("".join(element.itertext()).strip())
    )


def wrappers(tree: HtmlElement) -> set[HtmlElement]:
    """The elements around the main heading (else the article, else the body) and half the text.

    A page hidden as a whole is one that a script reveals after loading.
    """
    names = (".//h1", ".//main", ".//article", "body")
    main = next((found for name in names if (found := tree.find(name)) is not None), tree)
    around = {main, *main.iterancestors()}
    starts: dict[HtmlElement, int] = {}
    sizes: dict[HtmlElement, int] = {}
    length = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            if element in around:
                starts[element] = length
            length += len((element.text or "").strip())
        else:
            if element in around:
                sizes[element] = length - starts[element]
            length += len((element.tail or "").strip())
    return {element for element, size in sizes.items() if 2 * size > length}


def _is_hidden(element: HtmlElement) -> bool:
    attributes = element.attrib
    return (
        element.tag in _NOT_RENDERED
        or "hidden" in attributes
        or attributes.get("aria-hidden", "").strip().lower() == "true"
        or not _HIDING_CLASSES.isdisjoint(attributes.get("class", "").lower().split())
        or ("style" in attributes and _hides(attributes["style"]))
    )


def _hides(style: str) -> bool:
    """True if the declarations of a style attribute make an element invisible."""
    declared = _declarations(style)
    if any(
        name in declared and rule.match(declared[name]) for name, rule in _HIDING_VALUES.items()
    ):
        return True
    if any(_FAR_OFF.match(declared.get(name, "")) for name in _OFFSETS):
        return True
    flat = [
        any(_NO_SIZE.match(declared[name]) for name in names if name in declared)
        for names in (("width", "max-width"), ("height", "max-height"))
    ]
    if all(flat) or (any(flat) and declared.get("overflow", "visible") != "visible"):
        return True
    ground = declared.get("background-color", declared.get("background"))
    return ground is not None and declared.get("color") == ground


def _declarations(style: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in style.lower().split(";"))
    return {
        name.strip(): " ".join(value.replace("!important", "").split()) for name, _, value in pairs
    }
