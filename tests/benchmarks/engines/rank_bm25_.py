"""rank-bm25, which cannot save an index, and builds it on opening."""

from pathlib import Path

import numpy as np
from rank_bm25 import BM25Okapi

from benchmarks.collection import Collection
from benchmarks.engines import K1, B, Search


def build(collection: Collection, folder: Path) -> None:
    """Save the collection only."""
    collection.save(folder)


def open_index(folder: Path) -> Search:
    """The best passages."""
    index = BM25Okapi(Collection.load(folder).documents(), k1=K1, b=B)
    return lambda terms, k: np.argsort(-index.get_scores(terms), kind="stable")[:k].tolist()
