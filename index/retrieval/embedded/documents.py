"""Document stores: articles and their texts, which are shown but not needed to search."""

from collections.abc import Sequence
from typing import Protocol

from index.model import Article
from index.retrieval.retriever import PassageKey


class DocumentStore(Protocol):
    """The articles of one snapshot, by their positions in it."""

    def articles(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions."""

    def texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The text of each passage."""

    def before(self, keys: Sequence[PassageKey]) -> list[str]:
        """The paragraphs before each passage in its article, joined by line breaks."""

    def paragraphs(self, article: int) -> list[str]:
        """All paragraphs of an article, in order."""

    def positions_of(self, article_id: str) -> list[int]:
        """The articles with that id; ids are unique per source only."""


class InMemoryDocuments:
    """Articles and their paragraphs in memory."""

    def __init__(self, articles: Sequence[tuple[Article, Sequence[str]]]) -> None:
        self._articles = articles

    def articles(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions."""
        return [self._articles[at][0] for at in positions]

    def texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The text of each passage."""
        return [self._articles[at][1][number - 1] for at, number in keys]

    def before(self, keys: Sequence[PassageKey]) -> list[str]:
        """The paragraphs before each passage in its article, joined by line breaks."""
        return ["\n".join(self._articles[at][1][: number - 1]) for at, number in keys]

    def paragraphs(self, article: int) -> list[str]:
        """All paragraphs of an article, in order."""
        return [*self._articles[article][1]]

    def positions_of(self, article_id: str) -> list[int]:
        """The articles with that id; ids are unique per source only."""
        return [at for at, (article, _) in enumerate(self._articles) if article.id == article_id]
