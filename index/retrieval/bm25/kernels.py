"""The Python interface of `loops.c`, the loops over posting lists.

The C code checks no bounds; everything it is given is validated here. Looking up the address of an
array takes as long as the loops need for hundreds of postings, so what stays the same for a
snapshot (`PostingLists`, `DocumentGroups`) is checked and looked up once, when that is opened. A
search checks only sizes and types. The contents of posting lists are trusted: the digests of the
index file prove them to be as they were built.
"""

import logging
from collections.abc import Sequence
from ctypes import CDLL, POINTER, Structure, addressof, c_char, c_int64, c_void_p
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.retrieval.bm25.impacts import Impacts

_SUM, _CURSOR, _OFFSET, _FLAG = 8, 8, 4, 1  # bytes of an element of the scratch memory

_log = logging.getLogger(__name__)


class DocumentGroups:
    """Consecutive groups of documents, such as the passages of each article.

    `of` has the group of each document, `int32[documents]`, ascending from 0 or more. Raises
    IndexError for any other group numbers, and TypeError for any other array.
    """

    def __init__(self, of: NDArray[np.int32]) -> None:
        self.of = of
        self.address = _address(of, np.int32)
        if len(of) and (of[0] < 0 or np.any(of[1:] < of[:-1])):
            raise IndexError("group numbers must ascend from 0")
        self.count = int(of[-1]) + 1 if len(of) else 0

    def check(self, values: NDArray[Any]) -> None:
        """Raise IndexError unless there is a value for each group, or none at all."""
        if 0 < len(values) < self.count:
            raise IndexError(f"{len(values)} values for {self.count} groups of documents")


class Search(Structure):
    """The state of a search for the `k` best documents by distinct terms; `k` is at least 1.

    It visits one segment after another; `groups`, `prior` and `mask` (see `Okapi.top`) span the
    documents of all segments. `span` documents are scored at once.
    """

    _fields_ = (  # as in C
        ("term_count", c_int64),
        ("terms", c_void_p),
        ("group_of", c_void_p),
        ("prior", c_void_p),
        ("mask", c_void_p),
        ("k", c_int64),
        ("found", c_int64),
        ("scores", c_void_p),
        ("positions", c_void_p),
        ("span", c_int64),
        ("sums", c_void_p),
        ("cursors", c_void_p),
        ("offsets", c_void_p),
        ("flags", c_void_p),
    )
    found: int

    def __init__(  # noqa: PLR0913, PLR0917 - the arguments of the C code
        self,
        terms: NDArray[np.int32],
        k: int,
        span: int,
        groups: DocumentGroups,
        prior: NDArray[np.float64],
        mask: NDArray[np.bool_],
    ) -> None:
        groups.check(prior)
        groups.check(mask)
        count = len(terms)
        scratch = np.empty(span * (_SUM + _OFFSET + _FLAG) + count * _CURSOR, np.uint8)
        self._scores = np.empty(k)
        self._positions = np.empty(k, np.int32)
        # References to the memory behind the addresses.
        self._memory = terms, groups, prior, mask, scratch
        self.documents = len(groups.of) or None  # None: no groups, any number of documents
        sums = _writable_address(scratch)
        cursors = sums + span * _SUM
        offsets = cursors + count * _CURSOR
        super().__init__(
            count,
            _writable_address(terms),
            groups.address if len(groups.of) else None,
            _address(prior, np.float64) if len(prior) else None,
            _address(mask, np.bool_) if len(mask) else None,
            k,
            0,
            _writable_address(self._scores),
            _writable_address(self._positions),
            span,
            sums,
            cursors,
            offsets,
            offsets + span * _OFFSET,
        )

    def best(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The positions found so far, best first, ties by position, and their scores."""
        return self._positions[: self.found], self._scores[: self.found]


class PostingLists(Structure):
    """The posting lists of a segment, whose documents have the positions from `first` on.

    Raises ValueError where the arrays do not fit together, and TypeError for other types.
    """

    _fields_ = (  # as in C
        ("first", c_int64),
        ("size", c_int64),
        ("vocabulary", c_int64),
        ("starts", c_void_p),
        ("documents", c_void_p),
        ("class_ids", c_void_p),
        ("tf_norms", c_void_p),
        ("idf", c_void_p),
        ("wide", c_int64),
    )
    first: int
    size: int

    def __init__(self, library: CDLL, impacts: Impacts, first: int) -> None:
        starts = impacts.starts
        postings = len(impacts.documents)
        if (starts[0], starts[-1], len(impacts.class_ids)) != (0, postings, postings):
            raise ValueError("posting lists of different lengths")
        self._library = library
        self._impacts = impacts  # a reference to the memory behind the addresses
        wide = impacts.class_ids.dtype == np.uint32
        super().__init__(
            first,
            impacts.size,
            len(starts) - 1,
            _address(starts, np.int64),
            _address(impacts.documents, np.int32),
            _address(impacts.class_ids, np.uint32 if wide else np.uint16),
            _address(impacts.tf_norms, np.float64),
            _address(impacts.idf, np.float64),
            wide,
        )

    def add_scores(self, terms: NDArray[np.int32], scores: NDArray[np.float64]) -> None:
        """Add the BM25 scores of this segment's documents for `terms` to `scores`.

        `scores` has an element for each document of all segments.
        """
        self._library.add_scores(
            self, len(terms), _writable_address(terms), _writable_address(scores)
        )

    def continue_search(self, search: Search) -> None:
        """Search this segment, after those with the documents before `first`."""
        if search.documents is not None and search.documents < self.first + self.size:
            raise IndexError("there are documents without a group")
        self._library.search_segment(self, search)


def load_segments(segments: Sequence[Impacts]) -> list[PostingLists] | None:
    """Prepare consecutive segments for the compiled loops; None where these were not built."""
    if _library is None:
        return None
    firsts = accumulate((one.size for one in segments), initial=0)
    return [
        PostingLists(_library, one, first) for one, first in zip(segments, firsts, strict=False)
    ]


_memory_of = (c_char * 0).from_buffer


def _writable_address(array: NDArray[Any]) -> int:
    """The address of a writable array's memory."""
    return addressof(_memory_of(array))  # type: ignore[arg-type]  # it is a buffer


def _address(array: NDArray[Any], dtype: type[np.generic]) -> int:
    """The address of any array's memory; three times as slow as `_writable_address`."""
    if array.dtype != dtype or not array.flags.c_contiguous:
        raise TypeError(f"must be a contiguous array of {dtype.__name__}")
    return array.ctypes.data


def _load() -> CDLL | None:
    try:
        library = CDLL(str(Path(__file__).with_name("loops.so")))  # on macOS, too
    except OSError as error:
        _log.info("Ranking uses NumPy because the compiled loops cannot be loaded: %s", error)
        return None
    library.add_scores.argtypes = (POINTER(PostingLists), c_int64, c_void_p, c_void_p)
    library.search_segment.argtypes = (POINTER(PostingLists), POINTER(Search))
    library.add_scores.restype = library.search_segment.restype = None
    return library


_library = _load()
