"""Posting lists brought up to date: what was known of documents that stay is not made again.

A posting of an unchanged document is as it was but for the document's number. So the lists are
copied, without the documents that are gone, and the postings of new documents put in their places.
It comes to the very same arrays as inverting all documents.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.forward import starts_of
from index.postings import Codes, Kinds, Postings, narrow

_Number = TypeVar("_Number", bound=np.generic)


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
    at = _first_from(next_old, old.documents, starts[terms], starts[terms + 1])

    documents = moved[old.documents]
    stays = documents >= 0
    gone = np.flatnonzero(~stays)
    at += np.arange(len(at)) - np.searchsorted(gone, at)
    is_new = np.zeros(len(documents) - len(gone) + len(at), np.bool_)
    is_new[at] = True

    gone_of = np.searchsorted(starts, gone, "right") - 1
    sizes = np.diff(starts) + np.diff(new.starts) - np.bincount(gone_of, minlength=len(starts) - 1)
    kinds, old_codes, new_codes = _merge_kinds(old.kinds, old.codes[gone], new.kinds)
    return Postings(
        starts_of(sizes),
        _interleave(documents[stays], numbers[new.documents].astype(np.int32), is_new),
        _interleave(old_codes[old.codes[stays]], new_codes[new.codes], is_new),
        kinds,
    )


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


def _interleave(
    old: NDArray[_Number], new: NDArray[_Number], is_new: NDArray[np.bool_]
) -> NDArray[_Number]:
    """Old and new values together, the new ones where `is_new`."""
    values = np.empty(len(is_new), old.dtype)
    values[is_new] = new
    values[~is_new] = old
    return values
