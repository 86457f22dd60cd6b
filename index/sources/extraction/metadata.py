"""Reads a web page's metadata: title, publisher, author, date and address.

The sources are JSON-LD, meta tags, microdata and <time>. Nothing is guessed from running text, the
digits of an address or today's date: an empty field does less harm than a wrong citation.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from lxml.html import HtmlElement

_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.? ([a-z]{3})[a-z]*\.?,? (\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
_YEARS = range(1900, 2100)  # others are placeholders, such as 0001-01-01

_DATE_NAMES = (
    "article:published_time", "article:published", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "publish-date", "publishdate", "pubdate", "pdate",
    "citation_publication_date", "dcterms.created", "dcterms.date", "dc.date.issued", "dc.date",
    "date",
)  # fmt: skip
_AUTHOR_NAMES = (
    "author", "byl", "parsely-author", "sailthru.author", "citation_author", "dc.creator",
    "dcterms.creator", "article:author",
)  # fmt: skip

_ARTICLE_TYPE = re.compile(r".*(Article|BlogPosting|Report|Review)$")
_PARTS = re.compile(r"\s*(?:,|;|\||/|&|\band\b|\s[-\u2013\u2014]\s)\s*", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:\w+ )?by[: ]\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"://|\bwww\.")
_NO_NAME = re.compile(
    r"\d|@|\b(admin\w*|contributors?|correspondent|desk|editor(ial|s)?|editor-\S+|newsroom|reporter"
    r"|reporting|staff|team|writers?)\b",
    re.IGNORECASE,
)
_MAX_NAME_CHARS = 60  # more is a biography
_SUFFIX = re.compile(r"^(.+)\s+[|\u2013\u2014\u00b7\u2022\u00bb:-]\s+(.+?)$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata fields of an `ExtractedArticle`; empty where the page does not give them."""

    title: str
    publisher: str
    author: str
    published: str
    url: str


def read_metadata(tree: HtmlElement) -> Metadata:
    """Read the metadata of a page."""
    metas = _metas(tree)
    nodes = _linked_data(tree)
    article = next((node for node in nodes if _is_article(node)), {})
    names = {_id(node): node["name"] for node in nodes if "name" in node and _id(node)}
    publisher = _first([*_of(metas, "og:site_name"), *_names(article.get("publisher"), names)])
    publisher = publisher.removeprefix("@")  # an account name
    return Metadata(
        title=_title(tree, metas, article, publisher),
        publisher=publisher,
        author=_author(
            [
                _names(article.get("author"), names),
                *(_of(metas, name) for name in _AUTHOR_NAMES),
                _texts(tree, ".//*[@itemprop='author']//*[@itemprop='name']"),
                _texts(tree, ".//*[@rel='author']"),
            ],
            publisher,
        ),
        published=_published(tree, metas, article),
        url=_address(tree, metas),
    )


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(name.strip().lower(), []).append(_line(meta.get("content")))
    return metas


def _of(metas: dict[str, list[str]], *names: str) -> list[str]:
    return [value for name in names for value in metas.get(name, ()) if value]


def _linked_data(tree: HtmlElement) -> list[dict[str, Any]]:
    """All objects of the page's JSON-LD, outer ones first; invalid scripts are ignored."""
    queue: list[Any] = []
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() == "application/ld+json":
            with suppress(ValueError, RecursionError):
                queue.append(json.loads(script.text or "", strict=False))
    nodes = []
    for value in queue:  # which grows meanwhile
        if isinstance(value, dict):
            nodes.append(value)
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
    return nodes


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLE_TYPE.match(kind) for kind in kinds)


def _id(node: dict[str, Any]) -> str:
    value = node.get("@id")
    return value if isinstance(value, str) else ""


def _names(value: object, known: dict[str, Any]) -> list[str]:
    """The names of JSON-LD persons or organisations; `known` has names by object id."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        name = item
        if isinstance(item, dict):
            name = item.get("name") or known.get(_id(item))
        if isinstance(name, str):
            found.append(_line(name))
    return found


def _title(
    tree: HtmlElement, metas: dict[str, list[str]], article: dict[str, Any], publisher: str
) -> str:
    headings = _texts(tree, ".//h1")
    title = _first(
        [
            *_of(metas, "og:title"),
            *_names(article.get("headline"), {}),
            *_of(metas, "twitter:title"),
            *(headings if len(headings) == 1 else ()),
            *_texts(tree, ".//title"),
        ]
    )
    parts = _SUFFIX.match(title)
    if parts and (parts[1] in headings or _same_name(parts[2], publisher)):
        return parts[1]
    return title


def _same_name(one: str, other: str) -> bool:
    first, second = ("".join(filter(str.isalnum, name.lower())) for name in (one, other))
    return bool(first and second) and (first in second or second in first)


def _author(sources: Iterable[list[str]], publisher: str) -> str:
    """The names from the first source that has any, joined by commas."""
    for source in sources:
        names = dict.fromkeys(name for byline in source for name in _persons(byline, publisher))
        if names:
            return ", ".join(names)
    return ""


def _persons(byline: str, publisher: str) -> Iterator[str]:
    if _ADDRESS.search(byline):
        return
    for part in _PARTS.split(_BYLINE.sub("", byline)):
        name = part.strip(" .:'\"")
        if (
            1 < len(name) <= _MAX_NAME_CHARS
            and not name.islower()  # an account name
            and not _NO_NAME.search(name)
            and not _same_name(name, publisher)
        ):
            yield name


def _published(tree: HtmlElement, metas: dict[str, list[str]], article: dict[str, Any]) -> str:
    marked = tree.xpath(".//*[@itemprop='datePublished']")
    stamps = [
        *_names(article.get("datePublished"), {}),
        *_of(metas, *_DATE_NAMES),
        *(_line(e.get("content") or e.get("datetime") or e.text_content()) for e in marked),
    ]
    times = {_iso(_line(time.get("datetime"))) for time in tree.iter("time")} - {""}
    if len(times) == 1:  # several include those of other articles
        stamps.extend(times)
    return next(filter(None, map(_iso, stamps)), "")


def _iso(stamp: str) -> str:
    """The ISO 8601 day of a time stamp; "" if it is ambiguous or invalid."""
    lowered = stamp.lower()
    if found := _ISO_DATE.match(lowered):
        year, month, day = map(int, found.groups())
    elif (found := _DAY_FIRST.search(lowered)) and found[2] in _MONTHS:
        year, month, day = int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1])
    elif (found := _MONTH_FIRST.search(lowered)) and found[1] in _MONTHS:
        year, month, day = int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2])
    else:
        return ""
    with suppress(ValueError):
        if year in _YEARS:
            return date(year, month, day).isoformat()
    return ""


def _address(tree: HtmlElement, metas: dict[str, list[str]]) -> str:
    links = [link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"]
    addresses = [*map(_line, links), *_of(metas, "og:url")]
    return next((a for a in addresses if a.startswith(("https://", "http://"))), "")


def _texts(tree: HtmlElement, path: str) -> list[str]:
    return [text for element in tree.xpath(path) if (text := _line(element.text_content()))]


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _line(text: str | None) -> str:
    """Put text on one line; in JSON-LD, entities are often escaped twice."""
    return " ".join(unescape(text or "").split())
