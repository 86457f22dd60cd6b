"""Which passages hold the words of a question, best first.

`Ranker` is all that the rest of the index knows of retrieval, so that another one can stand behind
it when a corpus outgrows this one.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage, by its position in the corpus (from 0), and its score.

    `added` is the part of the score that was not earned by the passage's own words.
    """

    position: int
    score: float
    added: float = 0.0


class Ranker(Protocol):
    """Retrieval over a fixed list of documents, each a sequence of terms."""

    def positions(self, term: str) -> NDArray[np.int32]:
        """The documents in which `term` occurs, ascending."""

    def document_frequency(self, term: str) -> int:
        """In how many documents `term` occurs."""

    def holds(self, term: str, position: int) -> bool:
        """Whether `term` occurs in the document at `position`."""

    def get_scores(self, query: Iterable[str]) -> NDArray[np.float64]:
        """The score of every document for distinct terms."""

    def top(
        self,
        terms: Iterable[str],
        k: int,
        *,
        added: NDArray[np.float64] | None = None,
        within: NDArray[np.bool_] | None = None,
    ) -> list[Scored]:
        """The `k` best documents that hold any of `terms`, best first, ties by position.

        To each document's score what `added` has for it is added. With `within`, a flag for every
        document, only those whose flag is set. Only the posting lists decide what matches: a score
        may be zero or less, and a document without any of the terms is never returned.
        """


@dataclass(frozen=True, slots=True)
class _Postings:
    """Where a term occurs: positions, ascending, and what it adds to the score at each."""

    positions: NDArray[np.int32]
    impacts: NDArray[np.float64]


class Okapi(BM25Okapi):  # type: ignore[misc]  # the library has no types
    """rank-bm25's `BM25Okapi` over posting lists: the same scores, without walking every passage.

    The idf is log((N - n + 0.5) / (n + 0.5)), floored for words in more than half of the documents
    at epsilon times the mean idf (Trotman et al. 2014), so that in a corpus of a few passages the
    score of a match can be zero or negative.
    """

    def __init__(self, documents: Iterable[Sequence[str]], k1: float, b: float) -> None:
        self._occurrences: dict[str, tuple[array[int], array[int]]] = {}
        self._postings: dict[str, _Postings] = {}
        super().__init__(documents, k1=k1, b=b)
        lengths = np.asarray(self.doc_len)
        norm = self.k1 * (1 - self.b + self.b * lengths / (self.avgdl or 1))
        for term, (positions, counts) in self._occurrences.items():
            where = np.asarray(positions, np.int32)
            tf = np.asarray(counts, np.int32)
            impacts = self.idf[term] * (tf * (self.k1 + 1) / (tf + norm[where]))
            self._postings[term] = _Postings(where, impacts)
        self._occurrences.clear()

    def positions(self, term: str) -> NDArray[np.int32]:
        """The documents in which `term` occurs, ascending."""
        postings = self._postings.get(term)
        return postings.positions if postings else np.empty(0, np.int32)

    def document_frequency(self, term: str) -> int:
        """In how many documents `term` occurs."""
        return len(self.positions(term))

    def holds(self, term: str, position: int) -> bool:
        """Whether `term` occurs in the document at `position`."""
        positions = self.positions(term)
        at = int(np.searchsorted(positions, position))
        return at < len(positions) and bool(positions[at] == position)

    def get_scores(self, query: Iterable[str]) -> NDArray[np.float64]:
        """The score of every document, 0 where none of the terms occurs."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            if postings := self._postings.get(term):
                scores[postings.positions] += postings.impacts
        return scores

    def top(
        self,
        terms: Iterable[str],
        k: int,
        *,
        added: NDArray[np.float64] | None = None,
        within: NDArray[np.bool_] | None = None,
    ) -> list[Scored]:
        """The `k` best documents that hold any of `terms`; see `Ranker.top`."""
        distinct = list(dict.fromkeys(terms))
        if not distinct:
            return []
        added = np.zeros(self.corpus_size) if added is None else added
        scores = self.get_scores(distinct) + added
        matching = np.zeros(self.corpus_size, bool)
        for term in distinct:
            matching[self.positions(term)] = True
        if within is not None:
            matching &= within
        matches = np.flatnonzero(matching)
        best = matches[np.lexsort((matches, -scores[matches]))[:k]]
        return [
            Scored(int(position), float(scores[position]), float(added[position]))
            for position in best
        ]

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        """Count the corpus, as the library's method of this name does, into posting lists."""
        for position, document in enumerate(corpus):
            self.doc_len.append(len(document))
            for term, count in Counter(document).items():
                positions, counts = self._occurrences.setdefault(term, (array("i"), array("i")))
                positions.append(position)
                counts.append(count)
        self.corpus_size = len(self.doc_len)
        self.avgdl = sum(self.doc_len) / max(self.corpus_size, 1)
        return {term: len(positions) for term, (positions, _) in self._occurrences.items()}

    def _calc_idf(self, nd: dict[str, int]) -> None:
        if nd:  # the library divides by the number of terms
            super()._calc_idf(nd)
