"""Items as they are read, piece by piece, with all that is to be stored of their articles."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from index.coverage.sources import Item
from index.errors import CoverageError
from index.model import Article, Page, Skipped
from index.store import KnownItem, NewArticle

# A piece ends after so many articles or characters: enough to be fast, little to keep in memory.
_ARTICLES = 100
_CHARACTERS = 500_000

_NO_ARTICLE = "no article was found in it; see `clipdesk extract --why` for what it holds"

# Measured on news, most of it in finding out what of a page is its article.
_SECONDS_A_MEGABYTE = {"jsonl": 0.07, "markdown": 0.3, "html": 0.3, "text": 1.3}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item of a source that may have changed, and what is known of it; None where it is new."""

    source: str
    item: Item
    known: KnownItem | None


@dataclass(slots=True)
class Piece:
    """What was read of the item of that `number`, after the piece before.

    `digest` is what the item is to be known by, empty where it cannot be read at all; `bytes_read`
    counts from its beginning. `unread` are the places of what was skipped in it. It `breaks_off`
    where nothing is known of what comes after; else the `last` piece has its end. An item that is
    as it was has one piece, without articles, that says `same`.
    """

    number: int
    digest: str
    bytes_read: int = 0
    articles: list[NewArticle] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    last: bool = False
    breaks_off: bool = False
    same: bool = False

    @property
    def _full(self) -> bool:
        characters = sum(len(text) for one in self.articles for text in one.paragraphs)
        return characters >= _CHARACTERS or len(self.articles) + len(self.skipped) >= _ARTICLES


def takes_s(wanted: Iterable[Wanted]) -> float:
    """How many seconds it may take to read items."""
    return sum(one.item.size * _SECONDS_A_MEGABYTE[one.item.kind] for one in wanted) / 1e6


def read_pieces(wanted: Iterable[Wanted]) -> Iterator[Piece]:
    """The pieces of items, in turn: at least one of each."""
    for number, one in enumerate(wanted):
        try:
            digest = one.item.digest()
        except CoverageError as error:
            skipped = [Skipped(one.item.path, str(error))]
            yield Piece(number, "", skipped=skipped, last=True, breaks_off=True)
            continue
        if one.known and digest == one.known.digest:
            yield Piece(number, digest, one.item.size, last=True, same=True)
        else:
            yield from _read_item(number, one.item, digest)


def _read_item(number: int, item: Item, digest: str) -> Iterator[Piece]:
    piece = Piece(number, digest)
    try:
        with item.open() as file:
            for position, page in enumerate(item.pages_in(file)):
                _add(piece, position, page, item)
                if piece._full:  # noqa: SLF001 - the class is of this module
                    piece.bytes_read = file.tell()
                    yield piece
                    piece = Piece(number, digest)
    except CoverageError as error:
        piece.skipped.append(Skipped(item.path, str(error)))
        piece.breaks_off = True
    piece.bytes_read = item.size
    piece.last = True
    yield piece


def _add(piece: Piece, position: int, page: Page | Skipped, item: Item) -> None:
    if isinstance(page, Page) and not page.paragraphs:
        page = Skipped(item.path, _NO_ARTICLE)
    if isinstance(page, Skipped):
        piece.skipped.append(page)
        piece.unread.append(position)
    else:
        piece.articles.append(new_article(position, page))


def new_article(position: int, page: Page) -> NewArticle:
    """A page, that stands there in its item, as it is stored."""
    texts = page.paragraphs
    fields = (page.title, page.publisher, page.author, page.published, page.url, page.brief)
    # A fingerprint of all that is stored of it.
    digest = hashlib.blake2b(repr((fields, texts)).encode(), digest_size=16).hexdigest()
    return NewArticle(position, digest, Article(page.id, *fields, len(texts)), texts)
