"""From what was read of articles to the posting lists of their passages, and of themselves."""

from bisect import bisect_left
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.bm25.merging import merge
from index.bm25.postings import Postings, invert, of_groups, pair
from index.terms.forward import Forward, ranges, starts_of
from index.terms.lexicon import COMMON
from index.terms.read import Read, take_read


def postings_of(read: Read, vocabulary: int) -> tuple[Postings, Postings]:
    """The posting lists of the passages, and of the articles with their headlines.

    Term ids are below `vocabulary`.
    """
    tokens, lengths = _content(read.passages)
    pairs = pair(tokens, np.repeat(np.arange(len(lengths), dtype=np.int32), lengths))
    pairs.sort()
    passages = invert(pairs, lengths, vocabulary)

    article_of = np.repeat(np.arange(len(read.counts), dtype=np.int32), read.counts)
    headline_tokens, headline_lengths = _content(read.headlines)
    headlines = pair(headline_tokens, np.repeat(np.arange(len(read.counts)), headline_lengths))
    headlines.sort()
    pairs = np.concatenate([of_groups(pairs, article_of), headlines])
    pairs.sort(kind="stable")  # which merges what is sorted in itself
    lengths = headline_lengths + np.diff(starts_of(lengths)[starts_of(read.counts)])
    return passages, invert(pairs, lengths, vocabulary)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of articles of before, some of which are still there.

    `passages` and `articles` are their posting lists, and `first` is the first passage of each, and
    one more for the end, `int64[articles + 1]`. `moved` has the place of each among the articles
    that there are now, ascending, and -1 for those that are gone, `int32[articles]`.
    """

    passages: Postings
    articles: Postings
    first: NDArray[np.int64]
    moved: NDArray[np.int32]

    def updated(self, read: Read, vocabulary: int) -> tuple[Postings, Postings]:
        """The same as `postings_of` what was read of all articles that there are now."""
        if not np.any(self.moved >= 0):
            return postings_of(read, vocabulary)
        is_new = np.ones(len(read.counts), np.bool_)
        is_new[self.moved[self.moved >= 0]] = False
        numbers = np.flatnonzero(is_new)
        first = starts_of(read.counts)
        passages, articles = postings_of(take_read([read], numbers), vocabulary)
        with ThreadPoolExecutor() as pool:  # most of it is copying, which threads do at once
            merging = (
                pool.submit(
                    merge,
                    self.passages,
                    self._moved_passages(first),
                    passages,
                    ranges(first, numbers)[0],
                ),
                pool.submit(merge, self.articles, self.moved, articles, numbers),
            )
        return merging[0].result(), merging[1].result()

    def _moved_passages(self, first: NDArray[np.int64]) -> NDArray[np.int32]:
        """The number that each passage has now, or -1; `first` has those of the articles."""
        counts = np.diff(self.first)
        moved = np.arange(self.first[-1]) + np.repeat(first[self.moved] - self.first[:-1], counts)
        moved[np.repeat(self.moved < 0, counts)] = -1
        return moved.astype(np.int32)


def moved(articles: NDArray[np.int64], size: int) -> NDArray[np.int32]:
    """The place among `articles` of each of the numbers below `size`; -1 where it has none.

    Places ascend: of those that would not, as few as can be have none.
    """
    places = np.flatnonzero(articles < size)
    places = places[_ascending(articles[places].tolist())]
    found = np.full(size, -1, np.int32)
    found[articles[places]] = places
    return found


def _ascending(numbers: Sequence[int]) -> list[int]:
    """The places of a longest increasing subsequence (Schensted 1961)."""
    ends: list[int] = []  # the smallest number with which one of each length ends, from 1 on
    places: list[int] = []  # where that number is
    before: list[int] = []  # the place of the number before each one, or -1
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        places[length : length + 1] = [place]
    found = places[-1:]
    while found and before[found[-1]] >= 0:
        found.append(before[found[-1]])
    return found[::-1]


def _content(forward: Forward) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The tokens that are searched for, function words left out, and how many each text has."""
    content = np.flatnonzero(forward.tokens >= COMMON)
    return forward.tokens[content], np.diff(np.searchsorted(content, forward.starts))
