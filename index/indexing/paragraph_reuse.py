"""Reuses the analyzed paragraphs of changed articles."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from index.analysis.analyzed_articles import AnalyzedArticles
from index.analysis.forward_index import join
from index.indexing.analyze import StoredArticle, texts_of
from index.retrieval.embedded.segment import Segment, SegmentedTexts


class ParagraphReuse:
    """Articles to analyze, without the paragraphs that are analyzed already.

    `known` maps the texts of analyzed paragraphs to their positions in the previous segments.
    """

    def __init__(
        self, db: sqlite3.Connection, articles: Sequence[StoredArticle], known: Mapping[str, int]
    ) -> None:
        self.articles = articles
        self._positions: list[list[int]] | None = None  # of each paragraph; -1 if not known
        if known:
            self._positions = [
                [known.get(text, -1) for text in texts_of(db, one)] for one in articles
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
        return AnalyzedArticles(
            analyzed.headlines, join([known, analyzed.passages]).take(order), counts
        )


def paragraphs_of(
    db: sqlite3.Connection, articles: Iterable[tuple[int, str, int]]
) -> dict[str, int]:
    """Map the paragraphs of articles, by their texts, to their positions.

    Each article is given as its row, its digest, and the position of its first paragraph. One that
    is no longer stored has none; nor has one whose row now belongs to another article, after a
    database was restored.
    """
    known: dict[str, int] = {}
    for row, digest, first in articles:
        texts = db.execute(
            "SELECT text FROM passage JOIN article ON article.row = passage.article"
            " WHERE article.row = ? AND digest = ? ORDER BY number",
            [row, digest],
        )
        known |= {text: position for position, (text,) in enumerate(texts, start=first)}
    return known
