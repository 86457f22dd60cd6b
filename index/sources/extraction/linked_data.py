"""Reads the JSON-LD of a web page: objects of schema.org's vocabulary, in scripts."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html import unescape
from itertools import islice
from typing import Any, TypeAlias

from lxml.html import HtmlElement

Node: TypeAlias = dict[str, Any]

_ARTICLE_TYPE = re.compile(r".*(Article|BlogPosting|Report|Review)$")
_PAGE_TYPE = re.compile(r".*WebPage$")
_SITE_TYPE = re.compile(r"WebSite|NewsMediaOrganization")
_OPENING = re.compile(r"[{[]")
_MAX_NAMES = 100  # a reference can lead back to itself
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


class LinkedData:
    """The objects of a page, outer ones first; invalid scripts are ignored."""

    def __init__(self, tree: HtmlElement) -> None:
        self._nodes = list(_nodes(tree))
        self._names = {
            key: node["name"]
            for node in self._nodes
            if "name" in node and isinstance(key := node.get("@id"), str)
        }

    def article(self, headings: Iterable[str] = ()) -> Node:
        """The page's article: the one with its heading as the headline, else the first; or {}."""
        found = list(self._of_type(_ARTICLE_TYPE))
        texts = set(headings)
        named = (one for one in found if texts.intersection(self.names(one.get("headline"))))
        return next(named, found[0] if found else next(self._of_type(_PAGE_TYPE), {}))

    def sites(self) -> list[str]:
        """The names of the site itself."""
        return [name for one in self._of_type(_SITE_TYPE) for name in self.names(one.get("name"))]

    def names(self, value: object) -> list[str]:
        """The names in the value of a property: texts, persons, organisations, references."""
        found: list[str] = []
        queue = [value]
        for item in islice(queue, _MAX_NAMES):  # which grows meanwhile
            if isinstance(item, list):
                queue.extend(item)
            elif isinstance(item, str):
                found.append(_line(item))
            elif isinstance(item, dict):
                parts = (item.get("givenName"), item.get("familyName"))
                known = item.get("@id")
                queue.append(
                    item.get("name")
                    or item.get("@value")
                    or " ".join(part for part in parts if isinstance(part, str))
                    or (self._names.get(known) if isinstance(known, str) else None)
                )
        return [name for name in found if name]

    def addresses(self, node: Node) -> list[str]:
        """The addresses that an article gives itself, or the page that it is the main part of."""
        found = [node.get("mainEntityOfPage"), node.get("url"), node.get("@id")]
        values = (
            one.get("@id") or one.get("url") if isinstance(one, dict) else one for one in found
        )
        return [value for value in values if isinstance(value, str)]

    def _of_type(self, wanted: re.Pattern[str]) -> Iterator[Node]:
        for node in self._nodes:
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and wanted.match(kind) for kind in kinds):
                yield node


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    queue: list[Any] = [
        _parse(script.text or "")
        for script in tree.iter("script")
        if script.get("type", "").strip().lower().startswith("application/ld+json")
    ]
    for value in queue:  # which grows meanwhile
        if isinstance(value, dict):
            yield value
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)


def _parse(script: str) -> object:
    """The JSON of a script, which may be in a comment or a CDATA section; None if it has none."""
    bare = script.replace("<![CDATA[", "", 1)
    opening = _OPENING.search(bare)
    bare = bare[opening.start() :] if opening else ""
    for attempt in (bare, _TRAILING_COMMA.sub("", bare), unescape(bare)):
        with suppress(ValueError, RecursionError):
            return json.JSONDecoder(strict=False).raw_decode(attempt)[0]
    return None


def _line(text: str) -> str:
    """Put text on one line; entities are often escaped twice."""
    return " ".join(unescape(text).split())
