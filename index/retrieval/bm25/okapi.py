"""rank-bm25's `BM25Okapi` over posting lists: the same scores, without visiting every document."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from index.retrieval.bm25.impacts import Impacts, Weights
from index.retrieval.bm25.kernels import DocumentGroups, Search, load_segments
from index.retrieval.bm25.postings import Postings

_SPAN = 4096  # documents scored at once: their sums take 32 KiB and stay in the fastest cache
_MAX_K = 4096  # the loops keep the best sorted by insertion, which suits short lists only

_NO_POSITIONS = np.empty(0, np.int32)
_NO_GROUPS = DocumentGroups(_NO_POSITIONS)
_NO_PRIOR = np.empty(0)
_NO_MASK = np.empty(0, np.bool_)


class Okapi:
    """Scores documents for terms, which are numbered from 0.

    The posting lists are those of consecutive segments, and the positions of the documents of each
    follow those of the segment before. Among a few documents the score of a match can be zero or
    negative.
    """

    def __init__(
        self, segments: Sequence[Postings], weights: Weights, *, span: int = _SPAN
    ) -> None:
        self._segments = weights.impacts(segments)
        self._lists = load_segments(self._segments)
        self._firsts = [0, *accumulate(one.size for one in segments)]
        self._frequencies = weights.frequencies
        self._span = span

    def positions(self, *terms: int) -> NDArray[np.int32]:
        """The documents in which one of `terms` occurs, each as often as it has of them.

        Removed ones included; ascending for a single term.
        """
        found = [_NO_POSITIONS]
        for one, first in zip(self._segments, self._firsts, strict=False):
            documents = [one.documents[_postings_slice(one, term)] for term in terms]
            found += [part + np.int32(first) for part in documents] if first else documents
        return np.concatenate(found)

    def document_frequency(self, term: int) -> int:
        """The number of documents, without removed ones, in which `term` occurs."""
        return int(self._frequencies[term])

    def document_frequencies(self, terms: NDArray[np.int32]) -> NDArray[np.int32]:
        """The document frequency of each of `terms`."""
        return self._frequencies[terms]

    def scores(self, terms: Sequence[int]) -> NDArray[np.float64]:
        """The score of every document for distinct terms, 0 where none of them occurs."""
        checked = self._checked(terms)
        scores = np.zeros(self._firsts[-1])
        if self._lists is not None:
            for lists in self._lists:
                lists.add_scores(checked, scores)
            return scores
        for one, (first, after) in zip(self._segments, pairwise(self._firsts), strict=True):
            _add_scores(checked, one, scores[first:after])
        return scores

    def top(
        self,
        terms: Sequence[int],
        k: int,
        groups: DocumentGroups = _NO_GROUPS,
        prior: NDArray[np.float64] = _NO_PRIOR,
        mask: NDArray[np.bool_] = _NO_MASK,
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The positions of the `k` best documents that hold any of the distinct `terms`; scores.

        Best first, ties by position. A score is the document's own plus the `prior` of its group,
        `float64[groups]`; documents of groups whose flag in `mask` is not set, `bool[groups]`, are
        left out. Either may be empty, for no priors and no mask. Only the posting lists decide what
        matches: a score may be zero or less. Raises IndexError for an unknown term, and where
        `prior` or `mask` lacks a group.
        """
        if self._lists is None or not 1 <= k <= _MAX_K:
            return self.top_of_all(terms, k, groups, prior, mask)
        search = Search(self._checked(terms), k, self._span, groups, prior, mask)
        for lists in self._lists:
            lists.continue_search(search)
        return search.best()

    def top_of_all(
        self,
        terms: Sequence[int],
        k: int,
        groups: DocumentGroups = _NO_GROUPS,
        prior: NDArray[np.float64] = _NO_PRIOR,
        mask: NDArray[np.bool_] = _NO_MASK,
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The same as `top`, computed from the score of every document."""
        groups.check(prior)
        groups.check(mask)
        matching = np.zeros(self._firsts[-1], np.bool_)
        for term in self._checked(terms):
            matching[self.positions(term)] = True
        if len(mask):
            matching &= mask[groups.of]
        positions = np.flatnonzero(matching).astype(np.int32)
        scores = self.scores(terms)[positions]
        if len(prior):
            scores += prior[groups.of[positions]]
        if k < len(positions):
            good = scores >= np.partition(scores, -k)[-k]
            positions, scores = positions[good], scores[good]
        best = np.lexsort((positions, -scores))[:k]
        return positions[best], scores[best]

    def _checked(self, terms: Sequence[int]) -> NDArray[np.int32]:
        """The terms as an array. Raises IndexError for an unknown one."""
        if len(terms) and not 0 <= min(terms) <= max(terms) < len(self._frequencies):
            raise IndexError(f"an unknown term among {terms}")
        return np.array(terms, np.int32)


def _postings_slice(segment: Impacts, term: int) -> slice:
    """The slice of a segment's postings that belongs to a term."""
    if term >= len(segment.starts) - 1:
        return slice(0)
    return slice(*segment.starts[term : term + 2].tolist())


def _add_scores(terms: NDArray[np.int32], segment: Impacts, scores: NDArray[np.float64]) -> None:
    for term in terms:
        postings = _postings_slice(segment, term)
        tf_norms = segment.tf_norms[segment.class_ids[postings]]
        scores[segment.documents[postings]] += segment.idf[term] * tf_norms
