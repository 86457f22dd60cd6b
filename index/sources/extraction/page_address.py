"""The address of a saved web page: as it names itself, or as the program that saved it does."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from index.sources.addresses import web_host

_HEAD_CHARS = 10_000  # of a page, in which a program says where it saved it from
_SAVED_FROM = re.compile(
    r"""<!--\s*(?:
        saved\ from\ (?:url=(?:\(\d+\))?)?                           # browsers, monolith
      | page\ saved\ with\ SingleFile\b (?:(?!-->).){0,200}? \burl:  # SingleFile
    )\s*(?P<address>[^\s>]+)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_FRAGMENT_DIRECTIVE = re.compile(r"#?:~:.*")


def page_address(tree: HtmlElement, markup: str, named: Iterable[str]) -> str:
    """The page's http(s) address, without a text fragment; empty if it gives none.

    Best is the canonical address, then those that its metadata `named`, then that of a comment at
    the head of its `markup`, where it was saved from. A relative address is resolved against the
    others. The address of the whole site is taken only if there is no other.
    """
    found = _SAVED_FROM.search(markup, 0, _HEAD_CHARS)
    given = [*_hrefs(tree, "link"), *named, found["address"] if found else ""]
    base = next(_on_web([*given, *_hrefs(tree, "base")]), "")
    base = next(_on_web(_join(base, one) for one in _hrefs(tree, "base")), base)
    addresses = list(_on_web(_join(base, one) for one in given if one))
    pages = (one for one in addresses if urlsplit(one).path.strip("/"))
    return next(pages, addresses[0] if addresses else "")


def _hrefs(tree: HtmlElement, tag: str) -> Iterator[str]:
    """The addresses of the elements <base>, or of the canonical ones among <link>."""
    for element in tree.iter(tag):
        relations = element.get("rel", "").lower().split()
        if tag == "base" or "canonical" in relations:
            yield "".join(element.get("href", "").split())


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _on_web(addresses: Iterable[str]) -> Iterator[str]:
    """The http(s) addresses, with scheme and host in lower case."""
    for address in addresses:
        bare = _FRAGMENT_DIRECTIVE.sub("", address)
        if web_host(bare):
            parts = urlsplit(bare)
            user, at, host = parts.netloc.rpartition("@")
            yield parts._replace(netloc=f"{user}{at}{host.lower()}").geturl()
