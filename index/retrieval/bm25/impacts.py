"""What each posting adds to a score, made small without losing anything.

Okapi adds idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / average)). All but the idf depends
on two small integers, how often the term occurs in the document and how long that is, and few pairs
of them occur: some thousands among a million paragraphs. So a posting needs but a 16-bit code of
its pair beside its document: six bytes, from which its score comes out to the last bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.retrieval.bm25.postings import PostingClasses, Postings
from index.retrieval.bm25.statistics import Statistics

_EPSILON = 0.25  # the library's own


class Impacts(NamedTuple):
    """The posting lists of a segment, by term id, with what each posting adds to a score.

    Term `t` occurs in `documents[starts[t]:starts[t + 1]]`, which ascend, and adds `idf[t]` times
    `parts[codes[i]]` to the score of `documents[i]`. There are `size[0]` documents, and the last
    terms may be missing in `starts`.

    A term costs 16 bytes, 8 each in `starts` and `idf`; a posting 6, 4 in `documents` and 2 in
    `codes` (4 where there are more than 65,536 pairs); a pair 8 in `parts`; a document nothing.
    """

    size: NDArray[np.int64]
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    codes: NDArray[np.uint16] | NDArray[np.uint32]
    parts: NDArray[np.float64]
    idf: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What the documents of all segments together weigh those of each by.

    `frequencies` has, by term id, in how many documents each occurs, and `idf` what that makes:
    `int32[terms]` and `float64[terms]`. `parts` has for each segment what a posting of each kind
    adds, but for the idf, `float64[kinds]`.
    """

    frequencies: NDArray[np.int32]
    idf: NDArray[np.float64]
    parts: Sequence[NDArray[np.float64]]

    def impacts(self, segments: Sequence[Postings]) -> tuple[Impacts, ...]:
        """The segments that were weighed, with these weights."""
        return tuple(
            Impacts(np.array([one.size]), one.starts, one.documents, one.codes, parts, self.idf)
            for one, parts in zip(segments, self.parts, strict=True)
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it, by name."""
        parts = {f"parts.{number}": one for number, one in enumerate(self.parts)}
        return {"frequencies": self.frequencies, "idf": self.idf, **parts}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The weights that have these `arrays`, which are not copied."""
        parts = [arrays[f"parts.{number}"] for number in range(len(arrays) - 2)]
        return cls(arrays["frequencies"], arrays["idf"], parts)


def weigh(
    segments: Sequence[PostingClasses], statistics: Statistics, k1: float, b: float
) -> Weights:
    """What postings of those kinds weigh among all documents that there are.

    rank-bm25's Okapi: idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / average)).
    """
    average = statistics.tokens / max(1, statistics.documents) or 1
    return Weights(
        frequencies=statistics.frequencies.astype(np.int32),
        idf=_idf(statistics.frequencies, statistics.documents),
        parts=[
            kinds.tf * (k1 + 1) / (kinds.tf + k1 * (1 - b + b * kinds.length / average))
            for kinds in segments
        ],
    )


def _idf(frequencies: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """The idf of each term as the library reckons it over those that occur, else 0.

    log((N - n + 0.5) / (n + 0.5)), floored for terms in more than half of the documents at epsilon
    times the mean idf (Trotman et al. 2014). Few frequencies differ, and each is reckoned once.
    """
    terms = np.bincount(frequencies)
    terms[:1] = 0
    idf = np.zeros(len(terms))
    occurring = np.flatnonzero(terms)
    if len(occurring):  # the library divides by their number
        library = BM25Okapi.__new__(BM25Okapi)
        library.corpus_size, library.epsilon, library.idf = size, _EPSILON, {}
        # The idf of n and that of N - n differ in their sign, and only the library's floor, for
        # which the mean is taken over terms and not over frequencies, comes in between.
        rarer = np.minimum(occurring, size - occurring).tolist()
        library._calc_idf({n: n for n in rarer})  # noqa: SLF001 - its formula alone
        idf[occurring] = np.sign(size - 2 * occurring) * [library.idf[n] for n in rarer]
        idf[idf < 0] = _EPSILON * (terms @ idf) / terms.sum()
    return idf[frequencies]
