"""The seam between answering a question and whatever holds the coverage.

Everything above this module (queries, answers) asks a `Retriever` and nothing else. The embedded
engine is one (`embedded.searcher.Searcher`); `tests/unit/test_retriever.py` is the contract that
each implementation passes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzer import Analyzer, Token
from index.analysis.forward_index import ForwardIndex
from index.model import Article, Passage
from index.retrieval.filters import Filter, Sources

# A passage: the position of its article, and the number of its paragraph there, from 1.
PassageKey: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that match a query, best first by their first-stage score.

    For each passage: its paragraph `numbers` (from 1), its first-stage `scores`, and
    `source_order`, which ascends as the sources list the passages and breaks ties. `passages` has
    the term ids of the texts, sentence by sentence.

    `articles` are the positions of their distinct articles, ascending, and `article_of` the index
    into these for each passage. For each article: its `headlines` (the term ids of the title), its
    `article_scores` (BM25 of the article as a whole), `published_days` (ordinal of the first day on
    which it may have come out, 0 if unknown), and `best_of`, the index of its best passage.
    """

    numbers: NDArray[np.int64]
    scores: NDArray[np.float64]
    source_order: NDArray[np.int64]
    passages: ForwardIndex
    articles: NDArray[np.int32]
    article_of: NDArray[np.intp]
    best_of: NDArray[np.intp]
    article_scores: NDArray[np.float64]
    headlines: ForwardIndex
    published_days: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.numbers)

    def keys(self) -> list[PassageKey]:
        """The key of each passage."""
        articles = self.articles[self.article_of].tolist()
        return [*zip(articles, self.numbers.tolist(), strict=True)]


class Retriever(Protocol):
    """The coverage as questions see it. Never changes; a reindex makes another one.

    Terms are known by ids: stop words have the same ones everywhere, see `lexicon.stop_word_id`.
    Methods that read articles raise StaleIndexError where the coverage was indexed again meanwhile.
    """

    @property
    def analyzer(self) -> Analyzer:
        """Cuts a question into the terms that passages are indexed by."""

    @property
    def sources(self) -> Sources:
        """The publishers and authors of all articles."""

    def term_id(self, token: Token) -> int:
        """The id of a token's term; `UNKNOWN` for one that no passage and no title has."""

    def find(self, term: str) -> int:
        """The id of a term that is no stop word; `UNKNOWN` as above."""

    def frequency(self, term: str) -> int:
        """The number of passages that hold a term."""

    def idf(self, term: str) -> float:
        """How rare a term is among the passages; always above zero."""

    def relative_idf(self, term_ids: NDArray[np.int32]) -> NDArray[np.float64]:
        """The idf of each term as a share of that of a term in a single passage."""

    def surface_form(self, word: str) -> Token:
        """The token of a word, spelled as the coverage does. Raises KeyError."""

    def word_frequency(self, word: str) -> int:
        """The number of passages that hold a word or another form of its term; 0 for none."""

    def similar_words(self, word: str) -> list[str]:
        """The words of the coverage with the same first letter and about the same length."""

    def are_adjacent(self, term_id: int, next_id: int) -> bool:
        """Whether one term follows the other in some passage, stop words aside."""

    def retrieve(self, term_ids: Sequence[int], wanted: Filter, k: int) -> Candidates:
        """The `k` best passages that hold any of the distinct terms and pass the filter.

        Best first by BM25 of the passage plus BM25 of its article, ties in the order of the
        sources. Empty where nothing matches.
        """

    def texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The text of each passage."""

    def preceding_texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """What stands before each passage in its article, a paragraph a line."""

    def articles_at(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions, in that order."""

    def passages_in(self, article: int) -> list[Passage]:
        """All passages of the article at that position, in order."""

    def positions_of(self, article_id: str) -> Sequence[int]:
        """The positions of the articles with that id, in order; ids are unique per source only."""
