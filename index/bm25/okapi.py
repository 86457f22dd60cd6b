"""rank-bm25's `BM25Okapi` over posting lists: the same scores, without walking every document."""

import logging
import threading
from collections.abc import Sequence
from itertools import accumulate, pairwise
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.bm25.impacts import Impacts, Weights
from index.bm25.postings import Postings

_log = logging.getLogger(__name__)

_SPAN = 4096  # documents scored at once: their sums take 32 KiB and stay in the fastest cache
_MOST_KEPT = 4096  # the kernel keeps its best in order by insertion, which is for short lists

# Documents from which on the compiled loops pay for the 150 MB that they take.
_WORTH_COMPILED = 50_000

_kernels: ModuleType | None = None
_loading = threading.Lock()


def warm_up(documents: int) -> None:
    """Begin to load the compiled loops, where so many documents are going to be asked for often."""
    if documents >= _WORTH_COMPILED:
        threading.Thread(target=load_kernels, name="warm-up", daemon=True).start()


def load_kernels() -> None:
    """Load the compiled loops; until then, and where it fails, NumPy finds the same, but slower.

    Takes a second or two, half of it for importing numba, and some seconds the first time after an
    installation, when they are compiled. Not for the time of a question: call it in a thread.
    """
    global _kernels  # noqa: PLW0603 - one for all, as modules are
    with _loading:
        if _kernels is None:
            try:
                from index.bm25 import kernels  # noqa: PLC0415 - see above
            except (
                ImportError,
                OSError,
                RuntimeError,
            ) as error:  # nowhere to keep what is compiled
                _log.warning("ranking goes on without compiled loops: %s", error)
            else:
                _kernels = kernels


class Groups(NamedTuple):
    """What is known of groups of documents, such as the passages of an article.

    `of` tells the group of each document, ascending. To the score of a document what `added` has
    for its group is added; only documents of groups whose flag is set in `within` are found. Either
    may be empty, for nothing added, and for all.
    """

    of: NDArray[np.int32]
    added: NDArray[np.float64] = np.empty(0)
    within: NDArray[np.bool_] = np.empty(0, np.bool_)


_NONE = Groups(np.empty(0, np.int32))


class Okapi:
    """The scores of documents for terms, which are numbers from 0.

    The posting lists are those of one segment after another, and the documents of each count on
    from those before. In a corpus of a few documents the score of a match can be zero or negative.
    """

    def __init__(
        self, segments: Sequence[Postings], weights: Weights, *, span: int = _SPAN
    ) -> None:
        impacts = weights.impacts(segments)
        self._segments = [Impacts(*map(_read_only, one)) for one in impacts]
        self._firsts = [0, *accumulate(one.size for one in segments)]
        self._frequencies = weights.frequencies
        self._span = span

    def positions(self, term: int) -> NDArray[np.int32]:
        """The documents in which `term` occurs, ascending."""
        found = [
            one.documents[_list(one, term)] + np.int32(first)
            for one, first in zip(self._segments, self._firsts, strict=False)
        ]
        return np.concatenate(found)

    def document_frequency(self, term: int) -> int:
        """In how many of the documents that were counted `term` occurs."""
        return int(self._frequencies[term])

    def document_frequencies(self, terms: NDArray[np.int32]) -> NDArray[np.int32]:
        """In how many of the documents that were counted each of `terms` occurs."""
        return self._frequencies[terms]

    def scores(self, terms: Sequence[int]) -> NDArray[np.float64]:
        """The score of every document for distinct terms, 0 where none of them occurs."""
        known = self._known(terms)
        scores = np.zeros(self._firsts[-1])
        for one, (first, after) in zip(self._segments, pairwise(self._firsts), strict=True):
            _add_scores(_occurring(known, one), one, scores[first:after])
        return scores

    def top(
        self, terms: Sequence[int], k: int, groups: Groups = _NONE
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The `k` best documents that hold any of the distinct `terms`, and their scores.

        Best first, ties by position. Only the posting lists decide what matches: a score may be
        zero or less.
        """
        few_codes = all(one.codes.dtype == np.uint16 for one in self._segments)
        if _kernels is None or not 1 <= k <= _MOST_KEPT or not few_codes:
            return self.top_of_all(terms, k, groups)
        known = self._known(terms)
        found = []
        for one, (first, after) in zip(self._segments, pairwise(self._firsts), strict=True):
            within = groups._replace(of=groups.of[first:after])
            positions, scores = _kernels.top(_occurring(known, one), k, one, *within, self._span)
            found.append((positions + np.int32(first), scores))
        if len(found) == 1:
            return found[0]
        positions, scores = map(np.concatenate, zip(*found, strict=True))
        return _best(positions, scores, k)

    def top_of_all(
        self, terms: Sequence[int], k: int, groups: Groups = _NONE
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The same as `top`, by looking at the score of every document."""
        matching = np.zeros(self._firsts[-1], np.bool_)
        for term in self._known(terms):
            matching[self.positions(term)] = True
        if len(groups.within):
            matching &= groups.within[groups.of]
        positions = np.flatnonzero(matching).astype(np.int32)
        scores = self.scores(terms)[positions]
        if len(groups.added):
            scores += groups.added[groups.of[positions]]
        if k < len(positions):
            good = scores >= np.partition(scores, -k)[-k]
            positions, scores = positions[good], scores[good]
        return _best(positions, scores, k)

    def _known(self, terms: Sequence[int]) -> NDArray[np.int32]:
        """The terms as an array. Raises IndexError where there is no such term."""
        known = np.asarray(terms, np.int32)
        if len(known) and not 0 <= known.min() <= known.max() < len(self._frequencies):
            raise IndexError(f"no term has one of the numbers {terms}")
        return known


def _occurring(terms: NDArray[np.int32], segment: Impacts) -> NDArray[np.int32]:
    """Those of the terms that the segment has lists of."""
    return terms[terms < len(segment.starts) - 1]


def _list(segment: Impacts, term: int) -> slice:
    """Where the postings of a term are."""
    first, after = segment.starts[term : term + 2] if term < len(segment.starts) - 1 else (0, 0)
    return slice(first, after)


def _add_scores(terms: NDArray[np.int32], segment: Impacts, scores: NDArray[np.float64]) -> None:
    if _kernels:
        _kernels.add_scores(terms, segment, scores)
        return
    for term in terms:
        postings = _list(segment, term)
        parts = segment.parts[segment.codes[postings]]
        scores[segment.documents[postings]] += segment.idf[term] * parts


def _best(
    positions: NDArray[np.int32], scores: NDArray[np.float64], k: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The `k` best, best first, ties by position."""
    best = np.lexsort((positions, -scores))[:k]
    return positions[best], scores[best]


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, as the kernels take it: an index never changes, and may lie in a file."""
    view = array.view()
    view.flags.writeable = False
    return view
