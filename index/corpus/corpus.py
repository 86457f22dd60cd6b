"""One generation of the coverage, ready to be searched."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index.corpus.filters import Filter, Sources
from index.corpus.generation import Generation, make_generation
from index.corpus.library import Library, Place, Shelf
from index.corpus.segment import make_segment
from index.corpus.texts import Texts
from index.corpus.words import Words
from index.dates import first_day
from index.model import Article, Passage
from index.terms.analysis import Analyzer, Token
from index.terms.lexicon import Lexicon, common_id
from index.terms.read import read_articles
from index.terms.vocabulary import UNKNOWN, added

_TERMS_KEPT = 10_000  # of which all is remembered: to look one up takes longer than to use it
_NUMBER_BITS = 32  # of a passage in its article
_AT_ONCE = 1_000  # articles that are read together where all are asked for


class Corpus:
    """All passages of the articles, with the rankers over them. Never changed once made.

    Passage i is what the passage ranker calls position i; it belongs to the article at position
    `article_of[i]`, as the article ranker has it. There are also positions of what is gone, which
    nothing admits. `order` has the positions of the articles that there are, as the sources have
    them. `tokens` are those of the passages, and `headlines` those of the articles' titles. There
    are `size` passages.
    """

    def __init__(self, generation: Generation, library: Library) -> None:
        segments = generation.segments
        self.analyzer = Analyzer()
        self.vocabularies = [segment.vocabulary for segment in segments]
        self.passage_ranker = generation.passage_ranker
        self.article_ranker = generation.article_ranker
        self.tokens = Texts([segment.passages for segment in segments])
        self.headlines = Texts([segment.headlines for segment in segments])
        self.first = generation.first
        self.article_of = generation.article_of
        self.order = generation.order
        self.articles = Articles(generation.order, library)
        self._place = np.full(generation.size, -1, np.int64)  # of each article in `order`
        self._place[self.order] = np.arange(len(self.order))
        self.size = int(np.diff(self.first)[self.order].sum())
        self.find = lru_cache(_TERMS_KEPT)(self._find)
        self.frequency = lru_cache(_TERMS_KEPT)(self._frequency)
        self.weight = lru_cache(_TERMS_KEPT)(self._weight)
        self.words = Words(self.vocabularies, self.passage_ranker)
        self._generation = generation
        self._library = library

    @classmethod
    def of(cls, articles: Iterable[tuple[Article, Sequence[str]]]) -> "Corpus":
        """A corpus in memory of articles with their paragraphs."""
        shelf = list(articles)
        lexicon = Lexicon()
        read = read_articles(lexicon, ((article.title, texts) for article, texts in shelf))
        about = ((one.publisher, one.author, one.published) for one, _ in shelf)
        vocabulary, ids = added([], lexicon.met)
        segment = make_segment(read.renumbered(ids), vocabulary, about)
        everything = np.arange(len(shelf))
        return cls(make_generation([segment], everything, everything), Shelf(shelf))

    def numbers(self, positions: NDArray[np.int32]) -> NDArray[np.int64]:
        """The numbers of those passages in their articles, from 1."""
        return positions - self.first[self.article_of[positions]] + 1

    def places(self, positions: NDArray[np.int32]) -> list[Place]:
        """The articles of the passages at those positions, and their numbers there."""
        articles, numbers = self.article_of[positions].tolist(), self.numbers(positions).tolist()
        return [*zip(articles, numbers, strict=True)]

    def places_in_order(self, positions: NDArray[np.int32]) -> NDArray[np.int64]:
        """Numbers of the passages at those positions that ascend as the sources have them."""
        return (self._place[self.article_of[positions]] << _NUMBER_BITS) + self.numbers(positions)

    def holding(self, term: int) -> NDArray[np.int32]:
        """The positions of the passages that hold a term, ascending."""
        positions = self.passage_ranker.positions(term)
        return positions[self._place[self.article_of[positions]] >= 0]

    def texts(self, places: Sequence[Place]) -> list[str]:
        """The passages at those places."""
        return self._library.texts(places)

    def before(self, places: Sequence[Place]) -> list[str]:
        """What stands before the passages at those places, a paragraph a line."""
        return self._library.before(places)

    def passages_in(self, article: int) -> list[Passage]:
        """The passages of the article at that position, in order."""
        [about], texts = self.articles.at([article]), self._library.paragraphs(article)
        return [Passage(about, number, text) for number, text in enumerate(texts, start=1)]

    def positions_of(self, article_id: str) -> Sequence[int]:
        """The positions of the articles with that id, in order: each source has ids of its own."""
        positions = self._library.positions_of(article_id)
        return sorted(positions, key=self._place.__getitem__)

    @cached_property
    def _sources(self) -> list[str]:
        return [source for one in self._generation.segments for source in one.sources]

    @cached_property
    def _dates(self) -> list[str]:
        return [date for one in self._generation.segments for date in one.dates]

    @cached_property
    def sources(self) -> Sources:
        """Where the articles come from."""
        there_are = np.flatnonzero(np.bincount(self._generation.source_of[self.order]))
        return Sources(self._sources[at].partition("\t")[::2] for at in there_are.tolist())

    @cached_property
    def days(self) -> NDArray[np.int32]:
        """The first day on which each article may have come out, as its ordinal; 0 if unknown."""
        days = [first_day(date).toordinal() if date else 0 for date in self._dates]
        return np.array(days, np.int32)[self._generation.date_of]

    def admitted(self, wanted: Filter) -> NDArray[np.bool_]:
        """A flag for each article: whether `wanted` admits it; no flags at all if all are."""
        if wanted == Filter():
            return self._there_are
        sources = [wanted.admits_source(*one.split("\t")) for one in self._sources]
        dates = [wanted.admits_date(date) for date in self._dates]
        by_source: NDArray[np.bool_] = np.array(sources, bool)[self._generation.source_of]
        by_date: NDArray[np.bool_] = np.array(dates, bool)[self._generation.date_of]
        return by_source & by_date & (self._place >= 0)

    @cached_property
    def _there_are(self) -> NDArray[np.bool_]:
        """A flag for each article that there is; no flags at all if none is gone."""
        return np.empty(0, bool) if len(self.order) == len(self._place) else self._place >= 0

    def number(self, token: Token) -> int:
        """The id of a token's term; `UNKNOWN` for a term that the corpus does not have."""
        return common_id(token.term) if token.common else self.find(token.term)

    def _find(self, term: str) -> int:
        """The id of a term that is no function word; `UNKNOWN` where there is none."""
        found = (one.find(term) for one in self.vocabularies)
        return next((number for number in found if number != UNKNOWN), UNKNOWN)

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
    """All articles of a corpus as the sources have them, read when they are asked for."""

    def __init__(self, order: NDArray[np.int64], library: Library) -> None:
        self._order = order
        self._library = library

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, at: int) -> Article: ...
    @overload
    def __getitem__(self, at: slice) -> list[Article]: ...
    def __getitem__(self, at: int | slice) -> Article | list[Article]:
        if isinstance(at, slice):
            return self.at(self._order[at].tolist())
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self.at([int(self._order[at])])[0]

    def at(self, positions: Sequence[int]) -> list[Article]:
        """Those at these positions in the corpus, in that order."""
        return self._library.articles(positions)

    def __iter__(self) -> Iterator[Article]:
        for first in range(0, len(self), _AT_ONCE):
            yield from self[first : first + _AT_ONCE]
