"""The loops over posting lists that `loops.c` has, compiled when the package is built.

They read and write memory as they are told, so what they are given is checked here. To be told
where an array is takes as long as they do for hundreds of postings: for an index it is kept.
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

_SUM, _CURSOR, _PLACE, _NOTE = 8, 8, 4, 1  # bytes

_log = logging.getLogger(__name__)


class Search(Structure):
    """A search for the `k` best documents by distinct terms; `k` is at least 1.

    It goes through the lists of one segment after another; `groups` (see `okapi.DocumentGroups`) are over
    the documents of all. Documents are scored `span` at once.
    """

    _fields_ = (  # as in C
        ("count", c_int64),
        ("terms", c_void_p),
        ("of", c_void_p),
        ("added", c_void_p),
        ("within", c_void_p),
        ("k", c_int64),
        ("found", c_int64),
        ("scores", c_void_p),
        ("positions", c_void_p),
        ("span", c_int64),
        ("sums", c_void_p),
        ("cursors", c_void_p),
        ("places", c_void_p),
        ("noted", c_void_p),
    )
    found: int

    def __init__(
        self,
        terms: NDArray[np.int32],
        k: int,
        groups: tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_]],
        span: int,
    ) -> None:
        of, added, within = groups
        count = len(terms)
        scratch = np.empty(span * (_SUM + _PLACE + _NOTE) + count * _CURSOR, np.uint8)
        self._scores = np.empty(k)
        self._positions = np.empty(k, np.int32)
        self._held = terms, groups, scratch  # for as long as their addresses are used
        self.documents = len(of) or None  # all that there may be, where there are groups
        sums = _own(scratch)
        cursors = sums + span * _SUM
        places = cursors + count * _CURSOR
        super().__init__(
            count,
            _own(terms),
            _address(of, np.int32) if len(of) else None,
            _address(added, np.float64) if len(added) else None,
            _address(within, np.bool_) if len(within) else None,
            k,
            0,
            _own(self._scores),
            _own(self._positions),
            span,
            sums,
            cursors,
            places,
            places + span * _PLACE,
        )

    def best(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """What was found, best first, ties by position, and the scores."""
        return self._positions[: self.found], self._scores[: self.found]


class Lists(Structure):
    """The posting lists of a segment as the loops take them, with documents from `first` on."""

    _fields_ = (  # as in C
        ("first", c_int64),
        ("size", c_int64),
        ("vocabulary", c_int64),
        ("starts", c_void_p),
        ("documents", c_void_p),
        ("codes", c_void_p),
        ("parts", c_void_p),
        ("idf", c_void_p),
        ("wide", c_int64),
    )
    first: int
    size: int

    def __init__(self, library: CDLL, impacts: Impacts, first: int) -> None:
        self._library = library
        self._held = impacts
        wide = impacts.codes.dtype == np.uint32
        super().__init__(
            first,
            impacts.size[0],
            len(impacts.starts) - 1,
            _address(impacts.starts, np.int64),
            _address(impacts.documents, np.int32),
            _address(impacts.codes, np.uint32 if wide else np.uint16),
            _address(impacts.parts, np.float64),
            _address(impacts.idf, np.float64),
            wide,
        )

    def add_scores(self, terms: NDArray[np.int32], scores: NDArray[np.float64]) -> None:
        """Add to the `scores` of all documents what those of these lists earn by the terms."""
        self._library.add_scores(self, len(terms), _own(terms), _own(scores))

    def search_segment(self, search: Search) -> None:
        """Go on with a search here, after the documents before `first`."""
        if search.documents is not None and search.documents < self.first + self.size:
            raise IndexError("there are documents of no group")
        self._library.top(self, search)


def compiled(segments: Sequence[Impacts]) -> list[Lists] | None:
    """Segments as the loops take them, one after another; None where these were not built."""
    if _library is None:
        return None
    firsts = accumulate((int(one.size[0]) for one in segments), initial=0)
    return [Lists(_library, one, first) for one, first in zip(segments, firsts, strict=False)]


_memory_of = (c_char * 0).from_buffer


def _own(array: NDArray[Any]) -> int:
    """Where the memory of an array begins that may be written to."""
    return addressof(_memory_of(array))  # type: ignore[arg-type]  # it is a buffer


def _address(array: NDArray[Any], dtype: type[np.generic]) -> int:
    """Where the memory of any array begins, which takes thrice as long to be told."""
    if array.dtype != dtype or not array.flags.c_contiguous:
        raise TypeError(f"not an array of {dtype.__name__} without gaps")
    return array.ctypes.data


def _load() -> CDLL | None:
    try:
        library = CDLL(str(Path(__file__).with_name("loops.so")))  # on macOS, too
    except OSError as error:
        _log.info("NumPy ranks, since there are no compiled loops: %s", error)
        return None
    library.add_scores.argtypes = (POINTER(Lists), c_int64, c_void_p, c_void_p)
    library.top.argtypes = (POINTER(Lists), POINTER(Search))
    library.add_scores.restype = library.top.restype = None
    return library


_library = _load()
