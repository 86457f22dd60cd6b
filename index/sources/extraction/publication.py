"""The day on which a web page says that it was published, not updated."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from index.sources.written_dates import written_date

_UPDATED = re.compile(
    r"updat|modif|edited|revis|correct|\blast\b|aktualisiert|geändert|\bstand:|mis à jour|actualiz"
    r"|оновлен|змінен|aggiorn|bijgewerkt|atualiz",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"publi|posted|pubdate|issued|created|erschienen|veröffentlicht|erstellt|опублік|створен"
    r"|дата|\bdate|datum|fecha|\bdata\b",
    re.IGNORECASE,
)
_PUBLISHED_MARK = re.compile(r"publi|posted|pubdate|issued|created", re.IGNORECASE)
_LABEL_CHARS = 60
_PARAGRAPH_WORDS = 15


def is_update(label: str) -> bool | None:
    """True if the words before a date call it that of a change; None if they say nothing."""
    updated, published = (
        max((found.start() for found in words.finditer(label)), default=-1)
        for words in (_UPDATED, _PUBLISHED)
    )
    return None if updated == published else updated > published


def marked_date(tree: HtmlElement, language: str) -> str:
    """The day that the <time> elements of a page give; empty if they give several.

    Those of changes do not count. Those labelled as the publication go first, then those between
    the main heading and the text: others may be of other articles.
    """
    head = set(_times_of_head(tree))
    times = [
        (day, update is not None, time in head)
        for time in tree.iter("time")
        if (update := _is_update(time)) is not True
        and (day := written_date(time.get("datetime") or time.text_content(), language))
    ]
    for labelled in (True, False):
        for inside in (True, False):
            days = {day for day, told, near in times if told >= labelled and near >= inside}
            if len(days) == 1:
                return days.pop()
    return ""


def _times_of_head(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The <time> elements from the first <h1> to the first paragraph of the text."""
    heading = next(tree.iter("h1"), None)
    for element in () if heading is None else heading.xpath("following::*[self::p or self::time]"):
        if element.tag == "time":
            yield element
        elif len(element.text_content().split()) >= _PARAGRAPH_WORDS:
            return


def _is_update(time: HtmlElement) -> bool | None:
    by_label = is_update(_label(time)[-_LABEL_CHARS:])
    if by_label is not None:
        return by_label
    marks = [
        time.get("class", ""),
        time.get("itemprop", ""),
        "pubdate" * ("pubdate" in time.attrib),
    ]
    if any(map(_PUBLISHED_MARK.search, marks)):  # often of both kinds, until there is a change
        return False
    return True if any(map(_UPDATED.search, marks)) else None


def _label(time: HtmlElement) -> str:
    """The words before a <time> element, or before the element that holds nothing else."""
    before, parent = time.getprevious(), time.getparent()
    if before is None and parent is not None and not (parent.text or "").strip():
        before, parent = parent.getprevious(), parent.getparent()
    if before is None:
        return "" if parent is None else parent.text or ""
    after: str = before.tail or ""
    return after if after.strip() or before.tag == "time" else before.text_content()
