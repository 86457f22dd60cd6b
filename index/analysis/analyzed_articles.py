"""Analyzed articles: the headlines and paragraphs of articles as term ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import ForwardIndex, join, ranges, starts_of, take_from
from index.analysis.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class AnalyzedArticles:
    """The term ids of some articles, in order.

    `headlines` has a text for each article and `passages` one for each paragraph; `counts` is the
    number of paragraphs of each article, `int64[articles]`.
    """

    headlines: ForwardIndex
    passages: ForwardIndex
    counts: NDArray[np.int64]

    def renumbered(self, ids: NDArray[np.int32]) -> "AnalyzedArticles":
        """Replace each id `i` by `ids[i]`."""
        return AnalyzedArticles(
            self.headlines.renumbered(ids), self.passages.renumbered(ids), self.counts
        )


def analyze_with(
    lexicon: Lexicon, articles: Iterable[tuple[str, Sequence[str]]]
) -> AnalyzedArticles:
    """Analyze articles, each a title and its paragraphs. All paragraphs come before the titles."""
    titles: list[str] = []
    counts: list[int] = []

    def paragraphs() -> Iterable[str]:
        for title, texts in articles:
            titles.append(title)
            counts.append(len(texts))
            yield from texts

    passages = lexicon.read(paragraphs())
    return AnalyzedArticles(lexicon.read(titles), passages, np.array(counts, np.int64))


def join_analyzed(parts: Sequence[AnalyzedArticles]) -> AnalyzedArticles:
    """Concatenate the articles of all parts."""
    return AnalyzedArticles(
        join([part.headlines for part in parts]),
        join([part.passages for part in parts]),
        np.concatenate([np.empty(0, np.int64), *(part.counts for part in parts)]),
    )


def take_analyzed(
    parts: Sequence[AnalyzedArticles], articles: NDArray[np.int64]
) -> AnalyzedArticles:
    """Select articles, in that order; they are numbered across all parts from 0."""
    counts = np.concatenate([part.counts for part in parts])
    passages, _ = ranges(starts_of(counts), articles)
    return AnalyzedArticles(
        take_from([part.headlines for part in parts], articles),
        take_from([part.passages for part in parts], passages),
        counts[articles],
    )
