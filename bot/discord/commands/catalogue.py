"""The articles as people look through them: by headline, by publisher, newest first."""

import asyncio
import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

import numpy as np

from bot.discord.commands.prefixes import LAST, Prefixes, folded
from index import Article, Desk, OutdatedError
from index.corpus.corpus import Corpus

_KEY_BYTES = 8  # of the key of an article: 16 characters, which a button can carry


class Catalogue:
    """The articles of one generation of the coverage. Never changed once built.

    With 100,000 articles, a method takes a few milliseconds at most, and may run on the event loop;
    but where names may be misspelt, it can take longer. Articles count from the newest, as 0.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        articles = [*corpus.articles]
        newest_first = sorted(
            range(len(articles)), key=lambda at: articles[at].published, reverse=True
        )
        articles = [articles[at] for at in newest_first]
        self._positions = corpus.order[newest_first].tolist()
        self._articles = np.empty(len(articles), object)
        self._articles[:] = articles
        self._lines = Prefixes(f"{one.title} {one.publisher} {one.published}" for one in articles)
        self._by_key = {key(one): at for at, one in enumerate(articles)}
        # Of those with one title, the newest is put in last.
        oldest_first = reversed(range(len(articles)))
        self._by_title = {articles[at].title.casefold(): at for at in oldest_first}
        frequency = Counter(one.publisher for one in articles if one.publisher)
        self._frequent = [name for name, _ in frequency.most_common()]
        self._publishers = Prefixes(self._frequent)
        numbers = {name: number for number, name in enumerate([*self._frequent, ""])}
        self._publisher_of = np.array([numbers[one.publisher] for one in articles], np.intp)
        self._names = sorted(corpus.sources.names.values(), key=folded)
        self._folded_names = [folded(name) for name in self._names]
        self._sources = Prefixes(self._names)

    def __len__(self) -> int:
        return len(self._articles)

    def of_publisher(self, text: str) -> list[Article]:
        """The articles whose publisher has `text` in its name, newest first; all for none."""
        wanted = text.strip().casefold()
        named = np.array([wanted in name.casefold() for name in [*self._frequent, ""]])
        found: list[Article] = self._articles[named[self._publisher_of]].tolist()
        return found

    def headlines(self, typed: str, limit: int) -> list[Article]:
        """At most `limit` articles with all words of `typed`, newest first.

        Words may be looked for in headline, publisher and date, and need not be whole yet.
        """
        found: list[Article] = self._articles[self._lines.find(typed)[:limit]].tolist()
        return found

    def find(self, chosen: str) -> tuple[Article, list[str]] | None:
        """The article with that key or headline, with its paragraphs; None where there is none.

        Of a headline that was typed and not chosen, the newest article that has all its words.
        """
        at = self._by_key.get(chosen, self._by_title.get(chosen.strip().casefold()))
        if at is None and any(map(str.isalnum, chosen)):
            at = next(iter(self._lines.find(chosen)), None)
        if at is None:
            return None
        paragraphs = [one.text for one in self.corpus.passages_in(self._positions[at])]
        return self._articles[at], paragraphs

    def publishers(self, typed: str) -> Iterator[str]:
        """The publishers with words that `typed` begins, those with most articles first."""
        return (self._frequent[at] for at in self._publishers.find(typed, corrected=True))

    def sources(self, typed: str) -> Iterator[str]:
        """The names that a question can be kept to, with words that `typed` begins; by alphabet.

        First those that begin with all of it. Of nothing typed, the publishers.
        """
        wanted = folded(typed.strip())
        if not wanted:
            return iter(self._frequent)
        found = self._sources.find(typed, corrected=True)
        first = bisect_left(self._folded_names, wanted)
        after = bisect_left(self._folded_names, wanted + LAST, lo=first)
        first, after = np.searchsorted(found, [first, after])
        beginning = np.r_[first:after, :first, after : len(found)]
        return (self._names[at] for at in found[beginning])


class Shelf:
    """The catalogue of what a desk answers from now, made anew after each reindex."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._made = Catalogue(Corpus.of(()))
        self._making = asyncio.Lock()

    async def catalogue(self) -> Catalogue:
        """The catalogue of the coverage as it is now."""
        async with self._making:  # many letters are typed while one is made
            if self._desk.corpus is not self._made.corpus:
                self._made = await self._desk.read(Catalogue)
            return self._made

    async def find(self, chosen: str) -> tuple[Article, list[str]] | None:
        """The article with that key or headline; see `Catalogue.find`."""
        try:
            return (await self.catalogue()).find(chosen)
        except OutdatedError:
            await self._desk.refresh()
            return (await self.catalogue()).find(chosen)


def key(article: Article) -> str:
    """A short name for an article, the same for as long as nothing of it changes."""
    about = (article.id, article.title, article.publisher, article.published, article.url)
    return hashlib.blake2b(repr(about).encode(), digest_size=_KEY_BYTES).hexdigest()
