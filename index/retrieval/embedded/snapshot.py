"""A snapshot of the index: segments, and which of their articles are present.

Most articles stay from one snapshot to the next, in the large main segment, which is kept. Articles
that were changed or added since then are in a second segment, the delta, which is small and rebuilt
each time. Removed articles of the main segment are masked out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import take_analyzed
from index.analysis.forward_index import chain_starts, starts_of
from index.analysis.string_array import Arrays, prefixed, unprefixed
from index.retrieval.bm25.impacts import Weights, weigh
from index.retrieval.bm25.inversion import postings_of
from index.retrieval.bm25.okapi import Okapi
from index.retrieval.bm25.postings import Postings
from index.retrieval.bm25.statistics import Statistics
from index.retrieval.embedded.segment import Segment


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The present articles of some segments.

    Positions count the articles of all segments from 0, and so those of passages. `order` has the
    positions of the present articles in the order of the sources, and `rows` their rows in the
    database, `int64[present articles]`. The weights leave removed articles out.
    """

    segments: tuple[Segment, ...]
    order: NDArray[np.int64]
    rows: NDArray[np.int64]
    passage_weights: Weights
    article_weights: Weights

    @property
    def size(self) -> int:
        """The number of articles in the segments, removed ones included."""
        return sum(map(len, self.segments))

    @property
    def first(self) -> NDArray[np.int64]:
        """The position of each article's first passage, and the end: `int64[articles + 1]`."""
        return chain_starts([segment.first for segment in self.segments])

    @property
    def article_of(self) -> NDArray[np.int32]:
        """The article of each passage, ascending: `int32[passages]`."""
        return _chain_indices((one.article_of for one in self.segments), map(len, self.segments))

    @property
    def source_of(self) -> NDArray[np.int32]:
        """The index of each article's source among those of all segments."""
        counts = [len(one.sources) for one in self.segments]
        return _chain_indices((one.source_of for one in self.segments), counts)

    @property
    def date_of(self) -> NDArray[np.int32]:
        """The index of each article's date among those of all segments."""
        counts = [len(one.dates) for one in self.segments]
        return _chain_indices((one.date_of for one in self.segments), counts)

    @property
    def languages(self) -> NDArray[np.uint8]:
        """The index of each article's language in `LANGUAGES`."""
        return np.concatenate([one.languages for one in self.segments])

    @property
    def passage_ranker(self) -> Okapi:
        """BM25 over the passages."""
        return Okapi([one.passage_lists for one in self.segments], self.passage_weights)

    @property
    def article_ranker(self) -> Okapi:
        """BM25 over whole articles, with their headlines."""
        return Okapi([one.article_lists for one in self.segments], self.article_weights)

    def arrays(self) -> Arrays:
        """All arrays beside those of the segments, by their names in the index file."""
        return {
            "order": self.order,
            "rows": self.rows,
            **prefixed("passage_weights", self.passage_weights.arrays()),
            **prefixed("article_weights", self.article_weights.arrays()),
        }

    @classmethod
    def from_arrays(cls, segments: Sequence[Segment], arrays: Arrays) -> "Snapshot":
        """Restore a snapshot of these segments from `arrays`, which are not copied."""
        return cls(
            tuple(segments),
            arrays["order"],
            arrays["rows"],
            Weights.from_arrays(unprefixed(arrays, "passage_weights")),
            Weights.from_arrays(unprefixed(arrays, "article_weights")),
        )


def make_snapshot(
    segments: Sequence[Segment], order: NDArray[np.int64], rows: NDArray[np.int64]
) -> Snapshot:
    """Build the snapshot of the articles at the positions in `order`, with their rows."""
    passages = [one.passage_lists for one in segments]
    articles = [one.article_lists for one in segments]
    is_removed = np.ones(sum(map(len, segments)), np.bool_)
    is_removed[order] = False
    removed = take_analyzed([one.read for one in segments], np.flatnonzero(is_removed))
    removed_passages, removed_articles = postings_of(removed, len(segments[-1].vocabulary))
    return Snapshot(
        tuple(segments),
        order,
        rows,
        _weights(passages, removed_passages, k1=0.9, b=0.4),
        _weights(articles, removed_articles, k1=1.2, b=0.75),
    )


def _weights(lists: Sequence[Postings], removed: Postings, *, k1: float, b: float) -> Weights:
    statistics = sum(map(Statistics.of, lists), -Statistics.of(removed))
    return weigh([one.classes for one in lists], statistics, k1, b)


def _chain_indices(parts: Iterable[NDArray[np.int32]], counts: Iterable[int]) -> NDArray[np.int32]:
    """Concatenate indices into consecutive lists of those sizes, as indices into all of them."""
    arrays = [*parts]
    if len(arrays) == 1:
        return arrays[0]
    firsts = starts_of(np.array([*counts], np.int64)).tolist()
    return np.concatenate([part + np.int32(at) for part, at in zip(arrays, firsts, strict=False)])
