"""Where each term occurs: posting lists, one after another in flat arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import starts_of

Codes = NDArray[Any]  # 16 bits each, or 32


@dataclass(frozen=True, slots=True)
class PostingClasses:
    """The kinds of postings: by how often a term occurs in a document, and how long that is.

    A kind is `tf << 32 | length` in `pairs`, `int64[kinds]`, which ascend; the length is that of
    the document, in tokens. There are as many postings of it as `postings` has, `int64[kinds]`, and
    of each kind there is one at least: some thousands of kinds among a million paragraphs.
    """

    pairs: NDArray[np.int64]
    postings: NDArray[np.int64]

    @property
    def tf(self) -> NDArray[np.int64]:
        """How often the term occurs in the document."""
        return self.pairs >> 32

    @property
    def length(self) -> NDArray[np.int64]:
        """How many tokens the document has."""
        return self.pairs & 0xFFFFFFFF

    def arrays(self) -> dict[str, NDArray[np.int64]]:
        """All of it, by name."""
        return {"pairs": self.pairs, "postings": self.postings}


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of `size` documents, by term id; the documents of a term ascend.

    Term `t` occurs in `documents[starts[t]:starts[t + 1]]`; `codes` has the place of each posting's
    kind in `kinds`. `int64[terms + 1]`, `int32[postings]`, and 16 bits a code, or 32 where there
    are more kinds than that.
    """

    size: int
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    codes: Codes
    kinds: PostingClasses

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it but its size, by name."""
        return {
            "starts": self.starts,
            "documents": self.documents,
            "codes": self.codes,
            **self.kinds.arrays(),
        }

    @classmethod
    def from_arrays(cls, size: int, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Those of so many documents that have these `arrays`, which are not copied."""
        kinds = PostingClasses(arrays["pairs"], arrays["postings"])
        return cls(size, arrays["starts"], arrays["documents"], arrays["codes"], kinds)


def pair(tokens: NDArray[np.int32], documents: NDArray[np.integer]) -> NDArray[np.int64]:
    """Tokens and the documents in which they stand, each pair in one integer that sorts by both.

    NumPy sorts thirty million of these in less than half a second, and nothing has to be compiled.
    """
    pairs = tokens.astype(np.int64)
    pairs <<= 32
    pairs |= documents
    return pairs


def of_groups(pairs: NDArray[np.int64], groups: NDArray[np.int32]) -> NDArray[np.int64]:
    """The same pairs with the group of each document in its place."""
    found = pairs >> 32
    found <<= 32
    found |= groups[pairs.astype(np.int32)]
    return found


def invert(pairs: NDArray[np.int64], lengths: NDArray[np.int64], vocabulary: int) -> Postings:
    """The postings of ascending pairs of tokens, term ids below `vocabulary`, and documents.

    `lengths` are those of the documents, in tokens.
    """
    fresh = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=fresh[1:])
    firsts = np.flatnonzero(fresh)
    counts = np.diff(firsts, append=len(pairs)).astype(np.int32)
    pairs = pairs[firsts]
    starts = starts_of(np.bincount(pairs >> 32, minlength=vocabulary))
    documents = pairs.astype(np.int32)
    kinds, codes = _kinds_of(counts, lengths, documents)
    return Postings(len(lengths), starts, documents, codes, kinds)


def narrow(codes: NDArray[np.integer], kinds: int) -> Codes:
    """Codes of so many kinds, in as few bits as are used for these."""
    return codes.astype(np.uint16 if kinds <= 1 << 16 else np.uint32)


def _kinds_of(
    counts: NDArray[np.int32], lengths: NDArray[np.int64], documents: NDArray[np.int32]
) -> tuple[PostingClasses, Codes]:
    """The kinds of postings with these counts in these documents, and the code of each posting.

    For many different lengths or counts it takes so many tokens that the table of all their pairs
    has at most two entries a token.
    """
    tf, tf_codes = _ranked(counts)
    length, length_codes = _ranked(lengths)
    places = (tf_codes * len(length))[counts]
    places += length_codes[lengths][documents]
    postings = np.bincount(places, minlength=len(tf) * len(length))
    used = np.flatnonzero(postings)
    codes = np.zeros(len(postings), np.int64)
    codes[used] = np.arange(len(used))
    of_tf, of_length = np.divmod(used, max(1, len(length)))
    kinds = PostingClasses((tf[of_tf] << 32) | length[of_length], postings[used])
    return kinds, narrow(codes, len(used))[places]


def _ranked(numbers: NDArray[np.signedinteger]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct ones of small numbers, ascending, and by a number its place among them."""
    occurs = np.zeros(int(numbers.max(initial=0)) + 1, np.bool_)
    occurs[numbers] = True
    return np.flatnonzero(occurs), np.cumsum(occurs) - 1
