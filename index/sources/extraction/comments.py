"""Finds the comments of readers in a page, by the names of the elements around them."""

import re

from lxml.html import HtmlElement

from index.sources.extraction.hidden import wrappers

# Whole names: one that only contains the word may be that of an article ("comments-enabled").
_NAME = re.compile(
    r"(?:(?:reader|user|article|post|fb|facebook|view|show)s?[-_]*)?comments?"
    r"(?:[-_]*(?:list|section|area|threads?|body|content|text|items?|wrap(?:per)?|container|block"
    r"|box|feed|form|respond))?|comment-?list|disqus(?:_thread)?|respond|kommentare?|commentaires"
    r"|comentarios|коментарі",
    re.IGNORECASE,
)


def comment_elements(tree: HtmlElement) -> set[HtmlElement]:
    """The elements around comments; none that contains the main heading and half of the text."""
    found = {
        element
        for element in tree.xpath(".//*[@class or @id]")
        if any(map(_NAME.fullmatch, f"{element.get('id', '')} {element.get('class', '')}".split()))
        or element.get("itemprop") == "comment"
    }
    return found - wrappers(tree) if found else found
