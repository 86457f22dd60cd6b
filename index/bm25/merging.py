"""Posting lists brought up to date: what was known of documents that stay is not made again.

A posting of an unchanged document is as it was but for the document's number. So the lists are
copied, without the documents that are gone, and the postings of new documents put in their places.
It comes to the very same arrays as inverting all documents.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.bm25.postings import Codes, Kinds, Postings, narrow
from index.terms.forward import starts_of

_Number = TypeVar("_Number", bound=np.generic)

_SPAN = 1 << 14  # postings that are looked at together: they stay in the fastest caches
# NumPy takes numbers from a table faster where it need not be able to tell of one that is too big:
# `mode="clip"`. There is none.


def merge(
    old: Postings, moved: NDArray[np.int32], new: Postings, numbers: NDArray[np.int64]
) -> Postings:
    """The postings of old and new documents together.

    `moved[d]` is the number that the old document `d` has now, or -1 where it is gone; `numbers[d]`
    that of the new document `d`. Both ascend, but for what is gone. `old` may lack the last terms.
    """
    starts = np.append(old.starts, np.full(len(new.starts) - len(old.starts), old.starts[-1]))
    terms = np.repeat(np.arange(len(new.starts) - 1), np.diff(new.starts))
    next_old = _next_old(moved, numbers)[new.documents]
    places = _first_from(next_old, old.documents, starts[terms], starts[terms + 1])
    layout = _Layout.of(_looked_up(moved >= 0, old.documents), places)

    gone_of = np.searchsorted(starts, layout.gone, "right") - 1
    sizes = np.diff(starts) + np.diff(new.starts) - np.bincount(gone_of, minlength=len(starts) - 1)
    kinds, old_codes, new_codes = _merge_kinds(old.kinds, old.codes[layout.gone], new.kinds)
    return Postings(
        starts_of(sizes),
        layout.filled(moved, old.documents, numbers[new.documents]),
        layout.filled(old_codes, old.codes, new_codes[new.codes]),
        kinds,
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the old postings that stay, and the new ones, are among those of both.

    `stays` tells of each old posting whether it does, and `gone` which do not; `new` has the places
    of the new ones; the old ones from `spans[i, 0]` on have theirs from `spans[i, 1]` on.
    """

    stays: NDArray[np.bool_]
    gone: NDArray[np.int64]
    new: NDArray[np.int64]
    spans: NDArray[np.int64]

    @classmethod
    def of(cls, stays: NDArray[np.bool_], places: NDArray[np.int64]) -> "_Layout":
        """The layout with new postings before the old ones at those places."""
        gone = np.flatnonzero(~stays)
        firsts = np.append(np.arange(0, len(stays), _SPAN), len(stays))
        before = np.searchsorted(places, firsts) - np.searchsorted(gone, firsts)
        new = places + np.arange(len(places)) - np.searchsorted(gone, places)
        return cls(stays, gone, new, np.stack([firsts, firsts + before], axis=1))

    def filled(
        self, table: NDArray[_Number], old: NDArray[np.integer], new: NDArray[np.integer]
    ) -> NDArray[_Number]:
        """`table[old]` of the old postings, and `new` of the new ones, in their places."""
        values = np.empty(len(self.stays) - len(self.gone) + len(self.new), table.dtype)
        is_old = np.ones(len(values), np.bool_)
        is_old[self.new] = False
        values[self.new] = new
        for (first, to), (after, end) in pairwise(self.spans.tolist()):
            kept = old[first:after][self.stays[first:after]]
            values[to:end][is_old[to:end]] = table.take(kept, mode="clip")
        return values


def _looked_up(table: NDArray[_Number], places: NDArray[np.int32]) -> NDArray[_Number]:
    """`table[places]` of very many places."""
    values = np.empty(len(places), table.dtype)
    for at in range(0, len(places), _SPAN):
        values[at : at + _SPAN] = table.take(places[at : at + _SPAN], mode="clip")
    return values


def _next_old(moved: NDArray[np.int32], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """By a new document the first of the old ones that stays and comes after it."""
    stay = np.flatnonzero(moved >= 0)
    return np.append(stay, len(moved))[np.searchsorted(moved[stay], numbers)]


def _first_from(
    wanted: NDArray[np.int64],
    documents: NDArray[np.int32],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Where in each list, `documents[low:high]`, the first one stands from `wanted` on: its place.

    A bisection in all lists at once.
    """
    while (searching := low < high).any():
        middle = (low + high) >> 1
        before = searching & (documents[np.where(searching, middle, 0)] < wanted)
        low = np.where(before, middle + 1, low)
        high = np.where(before, high, middle)
    return low


def _merge_kinds(old: Kinds, gone: Codes, new: Kinds) -> tuple[Kinds, Codes, Codes]:
    """The kinds of all postings but those that are gone, and what the codes of each become."""
    pairs, places = np.unique(np.concatenate([old.pairs, new.pairs]), return_inverse=True)
    left = old.postings - np.bincount(gone, minlength=len(old.postings))
    postings = np.zeros(len(pairs), np.int64)
    np.add.at(postings, places, np.concatenate([left, new.postings]))
    used = postings > 0
    kinds = Kinds(pairs[used], postings[used])
    codes = narrow((np.cumsum(used) - 1)[places], len(kinds.pairs))
    return kinds, codes[: len(old.pairs)], codes[len(old.pairs) :]
