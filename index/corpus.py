"""One generation of the coverage, ready to be searched."""

import math
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyzer, Token
from index.filters import Filter, Sources
from index.model import Article, Passage
from index.ranking import Okapi, Ranker
from index.sentences import Sentence, analyse_sentences

_SENTENCES_KEPT = 10_000  # passages; some 20 MB


class Corpus:
    """All passages of the articles, in order, with the rankers over them. Never changed once built.

    `passages[i]` is what the passage ranker calls position i; it belongs to
    `articles[article_of[i]]`, and that is what the article ranker calls position `article_of[i]`.
    """

    def __init__(self, articles: Iterable[tuple[Article, Sequence[str]]]) -> None:
        self.analyzer = Analyzer()
        self.articles: list[Article] = []
        self.passages: list[Passage] = []
        article_of: list[int] = []
        passage_terms: list[list[str]] = []
        article_terms: list[list[str]] = []
        self.headlines: list[frozenset[str]] = []  # the terms of each article's title
        for article, paragraphs in articles:
            headline = self.analyzer.terms(article.title)
            self.headlines.append(frozenset(headline))
            terms = [self.analyzer.terms(text) for text in paragraphs]
            passage_terms += terms
            article_terms.append([*headline, *chain(*terms)])
            article_of += [len(self.articles)] * len(paragraphs)
            self.articles.append(article)
            self.passages += (
                Passage(article, number, text) for number, text in enumerate(paragraphs, start=1)
            )
        self.analyzer.stop_learning()
        self.article_of = np.array(article_of, np.int32)
        # Asked for again and again: the same passages are candidates of many questions.
        self.sentences = lru_cache(maxsize=_SENTENCES_KEPT)(self._sentences)
        self.sources = Sources(self.articles)
        self.passage_ranker: Ranker = Okapi(passage_terms, k1=0.9, b=0.4)
        self.article_ranker: Ranker = Okapi(article_terms, k1=1.2, b=0.75)

    def _sentences(self, position: int) -> tuple[Sentence, ...]:
        return analyse_sentences(self.analyzer, self.passages[position].text)

    def passages_in(self, article: int) -> Sequence[Passage]:
        """The passages of the article at that position, in order."""
        first, after = np.searchsorted(self.article_of, [article, article + 1])
        return self.passages[first:after]

    def positions_of(self, article_id: str) -> Sequence[int]:
        """The positions of the articles with that id, in order: each source has ids of its own."""
        return self._by_id.get(article_id, ())

    @cached_property
    def _by_id(self) -> dict[str, list[int]]:
        positions: dict[str, list[int]] = {}
        for position, article in enumerate(self.articles):
            positions.setdefault(article.id, []).append(position)
        return positions

    def passages_of(self, wanted: Filter) -> NDArray[np.bool_] | None:
        """A flag for each passage: whether `wanted` admits its article; None if all are."""
        if wanted == Filter():
            return None
        admitted = np.array([wanted.admits(article) for article in self.articles], bool)
        return admitted[self.article_of]

    @cached_property
    def words(self) -> dict[str, Token]:
        """All words of the coverage, in small letters, each with a token of it as written there."""
        return {
            token.text.lower(): token
            for token in self.analyzer.seen.values()
            if self.passage_ranker.document_frequency(token.term)
        }

    def weight(self, term: str) -> float:
        """How much a term tells passages apart: its idf, always above zero.

        log(1 + (N - n + 0.5) / (n + 0.5)), with n of N passages holding the term: the idf of
        Lucene's BM25. Unlike Okapi's it stays positive for words in most passages, so that it can
        be summed and divided. A word that stands nowhere is worth as much as one that stands once:
        in a small coverage, that it is missing tells little.
        """
        holding = max(1, self.passage_ranker.document_frequency(term))
        return math.log(1 + (len(self.passages) - holding + 0.5) / (holding + 0.5))

    def rarity(self, term: str) -> float:
        """The weight of a term as a share of the weight of a term that stands once."""
        return self.weight(term) / self.weight("")
