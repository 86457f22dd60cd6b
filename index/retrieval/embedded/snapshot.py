"""One generation of the coverage: segments, and which of their articles there are.

Most articles stay from one generation to the next, in the main segment, which is large and is kept.
What was changed or added since that was made is in a second one, the delta, which is small and made
anew each time; what is gone of the main one is passed over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import take_read
from index.analysis.forward_index import chain_starts, starts_of
from index.analysis.string_array import Arrays, named, within
from index.retrieval.bm25.impacts import Weights, weigh
from index.retrieval.bm25.inversion import postings_of
from index.retrieval.bm25.okapi import Okapi
from index.retrieval.bm25.postings import Postings
from index.retrieval.bm25.statistics import Statistics
from index.retrieval.embedded.segment import Segment


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The articles of segments that there are.

    The articles of all segments count on from 0; `order` has those that there are, as the sources
    have them, and `rows` their rows in the database: `int64[articles that there are]`.
    """

    segments: tuple[Segment, ...]
    order: NDArray[np.int64]
    rows: NDArray[np.int64]
    passage_weights: Weights
    article_weights: Weights

    @property
    def size(self) -> int:
        """How many articles the segments have, with those that are gone."""
        return sum(map(len, self.segments))

    @property
    def first(self) -> NDArray[np.int64]:
        """The first passage of each article of the segments, and one more for the end."""
        return chain_starts([segment.first for segment in self.segments])

    @property
    def article_of(self) -> NDArray[np.int32]:
        """The article of each passage of the segments."""
        return _counted_on((one.article_of for one in self.segments), map(len, self.segments))

    @property
    def source_of(self) -> NDArray[np.int32]:
        """The place of each article's source among those of all segments."""
        counts = [len(one.sources) for one in self.segments]
        return _counted_on((one.source_of for one in self.segments), counts)

    @property
    def date_of(self) -> NDArray[np.int32]:
        """The place of each article's date among those of all segments."""
        counts = [len(one.dates) for one in self.segments]
        return _counted_on((one.date_of for one in self.segments), counts)

    @property
    def passage_ranker(self) -> Okapi:
        """The ranker over the passages of the segments."""
        return Okapi([one.passage_lists for one in self.segments], self.passage_weights)

    @property
    def article_ranker(self) -> Okapi:
        """The ranker over their articles."""
        return Okapi([one.article_lists for one in self.segments], self.article_weights)

    def arrays(self) -> Arrays:
        """All that the segments do not have, by name."""
        return {
            "order": self.order,
            "rows": self.rows,
            **named("passage_weights", self.passage_weights.arrays()),
            **named("article_weights", self.article_weights.arrays()),
        }

    @classmethod
    def from_arrays(cls, segments: Sequence[Segment], arrays: Arrays) -> "Snapshot":
        """The generation of these segments that has these `arrays`, which are not copied."""
        return cls(
            tuple(segments),
            arrays["order"],
            arrays["rows"],
            Weights.from_arrays(within(arrays, "passage_weights")),
            Weights.from_arrays(within(arrays, "article_weights")),
        )


def make_snapshot(
    segments: Sequence[Segment], order: NDArray[np.int64], rows: NDArray[np.int64]
) -> Snapshot:
    """The generation of the articles of segments that are in `order`, with their rows."""
    passages = [one.passage_lists for one in segments]
    articles = [one.article_lists for one in segments]
    gone = np.ones(sum(map(len, segments)), np.bool_)
    gone[order] = False
    read = take_read([one.read for one in segments], np.flatnonzero(gone))
    passages_gone, articles_gone = postings_of(read, len(segments[-1].vocabulary))
    return Snapshot(
        tuple(segments),
        order,
        rows,
        _weights(passages, passages_gone, k1=0.9, b=0.4),
        _weights(articles, articles_gone, k1=1.2, b=0.75),
    )


def _weights(lists: Sequence[Postings], gone: Postings, *, k1: float, b: float) -> Weights:
    statistics = sum(map(Statistics.of, lists), -Statistics.of(gone))
    return weigh([one.kinds for one in lists], statistics, k1, b)


def _counted_on(parts: Iterable[NDArray[np.int32]], counts: Iterable[int]) -> NDArray[np.int32]:
    """The numbers of all parts, those of each counted on from the end of the part before."""
    arrays = [*parts]
    if len(arrays) == 1:
        return arrays[0]
    firsts = starts_of(np.array([*counts], np.int64)).tolist()
    return np.concatenate([part + np.int32(at) for part, at in zip(arrays, firsts, strict=False)])
