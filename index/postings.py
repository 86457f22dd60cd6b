"""Where each term occurs: posting lists, one after another in flat arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of a vocabulary, by term id; the documents of a term ascend.

    Term `t` occurs in `documents[starts[t]:starts[t + 1]]`, in each as often as `counts` says.
    """

    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    counts: NDArray[np.int32]

    def renumbered(self, numbers: NDArray[np.int32]) -> "Postings":
        """With the document `numbers[i]` in place of i; none in place of those below zero.

        All others ascend; documents with the same number become one.
        """
        kept = np.flatnonzero(numbers[self.documents] >= 0)
        documents = numbers[self.documents[kept]]
        starts = np.searchsorted(kept, self.starts)
        fresh = _changes(documents)
        fresh[starts[:-1][np.diff(starts) > 0]] = True  # the first one of each term
        firsts = np.flatnonzero(fresh)
        counts = np.add.reduceat(self.counts[kept], firsts) if len(firsts) else self.counts[:0]
        return Postings(np.searchsorted(firsts, starts), documents[firsts], counts)


def invert(tokens: NDArray[np.int32], documents: NDArray[np.integer], vocabulary: int) -> Postings:
    """The postings of tokens, term ids below `vocabulary`, that stand in those documents.

    Equal tokens of a document are found by sorting pairs of term and document, in one integer each:
    NumPy sorts thirty million of them in less than half a second, and nothing has to be compiled.
    """
    pairs = tokens.astype(np.int64)
    pairs <<= 32
    pairs |= documents
    pairs.sort()
    firsts = np.flatnonzero(_changes(pairs))
    counts = np.diff(firsts, append=len(pairs)).astype(np.int32)
    pairs = pairs[firsts]
    starts = np.searchsorted(pairs, np.arange(vocabulary + 1) << 32)
    return Postings(starts.astype(np.int64), pairs.astype(np.int32), counts)


def _changes(numbers: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Whether each number is another one than the one before it."""
    changes = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=changes[1:])
    return changes
