"""rank-bm25's `BM25Okapi` over posting lists: the same scores, without walking every document."""

import logging
import threading
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.bm25.impacts import Impacts, weigh
from index.bm25.postings import Kinds, Postings, invert, pair

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

    In a corpus of a few documents the score of a match can be zero or negative.
    """

    def __init__(self, impacts: Impacts, span: int = _SPAN) -> None:
        self._impacts = Impacts(*map(_read_only, impacts))
        self._size = int(impacts.size[0])
        self._span = span

    @classmethod
    def build(  # noqa: PLR0913 - what it is made of, and how
        cls,
        tokens: NDArray[np.int32],
        offsets: NDArray[np.int64],
        vocabulary: int,
        *,
        k1: float,
        b: float,
        span: int = _SPAN,
    ) -> Self:
        """Index the documents `tokens[offsets[i]:offsets[i + 1]]`, term ids below `vocabulary`."""
        lengths = np.diff(offsets)
        documents = np.repeat(np.arange(len(lengths)), lengths)
        postings = invert(np.sort(pair(tokens, documents)), lengths, vocabulary)
        return cls(weigh(postings, len(lengths), k1, b), span)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """An index of what `arrays` once gave; nothing is copied, or read before it is needed."""
        return cls(Impacts(**{name: np.asarray(arrays[name]) for name in Impacts._fields}))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that it knows, by names; see `Impacts` for what it costs."""
        return self._impacts._asdict()

    def postings(self, kinds: Kinds) -> Postings:
        """The posting lists that it was made of, where these were of these kinds."""
        lists = self._impacts
        return Postings(lists.starts, lists.documents, lists.codes, kinds)

    def positions(self, term: int) -> NDArray[np.int32]:
        """The documents in which `term` occurs, ascending."""
        return self._impacts.documents[self._list(term)]

    def document_frequency(self, term: int) -> int:
        """In how many documents `term` occurs."""
        return len(self.positions(term))

    def document_frequencies(self, terms: NDArray[np.int32]) -> NDArray[np.int64]:
        """In how many documents each of `terms` occurs."""
        starts = self._impacts.starts
        return np.asarray(starts[terms + 1] - starts[terms])

    def scores(self, terms: Sequence[int]) -> NDArray[np.float64]:
        """The score of every document for distinct terms, 0 where none of them occurs."""
        known = self._known(terms)
        scores = np.zeros(self._size)
        if _kernels:
            _kernels.add_scores(known, self._impacts, scores)
            return scores
        for term in known:
            parts = self._impacts.parts[self._impacts.codes[self._list(term)]]
            scores[self.positions(term)] += self._impacts.idf[term] * parts
        return scores

    def top(
        self, terms: Sequence[int], k: int, groups: Groups = _NONE
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The `k` best documents that hold any of the distinct `terms`, and their scores.

        Best first, ties by position. Only the posting lists decide what matches: a score may be
        zero or less.
        """
        few_codes = self._impacts.codes.dtype == np.uint16
        if _kernels is None or not 1 <= k <= _MOST_KEPT or not few_codes:
            return self.top_of_all(terms, k, groups)
        positions, scores = _kernels.top(self._known(terms), k, self._impacts, *groups, self._span)
        return positions, scores

    def top_of_all(
        self, terms: Sequence[int], k: int, groups: Groups = _NONE
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The same as `top`, by looking at the score of every document."""
        matching = np.zeros(self._size, np.bool_)
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

    def _list(self, term: int) -> slice:
        """Where the postings of a term are."""
        return slice(self._impacts.starts[term], self._impacts.starts[term + 1])

    def _known(self, terms: Sequence[int]) -> NDArray[np.int32]:
        """The terms as an array. Raises IndexError where there is no such term."""
        known = np.asarray(terms, np.int32)
        if len(known) and not 0 <= known.min() <= known.max() < len(self._impacts.idf):
            raise IndexError(f"no term has one of the numbers {terms}")
        return known


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, as the kernels take it: an index never changes, and may lie in a file."""
    view = array.view()
    view.flags.writeable = False
    return view
