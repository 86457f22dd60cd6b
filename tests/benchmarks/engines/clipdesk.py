"""clipdesk's Okapi over passages."""

from pathlib import Path

import numpy as np

from benchmarks.collection import Collection
from benchmarks.engines import K1, B, Search
from index.bm25.okapi import Okapi, load_kernels

warm = load_kernels


def build(collection: Collection, folder: Path) -> None:
    """Index passages."""
    okapi = Okapi.build(collection.tokens, collection.offsets, collection.vocabulary, k1=K1, b=B)
    save(okapi, folder)


def open_index(folder: Path) -> Search:
    """The best passages."""
    okapi = mapped(folder)
    return lambda terms, k: okapi.top(terms, k)[0].tolist()


def save(okapi: Okapi, folder: Path) -> None:
    """Keep an index, an array a file."""
    folder.mkdir(exist_ok=True)
    for name, array in okapi.arrays().items():
        np.save(folder / name, array)


def mapped(folder: Path) -> Okapi:
    """An index as it was kept."""
    return Okapi.from_arrays(
        {path.stem: np.load(path, mmap_mode="r") for path in folder.glob("*.npy")}
    )
