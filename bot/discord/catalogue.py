"""The articles as people look through them: by headline, by publisher, newest first."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from index import Article, Desk
from index.corpus import Corpus

_KEY_BYTES = 8  # of the key of an article: 16 characters, which a button can carry


class Catalogue:
    """The articles of one generation of the coverage. Never changed once built."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        articles = corpus.articles
        positions = range(len(articles))
        self._newest = sorted(positions, key=lambda at: articles[at].published, reverse=True)
        self._lines = [
            f"{one.title} {one.publisher} {one.published}".casefold() for one in articles
        ]
        self._publishers = [one.publisher.casefold() for one in articles]
        self._by_key = {key(articles[at]): at for at in reversed(positions)}
        frequency = Counter(one.publisher for one in articles if one.publisher)
        self._frequent = [name for name, _ in frequency.most_common()]

    def __len__(self) -> int:
        return len(self._newest)

    def of_publisher(self, text: str) -> list[Article]:
        """The articles whose publisher has `text` in its name, newest first; all for none."""
        wanted = text.strip().casefold()
        found = (at for at in self._newest if wanted in self._publishers[at])
        return [self._corpus.articles[at] for at in found]

    def headlines(self, typed: str, limit: int) -> list[Article]:
        """At most `limit` articles with all words of `typed`, newest first.

        Words may be looked for in headline, publisher and date, and need not be whole yet.
        """
        return [self._corpus.articles[at] for at in islice(self._matching(typed), limit)]

    def find(self, chosen: str) -> tuple[Article, list[str]] | None:
        """The article with that key or headline, with its paragraphs; None where there is none.

        Of a headline that was typed and not chosen, the newest article that has all its words.
        """
        at = self._by_key.get(chosen)
        if at is None and chosen.strip():
            at = next(self._titled(chosen), None) or next(self._matching(chosen), None)
        if at is None:
            return None
        return self._corpus.articles[at], [one.text for one in self._corpus.passages_in(at)]

    def publishers(self, typed: str) -> list[str]:
        """The publishers with `typed` in their names, those with most articles first."""
        wanted = typed.strip().casefold()
        return [name for name in self._frequent if wanted in name.casefold()]

    def sources(self, typed: str) -> list[str]:
        """The names that a question can be kept to with `typed` in them; publishers for nothing.

        First those that begin with it, then those with a word that does, then the others.
        """
        wanted = typed.strip().casefold()
        if not wanted:
            return self._frequent

        def order(folded: str) -> tuple[bool, bool, str]:
            return not folded.startswith(wanted), f" {wanted}" not in folded, folded

        names = self._corpus.sources.names
        found = sorted((folded for folded in names if wanted in folded), key=order)
        return [names[folded] for folded in found]

    def _matching(self, typed: str) -> Iterator[int]:
        words = typed.casefold().split()
        return (at for at in self._newest if all(word in self._lines[at] for word in words))

    def _titled(self, headline: str) -> Iterator[int]:
        wanted = headline.strip().casefold()
        articles = self._corpus.articles
        return (at for at in self._newest if articles[at].title.casefold() == wanted)


class Shelf:
    """The catalogue of what a desk answers from now, made anew after each reindex."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._corpus: Corpus | None = None
        self._made = Catalogue(Corpus(()))
        self._making = asyncio.Lock()

    async def catalogue(self) -> Catalogue:
        """The catalogue of the coverage as it is now."""
        async with self._making:  # many letters are typed while one is made
            corpus = self._desk.corpus
            if corpus is not self._corpus:
                self._made = await asyncio.to_thread(Catalogue, corpus)
                self._corpus = corpus
            return self._made


def key(article: Article) -> str:
    """A short name for an article, the same for as long as nothing of it changes."""
    about = (article.id, article.title, article.publisher, article.published, article.url)
    return hashlib.blake2b(repr(about).encode(), digest_size=_KEY_BYTES).hexdigest()
