"""clipdesk's candidates: the 80 best by the Okapi of the passage and that of its article."""

from pathlib import Path

import numpy as np

from benchmarks.collection import Collection
from benchmarks.engines import Search, clipdesk
from index.retrieval.bm25.kernels import DocumentGroups
from reference_okapi import inverted

_CANDIDATES = 80


def build(collection: Collection, folder: Path) -> None:
    """Index passages and articles."""
    clipdesk.build(collection, folder / "passages")
    articles = inverted(collection.tokens, collection.articles(), collection.vocabulary)
    clipdesk.save(articles, folder / "articles", k1=1.2, b=0.75)
    np.save(folder / "article_of", collection.article_of)


def open_index(folder: Path) -> Search:
    """The best by both, as many as clipdesk ranks by features."""
    passages, articles = (clipdesk.mapped(folder / name) for name in ("passages", "articles"))
    groups = DocumentGroups(np.asarray(np.load(folder / "article_of.npy", mmap_mode="r")))

    def search(terms: list[int], _k: int) -> list[int]:
        positions, _ = passages.top(terms, _CANDIDATES, groups, articles.scores(terms))
        found: list[int] = positions.tolist()
        return found

    return search
