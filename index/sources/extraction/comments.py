"""Finds the comments of readers in a page, by the names of the elements around them."""

import re

from lxml.html import HtmlElement

# Whole names: one that only contains the word may be that of an article ("comments-enabled").
_NAME = re.compile(
    r"(?:(?:reader|user|article|post|fb|facebook|view|show)s?[-_]*)?comments?"
    r"(?:[-_]*(?:list|section|area|threads?|body|content|text|items?|wrap(?:per)?|container|block"
    r"|box|feed|form|respond))?|comment-?list|disqus(?:_thread)?|respond|kommentare?|commentaires"
    r"|comentarios|коментарі",
    re.IGNORECASE,
)


_HINT = re.compile(r"omm?ent|disqus|respond|комент", re.IGNORECASE)  # that such names have


def comment_elements(tree: HtmlElement) -> set[HtmlElement]:
    """The elements around comments of readers."""
    return {
        element
        for element in tree.xpath(".//*[@class or @id or @itemprop]")
        if any(_is_comment(value) for value in map(element.get, ("class", "id", "itemprop")))
    }


def _is_comment(names: str | None) -> bool:
    return names is not None and bool(
        _HINT.search(names) and any(map(_NAME.fullmatch, names.split()))
    )
