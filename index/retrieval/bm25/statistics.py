"""Collection statistics: the counts over all documents that BM25's weights are computed from."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.retrieval.bm25.postings import Postings


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of `documents` and of their `tokens`, and each term's document frequency.

    `frequencies` is by term id, `int64[terms]`. Statistics of removed documents can be subtracted
    from those of all, and those of new ones added.
    """

    documents: int
    tokens: int
    frequencies: NDArray[np.int64]

    @classmethod
    def of(cls, postings: Postings) -> Self:
        """Count the documents with these posting lists."""
        classes = postings.classes
        tokens = int(classes.tf @ classes.postings)
        return cls(postings.size, tokens, np.diff(postings.starts))

    def __add__(self, other: "Statistics") -> "Statistics":
        frequencies = np.zeros(max(len(self.frequencies), len(other.frequencies)), np.int64)
        for one in (self.frequencies, other.frequencies):
            frequencies[: len(one)] += one
        return Statistics(self.documents + other.documents, self.tokens + other.tokens, frequencies)

    def __neg__(self) -> "Statistics":
        return Statistics(-self.documents, -self.tokens, -self.frequencies)
