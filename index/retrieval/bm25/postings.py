"""Posting lists in flat arrays: the documents in which each term occurs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import starts_of

ClassIds = NDArray[Any]  # 16 bits each, or 32


@dataclass(frozen=True, slots=True)
class PostingClasses:
    """The distinct (tf, length) pairs of postings; all postings of a class have the same tf norm.

    `pairs` has `tf << 32 | length` of each class, `int64[classes]`, ascending: how often the term
    occurs in the document, and the document's length in tokens. `postings` counts the postings of
    each class, at least 1, `int64[classes]`. A million paragraphs have some thousands of classes.
    """

    pairs: NDArray[np.int64]
    postings: NDArray[np.int64]

    @property
    def tf(self) -> NDArray[np.int64]:
        """The term frequency of each class."""
        return self.pairs >> 32

    @property
    def length(self) -> NDArray[np.int64]:
        """The document length of each class, in tokens."""
        return self.pairs & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of `size` documents, by term id; the documents of a term ascend.

    Term `t` occurs in `documents[starts[t]:starts[t + 1]]`: `int32[postings]`, `int64[terms + 1]`.
    `class_ids` has the index of each posting's class in `classes`, `uint16[postings]`, or `uint32`
    where there are more than 65,536 classes.
    """

    size: int
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    class_ids: ClassIds
    classes: PostingClasses

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, by their names in the index file."""
        return {
            "starts": self.starts,
            "documents": self.documents,
            "codes": self.class_ids,
            "pairs": self.classes.pairs,
            "postings": self.classes.postings,
        }

    @classmethod
    def from_arrays(cls, size: int, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Restore the posting lists of `size` documents from `arrays`, which are not copied."""
        classes = PostingClasses(arrays["pairs"], arrays["postings"])
        return cls(size, arrays["starts"], arrays["documents"], arrays["codes"], classes)


def pair(tokens: NDArray[np.int32], documents: NDArray[np.integer]) -> NDArray[np.int64]:
    """Pack each token and its document into one integer that sorts by token, then document.

    NumPy sorts thirty million of these in less than half a second; no compiled code is needed.
    """
    pairs = tokens.astype(np.int64)
    pairs <<= 32
    pairs |= documents
    return pairs


def group_pairs(pairs: NDArray[np.int64], groups: NDArray[np.int32]) -> NDArray[np.int64]:
    """Replace the document of each pair by its group."""
    grouped = pairs >> 32
    grouped <<= 32
    grouped |= groups[pairs.astype(np.int32)]
    return grouped


def invert(pairs: NDArray[np.int64], lengths: NDArray[np.int64], vocabulary: int) -> Postings:
    """Build posting lists from ascending (token, document) pairs.

    All term ids must be below `vocabulary`. `lengths` has the length of each document, in tokens.
    """
    is_first = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    counts = np.diff(firsts, append=len(pairs)).astype(np.int32)
    pairs = pairs[firsts]
    starts = starts_of(np.bincount(pairs >> 32, minlength=vocabulary))
    documents = pairs.astype(np.int32)
    classes, class_ids = _classify(counts, lengths, documents)
    return Postings(len(lengths), starts, documents, class_ids, classes)


def _classify(
    counts: NDArray[np.int32], lengths: NDArray[np.int64], documents: NDArray[np.int32]
) -> tuple[PostingClasses, ClassIds]:
    """The classes of postings with these counts in these documents, and each posting's class id.

    The table of all combinations of a count and a length stays small: many different counts or
    lengths take so many tokens that it has at most two entries a token.
    """
    tf, tf_ranks = _ranks(counts)
    length, length_ranks = _ranks(lengths)
    cells = (tf_ranks * len(length))[counts]
    cells += length_ranks[lengths][documents]
    postings = np.bincount(cells, minlength=len(tf) * len(length))
    used = np.flatnonzero(postings)
    class_of_cell = np.zeros(len(postings), np.uint16 if len(used) <= 1 << 16 else np.uint32)
    class_of_cell[used] = np.arange(len(used))
    tf_rank, length_rank = np.divmod(used, max(1, len(length)))
    classes = PostingClasses((tf[tf_rank] << 32) | length[length_rank], postings[used])
    return classes, class_of_cell[cells]


def _ranks(numbers: NDArray[np.signedinteger]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct values of small numbers, ascending, and the rank of each value, by value."""
    occurs = np.zeros(int(numbers.max(initial=0)) + 1, np.bool_)
    occurs[numbers] = True
    return np.flatnonzero(occurs), np.cumsum(occurs) - 1
