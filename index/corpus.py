"""One generation of the coverage, ready to be searched."""

import math
from collections.abc import Iterable, Sequence

from index.analysis import Analyzer
from index.model import Article, Passage
from index.ranking import Okapi, Ranker


class Corpus:
    """All passages of the articles, in order, with the ranker over them. Never changed once built.

    `passages[i]` is what the ranker calls position i, and `terms[i]` are its terms.
    """

    def __init__(self, articles: Iterable[tuple[Article, Sequence[str]]]) -> None:
        self.analyzer = Analyzer()
        self.articles: list[Article] = []
        self.passages: list[Passage] = []
        for article, paragraphs in articles:
            self.articles.append(article)
            self.passages += (
                Passage(article, number, text) for number, text in enumerate(paragraphs, start=1)
            )
        self.ranker: Ranker = Okapi(self.analyzer.terms(hit.text) for hit in self.passages)

    def weight(self, term: str) -> float:
        """How much a term tells passages apart: its idf, always above zero.

        log(1 + (N - n + 0.5) / (n + 0.5)), with n of N passages holding the term: the idf of
        Lucene's BM25. Unlike Okapi's it stays positive for words in most passages, so that it can
        be summed and divided.
        """
        holding = self.ranker.document_frequency(term)
        return math.log(1 + (len(self.passages) - holding + 0.5) / (holding + 0.5))
