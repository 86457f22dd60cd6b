"""clipdesk's Okapi over passages."""

from pathlib import Path

import numpy as np

from benchmarks.collection import Collection
from benchmarks.engines import K1, B, Search
from index.retrieval.bm25.impacts import Weights
from index.retrieval.bm25.okapi import Okapi
from index.retrieval.bm25.postings import Postings
from reference_okapi import inverted, weights_of


def build(collection: Collection, folder: Path) -> None:
    """Index passages."""
    save(inverted(collection.tokens, collection.offsets, collection.vocabulary), folder, K1, B)


def open_index(folder: Path) -> Search:
    """The best passages."""
    okapi = mapped(folder)
    return lambda terms, k: okapi.top(terms, k)[0].tolist()


def save(postings: Postings, folder: Path, k1: float, b: float) -> None:
    """Save the posting lists and their weights, one file per array."""
    for name, part in (("postings", postings), ("weights", weights_of(postings, k1, b))):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for key, array in part.arrays().items():
            np.save(folder / name / key, array)
    np.save(folder / "size", postings.size)


def mapped(folder: Path) -> Okapi:
    """Map the saved arrays, and return the ranker over them."""
    postings, weights = (
        {path.stem: np.load(path, mmap_mode="r") for path in (folder / name).glob("*.npy")}
        for name in ("postings", "weights")
    )
    size = int(np.load(folder / "size.npy"))
    return Okapi([Postings.from_arrays(size, postings)], Weights.from_arrays(weights))
