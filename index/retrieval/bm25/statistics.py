"""What the weights of BM25 are reckoned from: counts over all documents that there are."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.retrieval.bm25.postings import Postings


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many `documents` there are, and `tokens` in them.

    `frequencies` has, by term id, in how many documents each occurs, `int64[terms]`. Counts of
    documents that are gone can be taken away from those of all, and new ones added.
    """

    documents: int
    tokens: int
    frequencies: NDArray[np.int64]

    @classmethod
    def of(cls, postings: Postings) -> Self:
        """Those of the documents with these posting lists."""
        kinds = postings.kinds
        return cls(postings.size, int(kinds.tf @ kinds.postings), np.diff(postings.starts))

    def __add__(self, other: "Statistics") -> "Statistics":
        frequencies = np.zeros(max(len(self.frequencies), len(other.frequencies)), np.int64)
        for one in (self.frequencies, other.frequencies):
            frequencies[: len(one)] += one
        return Statistics(self.documents + other.documents, self.tokens + other.tokens, frequencies)

    def __neg__(self) -> "Statistics":
        """What takes them away where it is added."""
        return Statistics(-self.documents, -self.tokens, -self.frequencies)
