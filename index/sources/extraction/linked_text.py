"""Reads the text of an article from a page's JSON-LD, for pages that a script makes."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from lxml.html import HtmlElement

from index.sources.extraction.boilerplate import split_blocks
from index.sources.extraction.inline_markup import rewrite
from index.sources.extraction.markup import markup_blocks, parse

_TAG = re.compile(r"</?(?:p|br|div|h\d|li)\b[^>]*>", re.IGNORECASE)
_SENTENCE = re.compile(r"""(?<=[.!?…])["'”’»)]*\s+(?=["'“‘«(]*[A-ZÀ-ÞА-ЯЄІЇ\d])""")
_LONG = 700  # characters: paragraphs of news are shorter
_PARAGRAPH_CHARS = 300


def article_body(tree: HtmlElement) -> list[str]:
    """The paragraphs of the longest `articleBody`; of a live blog, of all its updates."""
    found: list[str] = []
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() == "application/ld+json":
            with suppress(ValueError, RecursionError):
                found += _bodies(json.loads(_without_comment(script.text or ""), strict=False))
    return _paragraphs(max(found, key=len, default=""))


def _without_comment(script: str) -> str:
    """The object or list in a script, which may stand in a CDATA section or a comment."""
    text = script.replace("<![CDATA[", "").replace("]]>", "")
    starts = [at for bracket in "{[" if (at := text.find(bracket)) >= 0]
    return text[min(starts, default=0) : max(text.rfind("}"), text.rfind("]")) + 1]


def _bodies(data: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    queue = [data]
    for value in queue:  # which grows meanwhile
        if isinstance(value, list):
            queue += value
        elif isinstance(value, dict):
            queue += value.values()
            if isinstance(body := value.get("articleBody"), str):
                yield body
            if isinstance(updates := value.get("liveBlogUpdate"), list):
                yield "\n".join(body for update in updates for body in _bodies(update))


def _paragraphs(text: str) -> list[str]:
    if _TAG.search(text):
        tree = parse(text)
        if tree is None:
            return []
        rewrite(tree)
        return [block.text for block in markup_blocks(tree)]
    return [part for line in split_blocks(text) for part in _short_parts(line)]


def _short_parts(paragraph: str) -> Iterator[str]:
    """A paragraph, parted between sentences where it must have been several."""
    start = 0
    if len(paragraph) > _LONG:
        for end in _SENTENCE.finditer(paragraph):
            if end.start() - start >= _PARAGRAPH_CHARS:
                yield paragraph[start : end.start()] + end[0].rstrip()
                start = end.end()
    yield paragraph[start:]
