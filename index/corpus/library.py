"""Where a corpus has its articles from: what is shown of them, but not needed to find them."""

from collections.abc import Sequence
from typing import Protocol

from index.model import Article

Place = tuple[int, int]  # an article by its position in the corpus, and a paragraph's number there


class Library(Protocol):
    """The articles of one generation of the coverage, by their positions in its corpus."""

    def articles(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions."""

    def texts(self, places: Sequence[Place]) -> list[str]:
        """The text of each of those paragraphs."""

    def before(self, places: Sequence[Place]) -> list[str]:
        """What stands before each of those paragraphs in its article, a paragraph a line."""

    def paragraphs(self, article: int) -> list[str]:
        """All paragraphs of an article, in order."""

    def positions_of(self, article_id: str) -> list[int]:
        """The articles with that id, in order: each source has ids of its own."""


class Shelf:
    """A library in memory."""

    def __init__(self, articles: Sequence[tuple[Article, Sequence[str]]]) -> None:
        self._articles = articles

    def articles(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions."""
        return [self._articles[at][0] for at in positions]

    def texts(self, places: Sequence[Place]) -> list[str]:
        """The text of each of those paragraphs."""
        return [self._articles[at][1][number - 1] for at, number in places]

    def before(self, places: Sequence[Place]) -> list[str]:
        """What stands before each of those paragraphs in its article, a paragraph a line."""
        return ["\n".join(self._articles[at][1][: number - 1]) for at, number in places]

    def paragraphs(self, article: int) -> list[str]:
        """All paragraphs of an article, in order."""
        return [*self._articles[article][1]]

    def positions_of(self, article_id: str) -> list[int]:
        """The articles with that id, in order."""
        return [at for at, (article, _) in enumerate(self._articles) if article.id == article_id]
