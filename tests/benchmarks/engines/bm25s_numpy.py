"""bm25s, with NumPy alone."""

from pathlib import Path

import bm25s

from benchmarks.collection import Collection
from benchmarks.engines import K1, B, Search


def build(collection: Collection, folder: Path) -> None:
    """Index passages."""
    index = bm25s.BM25(k1=K1, b=B)
    vocabulary = {str(term): term for term in range(collection.vocabulary)}
    index.index((list(collection.documents()), vocabulary), show_progress=False)
    index.save(folder, show_progress=False)


def open_index(folder: Path, backend: str = "numpy") -> Search:
    """The best passages."""
    index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
    index.backend = backend

    def search(terms: list[int], k: int) -> list[int]:
        found, _ = index.retrieve([terms], k=k, show_progress=False)
        return found[0].tolist()  # type: ignore[no-any-return]

    return search
