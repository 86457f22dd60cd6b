"""Analysing articles that have changed: not the paragraphs that have stayed in them."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np

from index.analysis.analyzed_articles import Read
from index.analysis.forward_index import join
from index.indexing.analyze import Stored, texts_of
from index.retrieval.embedded.segment import Segment
from index.retrieval.embedded.segmented_texts import SegmentedTexts


class ParagraphReuse:
    """Articles of which some paragraphs are known.

    `known` has, by their texts, the places of paragraphs among those that were analysed before.
    """

    def __init__(
        self, db: sqlite3.Connection, articles: Sequence[Stored], known: Mapping[str, int]
    ) -> None:
        self.articles = articles
        self._places: list[list[int]] | None = None  # of each paragraph; -1 where it is not known
        if known:
            self._places = [[known.get(text, -1) for text in texts_of(db, one)] for one in articles]
            self.articles = [
                one._replace(wanted=[at for at, place in enumerate(places) if place < 0])
                for one, places in zip(articles, self._places, strict=True)
            ]

    def completed(self, read: Read, before: Sequence[Segment]) -> Read:
        """All of the articles: what was read of them now, and what the segments have already."""
        if self._places is None:
            return read
        counts = np.array([*map(len, self._places)], np.int64)
        places = np.array([*chain(*self._places)], np.int64)
        is_known = places >= 0
        known = SegmentedTexts([one.passages for one in before]).take(places[is_known])
        order = np.where(is_known, np.cumsum(is_known), len(known) + np.cumsum(~is_known)) - 1
        return Read(read.headlines, join([known, read.passages]).take(order), counts)


def paragraphs_of(
    db: sqlite3.Connection, articles: Iterable[tuple[int, str, int]]
) -> dict[str, int]:
    """The paragraphs of articles by their texts, with their places.

    Of each article are told its row, its digest, and the place of its first paragraph. One that is
    no longer stored has none: nor one in whose row another stands, as a database was restored.
    """
    known: dict[str, int] = {}
    for row, digest, first in articles:
        texts = db.execute(
            "SELECT text FROM passage JOIN article ON article.row = passage.article"
            " WHERE article.row = ? AND digest = ? ORDER BY number",
            [row, digest],
        )
        known |= {text: place for place, (text,) in enumerate(texts, start=first)}
    return known
