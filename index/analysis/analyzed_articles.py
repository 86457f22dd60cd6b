"""Analyzed articles: the headlines and paragraphs of articles as term ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import forward_index
from index.analysis.forward_index import ForwardIndex, join, ranges, starts_of, take_from
from index.analysis.languages import LANGUAGES, language_of_article
from index.analysis.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class AnalyzedArticles:
    """The term ids of some articles, in order.

    `headlines` has a text for each article and `passages` one for each paragraph; `counts` is the
    number of paragraphs of each article, `int64[articles]`, and `languages` the index of its
    language in `LANGUAGES`, `uint8[articles]`.
    """

    headlines: ForwardIndex
    passages: ForwardIndex
    counts: NDArray[np.int64]
    languages: NDArray[np.uint8]

    def renumbered(self, ids: NDArray[np.int32]) -> "AnalyzedArticles":
        """Replace each id `i` by `ids[i]`."""
        return replace(
            self, headlines=self.headlines.renumbered(ids), passages=self.passages.renumbered(ids)
        )


class ArticleTexts(NamedTuple):
    """An article to analyze: its title and paragraphs.

    `to_analyze` are the positions of the paragraphs to analyze, from 0; None for all of them.
    """

    title: str
    paragraphs: Sequence[str]
    to_analyze: Sequence[int] | None = None


def analyze_with(lexicon: Lexicon, articles: Iterable[ArticleTexts]) -> AnalyzedArticles:
    """Analyze articles, each in its own language."""
    in_language: dict[str, list[int]] = {}
    titles: list[str] = []
    to_analyze: list[Sequence[str]] = []
    for at, (title, paragraphs, chosen) in enumerate(articles):
        in_language.setdefault(language_of_article(title, paragraphs), []).append(at)
        titles.append(title)
        to_analyze.append(
            paragraphs if chosen is None else [paragraphs[position] for position in chosen]
        )
    parts = [
        _analyze_in(
            language, lexicon, [titles[at] for at in those], [to_analyze[at] for at in those]
        )
        for language, those in in_language.items()
    ]
    if len(parts) == 1:
        return parts[0]
    order = np.array([*chain(*in_language.values())], np.int64)
    return take_analyzed(parts or [EMPTY], np.argsort(order))


def _analyze_in(
    language: str, lexicon: Lexicon, titles: Sequence[str], articles: Sequence[Sequence[str]]
) -> AnalyzedArticles:
    """Analyze articles in one language. All paragraphs come before the titles."""
    passages = lexicon.read(chain(*articles), language)
    return AnalyzedArticles(
        lexicon.read(titles, language),
        passages,
        np.array([*map(len, articles)], np.int64),
        np.full(len(titles), LANGUAGES.index(language), np.uint8),
    )


EMPTY = AnalyzedArticles(
    forward_index.EMPTY, forward_index.EMPTY, np.empty(0, np.int64), np.empty(0, np.uint8)
)


def join_analyzed(parts: Sequence[AnalyzedArticles]) -> AnalyzedArticles:
    """Concatenate the articles of all parts."""
    return AnalyzedArticles(
        join([part.headlines for part in parts]),
        join([part.passages for part in parts]),
        np.concatenate([EMPTY.counts, *(part.counts for part in parts)]),
        np.concatenate([EMPTY.languages, *(part.languages for part in parts)]),
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
        np.concatenate([part.languages for part in parts])[articles],
    )
