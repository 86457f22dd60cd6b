"""The loops over postings, compiled. Import it through `okapi.load_kernels` alone: it takes long.

A document's score is the sum of what its terms add, in the order of the terms, as in plain NumPy:
the compiler may not reorder, so that both come to the very same numbers. Signatures are given, so
that all is compiled at the import, never at a question; later imports take it from numba's cache.

Unsigned numbers are what places are counted in, since an index that may be negative costs a test.
"""

import numpy as np
from numba import boolean, float64, int32, int64, njit, types, uint16, uint32, uint64, void
from numpy.typing import NDArray

from index.bm25.impacts import Impacts

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Positions = NDArray[np.int32]


def _stored(dtype: types.Type) -> types.Type:
    """An array of the index: read-only, since it may lie in a file."""
    return types.Array(dtype, 1, "C", readonly=True)


def _impacts(codes: types.Type) -> types.Type:
    dtypes = (int64, int64, int32, codes, float64, float64)
    stored = [_stored(dtype) for dtype in dtypes]
    return types.NamedTuple(stored, Impacts)  # type: ignore[no-untyped-call]


_TERMS = _stored(int32)
_IMPACTS = _impacts(uint16)
_GROUPS = _stored(int32), _stored(float64), _stored(boolean)
_FLOATS = float64[::1]
_FLAGS = boolean[::1]
_POSITIONS = int32[::1]
_PLACES = uint32[::1]
_CURSORS = uint64[::1]
_FOUND = types.Tuple([_POSITIONS, _FLOATS])  # type: ignore[no-untyped-call]


@njit(
    [void(_TERMS, _IMPACTS, _FLOATS), void(_TERMS, _impacts(uint32), _FLOATS)],
    cache=True,
    nogil=True,
)
def add_scores(terms: Positions, impacts: Impacts, scores: Floats) -> None:
    """Add to `scores` what each document earns by the terms."""
    for term in terms:
        weight = impacts.idf[term]
        for at in range(np.uint64(impacts.starts[term]), np.uint64(impacts.starts[term + 1])):
            place = np.uint32(impacts.documents[at])
            scores[place] += weight * impacts.parts[impacts.codes[at]]


@njit(int64(_FLOATS, _POSITIONS, int64, float64, int64), cache=True, nogil=True)
def _insert(scores: Floats, positions: Positions, found: int, score: float, position: int) -> int:
    """Put a document in its place among the `found` best; how many there are then."""
    if found < len(scores):
        found += 1
    elif score < scores[-1] or (score == scores[-1] and position > positions[-1]):
        return found
    at = found - 1
    while at > 0 and (
        scores[at - 1] < score or (scores[at - 1] == score and positions[at - 1] > position)
    ):
        scores[at], positions[at] = scores[at - 1], positions[at - 1]
        at -= 1
    scores[at], positions[at] = score, position
    return found


@njit(float64(*_GROUPS, int64, int64), cache=True, nogil=True)
def _most_added(of: Positions, added: Floats, within: Flags, start: int, stop: int) -> float:
    """The most that is added to a document from start to stop; -inf if none may be found."""
    if len(of) == 0:
        return 0.0
    most = -np.inf
    for group in range(of[start], of[stop - 1] + 1):
        if len(within) == 0 or within[group]:
            most = max(most, added[group] if len(added) else 0.0)
    return most


@njit(void(_TERMS, _IMPACTS, _CURSORS, int64), cache=True, nogil=True)
def _skip(terms: Positions, impacts: Impacts, cursors: NDArray[np.uint64], start: int) -> None:
    """Move the cursor of each term to its first posting of a document from `start` on."""
    for number, term in enumerate(terms):
        rest = impacts.documents[cursors[number] : impacts.starts[term + 1]]
        cursors[number] += np.uint64(np.searchsorted(rest, start))


@njit(
    int64(_TERMS, _IMPACTS, _CURSORS, uint32, uint32, float64, float64, _FLOATS, _FLAGS, _PLACES),
    cache=True,
    nogil=True,
)
def _sum_up(  # noqa: PLR0913, PLR0917 - what a structure would hold costs time in one
    terms: Positions,
    impacts: Impacts,
    cursors: NDArray[np.uint64],
    start: np.uint32,
    stop: np.uint32,
    most: float,
    bar: float,
    sums: Floats,
    noted: Flags,
    places: NDArray[np.uint32],
) -> int:
    """Sum up the scores of the documents from `start` to `stop`, moving the cursors on.

    The places whose sum, after any term, could with `most` pass the bar are noted; how many.
    """
    sums[:] = 0.0
    count = 0
    for number, term in enumerate(terms):
        weight = impacts.idf[term]
        at = cursors[number]
        end = np.uint64(impacts.starts[term + 1])
        while at < end:
            document = np.uint32(impacts.documents[at])
            if document >= stop:
                break
            place = np.uint32(document - start)
            score = sums[place] + weight * impacts.parts[impacts.codes[at]]
            sums[place] = score
            if score + most > bar and not noted[place]:
                noted[place] = True
                places[count] = place
                count += 1
            at += np.uint64(1)
        cursors[number] = at
    return count


@njit(
    _FOUND(_TERMS, int64, _IMPACTS, *_GROUPS, int64),
    cache=True,
    nogil=True,
)
def top(  # noqa: C901, PLR0913, PLR0917 - a call for each document takes longer than all it does
    terms: Positions,
    k: int,
    impacts: Impacts,
    of: Positions,
    added: Floats,
    within: Flags,
    span: int,
) -> tuple[Positions, Floats]:
    """The `k` best documents that hold any of the terms, best first, and their scores.

    Documents are scored in ranges of `span`, term by term, so that the sums stay in the fastest
    cache. At the end of its range a document is looked at again only where its sum, after any term,
    could pass the bar, the k-th best score of the ranges before, with the most that is added in the
    range. Its last term brings the sum to what it remains, so none is missed, whatever the signs;
    and one that only reaches the bar comes after those that reached it first.
    """
    cursors = np.empty(len(terms), np.uint64)
    for number, term in enumerate(terms):
        cursors[number] = impacts.starts[term]
    sums = np.empty(span)
    noted = np.zeros(span, np.bool_)
    places = np.empty(span, np.uint32)
    scores = np.empty(k)
    positions = np.empty(k, np.int32)
    found = 0
    bar = -np.inf
    behind = False
    for start in range(0, impacts.size[0], span):
        stop = min(start + span, impacts.size[0])
        most = _most_added(of, added, within, start, stop)
        if most == -np.inf:
            behind = True
            continue
        if behind:
            _skip(terms, impacts, cursors, start)
            behind = False
        count = _sum_up(
            terms,
            impacts,
            cursors,
            np.uint32(start),
            np.uint32(stop),
            most,
            bar,
            sums,
            noted,
            places,
        )
        for place in places[:count]:
            noted[place] = False
            position = start + place
            score = sums[place]
            if len(of):
                group = of[position]
                if len(within) and not within[group]:
                    continue
                if len(added):
                    score += added[group]
            if score > bar:
                found = _insert(scores, positions, found, score, position)
        if found == k:
            bar = scores[-1]
    return positions[:found], scores[:found]
