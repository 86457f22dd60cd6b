"""Reads a web page's metadata: title, publisher, author, date and address.

The sources are JSON-LD, meta tags, microdata, <time> and what programs note that save pages.
Nothing is guessed from running text, the digits of an address or today's date: an empty field does
less harm than a wrong citation. `byline` reads the lines around the article.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from lxml.html import HtmlElement

from index.sources.extraction.authors import authors, byline_names, is_name
from index.sources.extraction.linked_data import LinkedData
from index.sources.extraction.page_address import page_address
from index.sources.extraction.publication import marked_date
from index.sources.extraction.titles import headline
from index.sources.written_dates import written_date

# Names of meta tags without their separators, which vary.
_DATES = (
    "articlepublishedtime", "articlepublisheddate", "articlepublished", "ogpublishedtime",
    "ogarticlepublishedtime", "datepublished", "publisheddate", "publishedtime", "publicationdate",
    "publishdate", "publishtime", "pubdate", "btpubdate", "parselypubdate", "sailthrudate",
    "pdate", "cxenseparserecspublishtime", "citationpublicationdate", "citationdate",
    "originalpublicationdate", "dctermsissued", "dctermscreated", "dctermsdate", "dcdateissued",
    "dcdatecreated", "dcdate", "datecreated", "displaydate", "ogregdate", "date",
)  # fmt: skip
_AUTHORS = (
    "author", "authors", "byl", "byline", "parselyauthor", "sailthruauthor", "citationauthor",
    "dccreator", "dctermscreator", "articleauthor", "ogarticleauthor", "articleauthorname",
    "cxenseparseauthor", "writtenby",
)  # fmt: skip
_MARKED_AUTHORS = (
    ".//*[@itemprop='author']//*[@itemprop='name']",
    ".//*[@itemprop='author'][not(*)]",
    ".//*[@rel='author']",
)
_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline|author)s?(?:[_-]{1,2}(?:link|name|text|title)s?)?(?:\s|$)",
    re.IGNORECASE,
)
_MAX_MARKED = 100  # elements that are looked at
_COMMENT_CLASS = re.compile(
    r"comments?(?:[_-]?(?:area|author|body|content|entry|item|list|meta|section|thread)s?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata fields of an `ExtractedArticle`; empty where the page does not give them.

    `language` is a language tag.
    """

    title: str
    publisher: str
    author: str
    published: str
    url: str
    language: str


def read_metadata(tree: HtmlElement, markup: str = "") -> Metadata:
    """Read the metadata of a page, which was parsed from `markup`."""
    metas = _Metas(tree)
    data = LinkedData(tree)
    headings = _texts(tree.iter("h1"))
    article = data.article(headings)
    language = tree.get("lang") or _first(metas.of("oglocale"))
    publishers = [*metas.of("ogsitename"), *data.names(article.get("publisher"))]
    publisher = _first(publishers).removeprefix("@")  # an account name
    named = [*metas.of("ogurl"), *data.addresses(article), *metas.of("savepageurl")]
    url = page_address(tree, markup, named)
    return Metadata(
        title=headline(
            [
                *metas.of("ogtitle"),
                *data.names(article.get("headline")),
                *metas.of("twittertitle", "title"),
                *_texts(tree.iter("title")),
            ],
            headings,
            [*publishers, *data.sites(), *metas.of("applicationname"), _site_of(url)],
        ),
        publisher=publisher,
        author=authors(
            [
                data.names(article.get("author")),
                data.names(article.get("creator")),
                *(metas.of(name) for name in _AUTHORS),
                *(_texts(_of_article(tree, path)) for path in _MARKED_AUTHORS),
                islice(_author_by_class(tree), 1),
            ],
            publisher,
        ),
        published=_published(tree, metas, data.names(article.get("datePublished")), language),
        url=url,
        language=language,
    )


def _of_article(tree: HtmlElement, path: str) -> Iterator[HtmlElement]:
    """The elements at `path` that are in no comment and in nothing beside the article."""
    for element in tree.xpath(path)[:_MAX_MARKED]:
        around = [element, *element.iterancestors()]
        classes = " ".join(one.get("class", "") for one in around).split()
        if not any(map(_COMMENT_CLASS.fullmatch, classes)) and all(
            one.tag not in {"aside", "nav"} for one in around
        ):
            yield element


def _author_by_class(tree: HtmlElement) -> Iterator[str]:
    """The bylines in elements of a class such as "author-name"."""
    path = ".//*[contains(@class, 'author') or contains(@class, 'byline')]"
    for element in _of_article(tree, path):
        if _AUTHOR_CLASS.search(element.get("class")):
            text = _line(" ".join(element.itertext()))
            if len(text.split()) > 1 and is_name(text):
                yield text
            elif names := byline_names(text):
                yield ", ".join(names)


class _Metas:
    """The meta tags of a page, by name."""

    def __init__(self, tree: HtmlElement) -> None:
        self._values: dict[str, list[str]] = {}
        for meta in tree.iter("meta"):
            content = _line(meta.get("content"))
            for name in {meta.get(kind, "") for kind in ("property", "name", "itemprop")} - {""}:
                self._values.setdefault(_key(name), []).append(content)
        for number in "12":  # labels with values, for link previews
            label = _key(_first(self.of(f"twitterlabel{number}")))
            self._values.setdefault(label, self.of(f"twitterdata{number}"))

    def of(self, *names: str) -> list[str]:
        """The contents of the tags with these `_key`s, that are not empty."""
        return [value for name in names for value in self._values.get(name, ()) if value]


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _published(tree: HtmlElement, metas: _Metas, stamps: list[str], language: str) -> str:
    marked = tree.xpath(".//*[@itemprop='datePublished'][not(self::meta)]")
    values = (one.get("content") or one.get("datetime") or one.text_content() for one in marked)
    days = (
        written_date(_line(stamp), language) for stamp in [*stamps, *metas.of(*_DATES), *values]
    )
    return _first(days) or marked_date(tree, language)


def _site_of(url: str) -> str:
    """The name in the host of an address: "gazette" of www.gazette.example."""
    host = url.partition("://")[2].partition("/")[0].removeprefix("www.")
    return host.rpartition(".")[0]


def _texts(elements: Iterable[HtmlElement]) -> list[str]:
    return [text for element in elements if (text := _line(element.text_content()))]


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _line(text: str | None) -> str:
    """Put text on one line; entities are often escaped twice."""
    return " ".join(unescape(text or "").split())
