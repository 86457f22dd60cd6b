"""One generation of the coverage, ready to be searched."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index.corpus.filters import Filter, Sources
from index.corpus.generation import Generation, make_generation
from index.corpus.library import Library, Place, Shelf
from index.corpus.words import Words
from index.dates import first_day
from index.model import Article, Passage
from index.terms.analysis import Analyzer, Token
from index.terms.lexicon import Lexicon, common_id
from index.terms.read import read_articles
from index.terms.vocabulary import EMPTY, UNKNOWN

_TERMS_KEPT = 10_000  # of which all is remembered: to look one up takes longer than to use it
_AT_ONCE = 1_000  # articles that are read together where all are asked for


class Corpus:
    """All passages of the articles, in order, with the rankers over them. Never changed once made.

    Passage i is what the passage ranker calls position i; it belongs to the article at position
    `article_of[i]`, as the article ranker has it. `tokens` are those of the passages, and
    `headlines` those of the articles' titles.
    """

    def __init__(self, generation: Generation, library: Library) -> None:
        self.analyzer = Analyzer()
        self.vocabulary = generation.vocabulary
        self.passage_ranker = generation.passage_ranker
        self.article_ranker = generation.article_ranker
        self.tokens = generation.passages
        self.headlines = generation.headlines
        self.article_of = generation.article_of
        self.articles = Articles(len(generation.first) - 1, library)
        self.size = len(generation.passages)
        self.find = lru_cache(_TERMS_KEPT)(self.vocabulary.find)
        self.frequency = lru_cache(_TERMS_KEPT)(self._frequency)
        self.weight = lru_cache(_TERMS_KEPT)(self._weight)
        self.words = Words(self.vocabulary, self.passage_ranker)
        self._generation = generation
        self._library = library

    @classmethod
    def of(cls, articles: Iterable[tuple[Article, Sequence[str]]]) -> "Corpus":
        """A corpus in memory of articles with their paragraphs."""
        shelf = list(articles)
        lexicon = Lexicon()
        read = read_articles(lexicon, ((article.title, texts) for article, texts in shelf))
        about = ((one.publisher, one.author, one.published) for one, _ in shelf)
        vocabulary, _ = EMPTY.with_met(lexicon.met)
        return cls(make_generation(read, vocabulary, about), Shelf(shelf))

    def numbers(self, positions: NDArray[np.int32]) -> NDArray[np.int64]:
        """The numbers of those passages in their articles, from 1."""
        return positions - self._generation.first[self.article_of[positions]] + 1

    def places(self, positions: NDArray[np.int32]) -> list[Place]:
        """The articles of the passages at those positions, and their numbers there."""
        articles, numbers = self.article_of[positions].tolist(), self.numbers(positions).tolist()
        return [*zip(articles, numbers, strict=True)]

    def texts(self, places: Sequence[Place]) -> list[str]:
        """The passages at those places."""
        return self._library.texts(places)

    def before(self, places: Sequence[Place]) -> list[str]:
        """What stands before the passages at those places, a paragraph a line."""
        return self._library.before(places)

    def passages_in(self, article: int) -> list[Passage]:
        """The passages of the article at that position, in order."""
        about, texts = self.articles[article], self._library.paragraphs(article)
        return [Passage(about, number, text) for number, text in enumerate(texts, start=1)]

    def positions_of(self, article_id: str) -> Sequence[int]:
        """The positions of the articles with that id, in order: each source has ids of its own."""
        return self._library.positions_of(article_id)

    @cached_property
    def sources(self) -> Sources:
        """Where the articles come from."""
        return Sources(one.partition("\t")[::2] for one in self._generation.sources)

    @cached_property
    def days(self) -> NDArray[np.int32]:
        """The first day on which each article may have come out, as its ordinal; 0 if unknown."""
        days = [first_day(date).toordinal() if date else 0 for date in self._generation.dates]
        return np.array(days, np.int32)[self._generation.date_of]

    def admitted(self, wanted: Filter) -> NDArray[np.bool_]:
        """A flag for each article: whether `wanted` admits it; no flags at all if all are."""
        if wanted == Filter():
            return np.empty(0, bool)
        sources = [wanted.admits_source(*one.split("\t")) for one in self._generation.sources]
        dates = [wanted.admits_date(date) for date in self._generation.dates]
        by_source: NDArray[np.bool_] = np.array(sources, bool)[self._generation.source_of]
        by_date: NDArray[np.bool_] = np.array(dates, bool)[self._generation.date_of]
        return by_source & by_date

    def number(self, token: Token) -> int:
        """The id of a token's term; `UNKNOWN` for a term that the corpus does not have."""
        return common_id(token.term) if token.common else self.find(token.term)

    def _frequency(self, term: str) -> int:
        """In how many passages a term occurs."""
        found = self.find(term)
        return 0 if found == UNKNOWN else self.passage_ranker.document_frequency(found)

    def _weight(self, term: str) -> float:
        """How much a term tells passages apart: its idf, always above zero.

        log(1 + (N - n + 0.5) / (n + 0.5)), with n of N passages holding the term: the idf of
        Lucene's BM25. Unlike Okapi's it stays positive for words in most passages, so that it can
        be summed and divided. A word that stands nowhere is worth as much as one that stands once:
        in a small coverage, that it is missing tells little.
        """
        return float(self._worth(np.array(self._frequency(term))))

    def rarities(self, terms: NDArray[np.int32]) -> NDArray[np.float64]:
        """The weights of terms, by their ids, as shares of the weight of one that stands once."""
        holding = self.passage_ranker.document_frequencies(terms)
        return self._worth(holding) / self._worth(np.array(1))

    def _worth(self, holding: NDArray[np.integer]) -> NDArray[np.float64]:
        holding = np.maximum(1, holding)
        return np.log1p((self.size - holding + 0.5) / (holding + 0.5))


class Articles(Sequence[Article]):
    """All articles of a corpus, read when they are asked for."""

    def __init__(self, size: int, library: Library) -> None:
        self._size = size
        self._library = library

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> Article: ...
    @overload
    def __getitem__(self, at: slice) -> list[Article]: ...
    def __getitem__(self, at: int | slice) -> Article | list[Article]:
        if isinstance(at, slice):
            return self._library.articles(range(self._size)[at])
        if not 0 <= at < self._size:
            raise IndexError(at)
        return self._library.articles([at])[0]

    def take(self, positions: Sequence[int]) -> list[Article]:
        """Those at the positions, in that order."""
        return self._library.articles(positions)

    def __iter__(self) -> Iterator[Article]:
        for first in range(0, self._size, _AT_ONCE):
            yield from self[first : first + _AT_ONCE]
