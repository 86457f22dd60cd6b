"""Analyzed articles: the headlines and paragraphs of articles as term ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import ForwardIndex, join, ranges, starts_of, take_from
from index.analysis.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Read:
    """The term ids of some articles, in order.

    `headlines` has a text for each article and `passages` one for each paragraph; `counts` is the
    number of paragraphs of each article, `int64[articles]`.
    """

    headlines: ForwardIndex
    passages: ForwardIndex
    counts: NDArray[np.int64]

    def renumbered(self, ids: NDArray[np.int32]) -> "Read":
        """Replace each id `i` by `ids[i]`."""
        return Read(self.headlines.renumbered(ids), self.passages.renumbered(ids), self.counts)


def read_articles(lexicon: Lexicon, articles: Iterable[tuple[str, Sequence[str]]]) -> Read:
    """Analyze articles, each a title and its paragraphs. All paragraphs come before the titles."""
    titles: list[str] = []
    counts: list[int] = []

    def paragraphs() -> Iterable[str]:
        for title, texts in articles:
            titles.append(title)
            counts.append(len(texts))
            yield from texts

    passages = lexicon.read(paragraphs())
    return Read(lexicon.read(titles), passages, np.array(counts, np.int64))


def join_read(parts: Sequence[Read]) -> Read:
    """Concatenate the articles of all parts."""
    return Read(
        join([part.headlines for part in parts]),
        join([part.passages for part in parts]),
        np.concatenate([np.empty(0, np.int64), *(part.counts for part in parts)]),
    )


def take_read(parts: Sequence[Read], articles: NDArray[np.int64]) -> Read:
    """Select articles, in that order; they are numbered across all parts from 0."""
    counts = np.concatenate([part.counts for part in parts])
    passages, _ = ranges(starts_of(counts), articles)
    return Read(
        take_from([part.headlines for part in parts], articles),
        take_from([part.passages for part in parts], passages),
        counts[articles],
    )
