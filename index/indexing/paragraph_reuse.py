"""Reuses the analyzed paragraphs of changed articles."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeAlias

import numpy as np

from index.analysis.analyzed_articles import AnalyzedArticles
from index.analysis.forward_index import join
from index.analysis.languages import LANGUAGES, language_of_article
from index.indexing.analyze import StoredArticle, texts_of
from index.retrieval.embedded.segment import Segment, SegmentedTexts

# An analyzed paragraph: the index of its article's language in `LANGUAGES`, and its text.
_Paragraph: TypeAlias = tuple[int, str]


class ParagraphReuse:
    """Articles to analyze, without the paragraphs that are analyzed already.

    `known` maps analyzed paragraphs to their positions in the previous segments.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        articles: Sequence[StoredArticle],
        known: Mapping[_Paragraph, int],
    ) -> None:
        self.articles = articles
        self._positions: list[list[int]] | None = None  # of each paragraph; -1 if not known
        if known:
            self._positions = [
                [known.get(one, -1) for one in _paragraphs(article.title, texts_of(db, article))]
                for article in articles
            ]
            self.articles = [
                one._replace(to_analyze=[at for at, known_at in enumerate(of_one) if known_at < 0])
                for one, of_one in zip(articles, self._positions, strict=True)
            ]

    def complete(self, analyzed: AnalyzedArticles, previous: Sequence[Segment]) -> AnalyzedArticles:
        """Merge what was analyzed now with the known paragraphs of the previous segments."""
        if self._positions is None:
            return analyzed
        counts = np.array([*map(len, self._positions)], np.int64)
        positions = np.array([*chain(*self._positions)], np.int64)
        is_known = positions >= 0
        known = SegmentedTexts([one.passages for one in previous]).take(positions[is_known])
        order = np.where(is_known, np.cumsum(is_known), len(known) + np.cumsum(~is_known)) - 1
        passages = join([known, analyzed.passages]).take(order)
        return replace(analyzed, passages=passages, counts=counts)


def _paragraphs(title: str, texts: Sequence[str]) -> list[_Paragraph]:
    language = LANGUAGES.index(language_of_article(title, texts))
    return [(language, text) for text in texts]


def paragraphs_of(
    db: sqlite3.Connection, articles: Iterable[tuple[int, str, int, int]]
) -> dict[_Paragraph, int]:
    """Map the paragraphs of articles to their positions.

    Each article is given as its row, its digest, the position of its first paragraph, and the index
    of its language. One that is no longer stored has none; nor has one whose row now belongs to
    another article, after a database was restored.
    """
    known: dict[_Paragraph, int] = {}
    for row, digest, first, language in articles:
        texts = db.execute(
            "SELECT text FROM passage JOIN article ON article.row = passage.article"
            " WHERE article.row = ? AND digest = ? ORDER BY number",
            [row, digest],
        )
        known |= {(language, text): at for at, (text,) in enumerate(texts, start=first)}
    return known
