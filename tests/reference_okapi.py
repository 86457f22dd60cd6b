"""Okapi rankers over given documents, for tests."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.retrieval.bm25.impacts import Weights, weigh
from index.retrieval.bm25.okapi import Okapi
from index.retrieval.bm25.postings import Postings, invert, pair
from index.retrieval.bm25.statistics import Statistics


def inverted(tokens: NDArray[np.int32], offsets: NDArray[np.int64], vocabulary: int) -> Postings:
    """The posting lists of `tokens[offsets[i]:offsets[i + 1]]`, term ids below `vocabulary`."""
    lengths = np.diff(offsets)
    documents = np.repeat(np.arange(len(lengths)), lengths)
    return invert(np.sort(pair(tokens, documents)), lengths, vocabulary)


def postings_of(documents: Sequence[Sequence[int]], vocabulary: int) -> Postings:
    """The posting lists of documents, each a list of term ids."""
    tokens = np.array(list(chain(*documents)), np.int32)
    offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    return inverted(tokens, offsets, vocabulary)


def weights_of(postings: Postings, k1: float, b: float) -> Weights:
    """The weights over a single segment."""
    return weigh([postings.classes], Statistics.of(postings), k1, b)


def ranker(postings: Postings, k1: float, b: float, span: int = 4096) -> Okapi:
    """The ranker over a single segment."""
    return Okapi([postings], weights_of(postings, k1, b), span=span)
