"""A sorted view of the articles for browsing and autocompletion."""

import asyncio
import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from bot.discord.commands.prefixes import LAST, Prefixes, folded
from index import Article, Engine, initials, source_key

_KEY_BYTES = 8  # 16 characters, short enough for a button's id


class Catalogue:
    """An immutable view of the articles, newest first.

    With 100,000 articles, a method takes a few milliseconds at most and may run on the event loop,
    except `publishers` and `sources`, which correct spelling.
    """

    def __init__(self, articles: Iterable[Article], source_names: Iterable[str]) -> None:
        articles = sorted(articles, key=lambda one: one.published, reverse=True)
        self._articles = np.empty(len(articles), object)
        self._articles[:] = articles
        self._lines = Prefixes(f"{one.title} {one.publisher} {one.published}" for one in articles)
        self._by_key = {article_key(one): at for at, one in enumerate(articles)}
        # Of articles with the same title, the newest is inserted last.
        oldest_first = reversed(range(len(articles)))
        self._by_title = {articles[at].title.casefold(): at for at in oldest_first}
        frequency = Counter(one.publisher for one in articles if one.publisher)
        self._frequent = [name for name, _ in frequency.most_common()]
        self._publishers = Prefixes(map(_with_initials, self._frequent))
        numbers = {name: number for number, name in enumerate([*self._frequent, ""])}
        self._publisher_of = np.array([numbers[one.publisher] for one in articles], np.intp)
        self._names = sorted(source_names, key=folded)
        self._folded_names = [folded(name) for name in self._names]
        self._sources = Prefixes(map(_with_initials, self._names))

    def __len__(self) -> int:
        return len(self._articles)

    def of_publisher(self, text: str) -> list[Article]:
        """The articles whose publisher's name contains `text`, newest first; all if it is empty.

        `text` may also be the initials of the name.
        """
        part = source_key(text) if text.strip() else ""
        matched = np.array(
            [part in source_key(name) or part in initials(name) for name in [*self._frequent, ""]]
        )
        found: list[Article] = self._articles[matched[self._publisher_of]].tolist()
        return found

    def headlines(self, typed: str, limit: int) -> list[Article]:
        """At most `limit` articles that match all words of `typed`, newest first.

        Each must be a prefix of a word of the headline, publisher or date.
        """
        found: list[Article] = self._articles[self._lines.find(typed)[:limit]].tolist()
        return found

    def find(self, chosen: str) -> Article | None:
        """The article with that key or headline; None if there is none.

        For other text, the newest article that matches all its words.
        """
        at = self._by_key.get(chosen, self._by_title.get(chosen.strip().casefold()))
        if at is None and any(map(str.isalnum, chosen)):
            at = next(iter(self._lines.find(chosen)), None)
        return None if at is None else self._articles[at]

    def publishers(self, typed: str) -> Iterator[str]:
        """The publishers that match the prefixes `typed`, those with most articles first."""
        return (self._frequent[at] for at in self._publishers.find(typed, corrected=True))

    def sources(self, typed: str) -> Iterator[str]:
        """The names for the source filter that match the prefixes `typed`, in alphabetical order.

        Names that begin with all of `typed` come first. If it is empty, the publishers.
        """
        prefix = folded(typed.strip())
        if not prefix:
            return iter(self._frequent)
        found = self._sources.find(typed, corrected=True)
        first = bisect_left(self._folded_names, prefix)
        after = bisect_left(self._folded_names, prefix + LAST, lo=first)
        first, after = np.searchsorted(found, [first, after])
        beginning = np.r_[first:after, :first, after : len(found)]
        return (self._names[at] for at in found[beginning])


class CatalogueCache:
    """Keeps the catalogue of the engine's articles, and rebuilds it after a reindex."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._catalogue = Catalogue((), ())
        self._version: object = None  # of the engine
        self._building = asyncio.Lock()

    async def catalogue(self) -> Catalogue:
        """The catalogue of the current articles. Raises StoreError."""
        async with self._building:  # many completions wait for one build
            version = self._engine.version
            if version != self._version:
                articles, names = await self._engine.articles(), self._engine.source_names
                self._catalogue = await asyncio.to_thread(Catalogue, articles, names.names.values())
                self._version = version
            return self._catalogue

    async def find(self, chosen: str) -> tuple[Article, list[str]] | None:
        """An article and its paragraphs, see `Catalogue.find`. Raises StoreError."""
        article = (await self.catalogue()).find(chosen)
        if article is None:
            return None
        paragraphs = await self._engine.paragraphs_of(article)
        if paragraphs is None:  # another process has just reindexed
            await self._engine.load()
            article = (await self.catalogue()).find(chosen)
            paragraphs = await self._engine.paragraphs_of(article) if article else None
        return (article, paragraphs) if article and paragraphs else None


def _with_initials(name: str) -> str:
    return " ".join([name, *initials(name)])


def article_key(article: Article) -> str:
    """A short key of an article, which changes with its details."""
    details = (article.id, article.title, article.publisher, article.published, article.url)
    return hashlib.blake2b(repr(details).encode(), digest_size=_KEY_BYTES).hexdigest()
