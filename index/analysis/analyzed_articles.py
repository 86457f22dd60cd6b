"""What the lexicon reads of articles: their headlines and paragraphs as ids of terms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import ForwardIndex, join, ranges, starts_of, take_from
from index.analysis.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of some articles, in order.

    `headlines` has a text for each of them, and `passages` one for each of their paragraphs, of
    which they have as many as `counts` says, `int64[articles]`.
    """

    headlines: ForwardIndex
    passages: ForwardIndex
    counts: NDArray[np.int64]

    def renumbered(self, ids: NDArray[np.int32]) -> "Read":
        """The same with `ids[i]` in place of the id i."""
        return Read(self.headlines.renumbered(ids), self.passages.renumbered(ids), self.counts)


def read_articles(lexicon: Lexicon, articles: Iterable[tuple[str, Sequence[str]]]) -> Read:
    """What the lexicon reads of articles, each a title and its paragraphs."""
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
    """What was read of the articles of all parts, one after another."""
    return Read(
        join([part.headlines for part in parts]),
        join([part.passages for part in parts]),
        np.concatenate([np.empty(0, np.int64), *(part.counts for part in parts)]),
    )


def take_read(parts: Sequence[Read], articles: NDArray[np.int64]) -> Read:
    """What was read of those articles, in that order; all parts' are numbered one after another."""
    counts = np.concatenate([part.counts for part in parts])
    passages, _ = ranges(starts_of(counts), articles)
    return Read(
        take_from([part.headlines for part in parts], articles),
        take_from([part.passages for part in parts], passages),
        counts[articles],
    )
