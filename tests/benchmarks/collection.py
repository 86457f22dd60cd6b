"""Analysed paragraphs as term ids: the same input for all engines of a benchmark."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Collection:
    """Paragraphs as term ids, one after another: `tokens[offsets[i]:offsets[i + 1]]`.

    `article_of[i]` is the article of a paragraph, ascending.
    """

    tokens: NDArray[np.int32]
    offsets: NDArray[np.int64]
    article_of: NDArray[np.int32]

    @property
    def paragraphs(self) -> int:
        """The number of paragraphs."""
        return len(self.article_of)

    @property
    def vocabulary(self) -> int:
        """The number of term ids."""
        return int(self.tokens.max(initial=-1)) + 1

    @classmethod
    def load(cls, folder: Path) -> "Collection":
        """The collection saved in a folder."""
        return cls(*(np.load(folder / f"{name.name}.npy") for name in fields(cls)))

    def save(self, folder: Path) -> None:
        """Save the collection in a folder."""
        for name in fields(self):
            np.save(folder / name.name, getattr(self, name.name))

    def documents(self) -> Iterator[list[int]]:
        """The term ids of each paragraph."""
        tokens, ends = self.tokens.tolist(), self.offsets.tolist()
        return (tokens[start:end] for start, end in pairwise(ends))

    def texts(self) -> Iterator[str]:
        """Each paragraph as words separated by spaces."""
        return (" ".join(map(str, document)) for document in self.documents())

    def first(self, paragraphs: int) -> "Collection":
        """The collection of the first paragraphs alone."""
        offsets = self.offsets[: paragraphs + 1]
        return Collection(self.tokens[: offsets[-1]], offsets, self.article_of[:paragraphs])

    def articles(self) -> NDArray[np.int64]:
        """The first token of each article, and the end of the last one."""
        count = int(self.article_of.max(initial=-1)) + 1
        return self.offsets[np.searchsorted(self.article_of, np.arange(count + 1))]
