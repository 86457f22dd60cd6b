"""rank-bm25's `BM25Okapi` over posting lists: the same scores, without walking every document."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.retrieval.bm25.impacts import Impacts, Weights
from index.retrieval.bm25.kernels import Search, compiled
from index.retrieval.bm25.postings import Postings

_SPAN = 4096  # documents scored at once: their sums take 32 KiB and stay in the fastest cache
_MOST_KEPT = 4096  # the loops keep the best in order by insertion, which is for short lists


class DocumentGroups(NamedTuple):
    """What is known of groups of documents, such as the passages of an article.

    `of` tells the group of each document, ascending. To the score of a document what `added` has
    for its group is added; only documents of groups whose flag is set in `within` are found. Either
    may be empty, for nothing added, and for all.
    """

    of: NDArray[np.int32]
    added: NDArray[np.float64] = np.empty(0)
    within: NDArray[np.bool_] = np.empty(0, np.bool_)


_NONE = DocumentGroups(np.empty(0, np.int32))


class Okapi:
    """The scores of documents for terms, which are numbers from 0.

    The posting lists are those of one segment after another, and the documents of each count on
    from those before. In a corpus of a few documents the score of a match can be zero or negative.
    """

    def __init__(
        self, segments: Sequence[Postings], weights: Weights, *, span: int = _SPAN
    ) -> None:
        self._segments = weights.impacts(segments)
        self._lists = compiled(self._segments)
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
        if self._lists is not None:
            for lists in self._lists:
                lists.add_scores(known, scores)
            return scores
        for one, (first, after) in zip(self._segments, pairwise(self._firsts), strict=True):
            _add_scores(known, one, scores[first:after])
        return scores

    def top(
        self, terms: Sequence[int], k: int, groups: DocumentGroups = _NONE
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The `k` best documents that hold any of the distinct `terms`, and their scores.

        Best first, ties by position. Only the posting lists decide what matches: a score may be
        zero or less.
        """
        if self._lists is None or not 1 <= k <= _MOST_KEPT:
            return self.top_of_all(terms, k, groups)
        search = Search(self._known(terms), k, groups, self._span)
        for lists in self._lists:
            lists.search_segment(search)
        return search.best()

    def top_of_all(
        self, terms: Sequence[int], k: int, groups: DocumentGroups = _NONE
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
        best = np.lexsort((positions, -scores))[:k]
        return positions[best], scores[best]

    def _known(self, terms: Sequence[int]) -> NDArray[np.int32]:
        """The terms as an array. Raises IndexError where there is no such term."""
        if len(terms) and not 0 <= min(terms) <= max(terms) < len(self._frequencies):
            raise IndexError(f"no term has one of the numbers {terms}")
        return np.array(terms, np.int32)


def _list(segment: Impacts, term: int) -> slice:
    """Where the postings of a term are."""
    first, after = segment.starts[term : term + 2] if term < len(segment.starts) - 1 else (0, 0)
    return slice(first, after)


def _add_scores(terms: NDArray[np.int32], segment: Impacts, scores: NDArray[np.float64]) -> None:
    for term in terms:
        postings = _list(segment, term)
        parts = segment.parts[segment.codes[postings]]
        scores[segment.documents[postings]] += segment.idf[term] * parts
