"""Term weights of BM25, stored compactly without loss.

Okapi adds idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / average)). All but the idf, the tf
norm, depends on two small integers: how often the term occurs in the document, and the document's
length. Few pairs of them occur: some thousands among a million paragraphs. So besides its document,
a posting needs only the 16-bit id of its (tf, length) class: six bytes, from which its score is
computed exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.retrieval.bm25.postings import PostingClasses, Postings
from index.retrieval.bm25.statistics import Statistics

_EPSILON = 0.25  # the library's default


class Impacts(NamedTuple):
    """The posting lists of a segment, by term id, with what each posting adds to a score.

    Term `t` occurs in `documents[starts[t]:starts[t + 1]]`, which ascend, and adds
    `idf[t] * tf_norms[class_ids[i]]` to the score of `documents[i]`. There are `size` documents;
    `idf` covers the terms of all segments, `starts` only those up to this one.

    A term takes 16 bytes, 8 each in `starts` and `idf`; a posting 6, 4 in `documents` and 2 in
    `class_ids` (4 where there are more than 65,536 classes); a class 8; a document none.
    """

    size: int
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    class_ids: NDArray[np.uint16] | NDArray[np.uint32]
    tf_norms: NDArray[np.float64]
    idf: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """The BM25 weights of a snapshot, computed over the documents of all segments.

    `frequencies` has the document frequency of each term, `int32[terms]`, and `idf` its idf,
    `float64[terms]`, both by term id. `tf_norms` has, for each segment, the tf norm of each
    posting class, `float64[classes]`.
    """

    frequencies: NDArray[np.int32]
    idf: NDArray[np.float64]
    tf_norms: Sequence[NDArray[np.float64]]

    def impacts(self, segments: Sequence[Postings]) -> tuple[Impacts, ...]:
        """Combine the weights with the posting lists of the segments they were computed for."""
        return tuple(
            Impacts(one.size, one.starts, one.documents, one.class_ids, tf_norms, self.idf)
            for one, tf_norms in zip(segments, self.tf_norms, strict=True)
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, by their names in the index file."""
        tf_norms = {f"parts.{number}": one for number, one in enumerate(self.tf_norms)}
        return {"frequencies": self.frequencies, "idf": self.idf, **tf_norms}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Restore weights from `arrays`, which are not copied."""
        tf_norms = [arrays[f"parts.{number}"] for number in range(len(arrays) - 2)]
        return cls(arrays["frequencies"], arrays["idf"], tf_norms)


def weigh(
    segments: Sequence[PostingClasses], statistics: Statistics, k1: float, b: float
) -> Weights:
    """Compute the BM25 weights of the posting classes of each segment.

    rank-bm25's Okapi: idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / average)).
    """
    average = statistics.tokens / max(1, statistics.documents) or 1
    return Weights(
        frequencies=statistics.frequencies.astype(np.int32),
        idf=_idf(statistics.frequencies, statistics.documents),
        tf_norms=[
            classes.tf * (k1 + 1) / (classes.tf + k1 * (1 - b + b * classes.length / average))
            for classes in segments
        ],
    )


def _idf(frequencies: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """The idf of each term, as rank-bm25 computes it; 0 for terms that do not occur.

    log((N - n + 0.5) / (n + 0.5)), floored for terms in more than half of the documents at epsilon
    times the mean idf (Trotman et al. 2014). Few frequencies differ; each is computed once.
    """
    terms = np.bincount(frequencies)
    terms[:1] = 0
    idf = np.zeros(len(terms))
    occurring = np.flatnonzero(terms)
    if len(occurring):  # the library divides by their number
        library = BM25Okapi.__new__(BM25Okapi)
        library.corpus_size, library.epsilon, library.idf = size, _EPSILON, {}
        # The idf of n is minus that of N - n. Asking for the smaller of the two keeps the library
        # from applying its floor, whose mean is over terms, not over distinct frequencies.
        rarer = np.minimum(occurring, size - occurring).tolist()
        library._calc_idf({n: n for n in rarer})  # noqa: SLF001 - its formula alone
        idf[occurring] = np.sign(size - 2 * occurring) * [library.idf[n] for n in rarer]
        idf[idf < 0] = _EPSILON * (terms @ idf) / terms.sum()
    return idf[frequencies]
