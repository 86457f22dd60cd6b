"""Details of an article as other tools write them: under other names, and in other types.

A field that says nothing usable is named, and costs nothing but itself.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any, NamedTuple

from index.sources.addresses import web_host
from index.sources.details import Details, one_line, read_date

# For each field, the names that clipping and note-taking tools and site generators give it, as in
# `_plain_key`: the first that has a value counts.
_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("id",),
        "title": ("title", "headline"),
        "publisher": (
            "publisher", "site", "sitename", "website", "publication", "outlet", "newspaper",
            "source",
        ),
        "author": ("author", "authors", "byline", "creator"),
        "published": (
            "published", "date", "publishedat", "publisheddate", "datepublished", "publishdate",
            "pubdate", "publicationdate", "created",
        ),
        "url": (
            "url", "source", "sourceurl", "link", "canonical", "canonicalurl", "originalurl",
            "permalink",
        ),
        "brief": ("brief",),
    }
)  # fmt: skip
_KNOWN = frozenset(name for names in _NAMES.values() for name in names)
_OWN = frozenset(_NAMES)  # clipdesk's own names: an odd value under another is nobody's mistake

_EXPECTED = {
    "id": "text",
    "title": "text",
    "publisher": "text",
    "author": "a name, or a list of names",
    "published": "a date like 2020-11-12",
    "url": "an address",
    "brief": "true or false",
}
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*[|/])?([^\[\]|/]+)\]\]")  # [[people/Mara|Mara]]
_LINK = re.compile(r"\[([^\[\]]*)\]\(<?([^()\s<>]*)>?\)")  # [Mara](https://a.example)
_BY = re.compile(r"by[: ]\s*(?=\S)", re.IGNORECASE)
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


class LooseDetails(NamedTuple):
    """Details, the keys that mean nothing here, and a message for each field that is ignored."""

    details: Details
    unknown_keys: tuple[str, ...]
    odd_fields: tuple[str, ...]


def read_details(fields: Mapping[Any, Any]) -> LooseDetails:
    """Read the details among `fields`, whatever those are named and contain."""
    plain = {_plain_key(key): value for key, value in reversed([*fields.items()])}
    given: dict[str, Any] = {}
    odd = []
    for field, names in _NAMES.items():
        for name in names:
            value = plain.get(name)
            if value is None or value in ("", [], {}):
                continue
            if (understood := _READ[field](value, name)) not in (None, ""):
                given[field] = understood
                break
            if name in _OWN:
                odd.append(odd_field(name))
    unknown = tuple(str(key) for key in fields if _plain_key(key) not in _KNOWN)
    return LooseDetails(Details(**given), unknown, tuple(odd))


def odd_field(name: str) -> str:
    """The message for a field of clipdesk's own that says nothing usable."""
    return f"'{name}' is ignored; it must be {_EXPECTED[name]}"


def has_known_key(fields: Mapping[Any, Any]) -> bool:
    """True if any of the fields is one that describes an article."""
    return any(_plain_key(key) in _KNOWN for key in fields)


def _plain_key(key: object) -> str:
    return re.sub(r"[\s_-]", "", str(key)).lower()


def _text(value: object, _name: str = "") -> str:
    """A text, a number, or what has such a name; empty for anything else."""
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, float) and not isfinite(value):
        return ""
    if isinstance(value, str | int | float | dt.date) and not isinstance(value, bool):
        text = _LINK.sub(r"\1", _WIKI_LINK.sub(r"\1", str(value)))
        return one_line(text.replace("\0", ""))
    return ""


def _names(value: object, _name: str) -> str:
    values = value if isinstance(value, list) else [value]
    texts = [_BY.sub("", _text(one), count=1) for one in values]
    return ", ".join(text for text in texts if text)


def _publisher(value: object, name: str) -> str:
    value = value[0] if isinstance(value, list) and value else value
    if not (host := web_host(_address(value))):
        return _text(value)
    # A source with an address is the article itself.
    return "" if name == "source" else host.removeprefix("www.")


def _url(value: object, name: str) -> str:
    address = _address(value)
    return address if web_host(address) or name == "url" else ""


def _address(value: object) -> str:
    """The address that a field holds, also as a link in Markdown."""
    text = value if isinstance(value, str) else ""
    if found := _LINK.search(text):
        text = found[2]
    return text.strip().strip("<>")


def _published(value: object, _name: str) -> str:
    return read_date(value)


def _brief(value: object, _name: str) -> bool | None:
    if isinstance(value, bool):
        return value
    return _TRUTH.get(value.lower()) if isinstance(value, str) else None


_READ: Mapping[str, Callable[[object, str], object]] = MappingProxyType(
    {
        "id": _text,
        "title": _text,
        "publisher": _publisher,
        "author": _names,
        "published": _published,
        "url": _url,
        "brief": _brief,
    }
)
