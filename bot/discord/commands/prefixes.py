"""Finds texts by prefixes of their words, fast enough for autocompletion."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from index import fold, nearest

_WORD = re.compile(r"\w+")
_MAX_WORDS = 8  # of the typed text; more would hardly narrow the choice
_MAX_CORRECTED = 2
LAST = chr(0x10FFFF)  # sorts after every other character


def folded(text: str) -> str:
    """`text` without accents and case."""
    return fold(text).casefold()


class Prefixes:
    """An immutable index of texts by prefixes of their words.

    The words are sorted, and the texts' numbers by word, so that both are contiguous for a prefix.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        # Arrays, because a list for each word would prolong garbage collections, which stop
        # everything else.
        ids: dict[str, int] = {}
        id_of, number_of = array("q"), array("q")
        self._size = 0
        for number, text in enumerate(texts):
            self._size = number + 1
            for word in _words(text):
                id_of.append(ids.setdefault(word, len(ids)))
                number_of.append(number)
        self._words = sorted(ids)
        positions = np.empty(len(ids), np.intp)  # in `_words`, by id
        positions[[ids[word] for word in self._words]] = np.arange(len(ids))
        position_of = positions[np.asarray(id_of)]
        order = np.argsort(position_of, kind="stable")
        self._numbers = np.asarray(number_of)[order]
        self._starts = np.searchsorted(position_of[order], np.arange(len(ids) + 1))

    def find(self, typed: str, *, corrected: bool = False) -> NDArray[np.intp]:
        """The numbers of the texts in which each word of `typed` is a prefix of a word; ascending.

        All of them without words. If `corrected`, up to two words that are no prefix are replaced
        by their corrections, see `index.analysis.spelling`.
        """
        found = np.ones(self._size, bool)
        corrections = _MAX_CORRECTED if corrected else 0
        for word in list(dict.fromkeys(_words(typed)))[:_MAX_WORDS]:
            ranges = [self._with_prefix(word)]
            if corrections and not ranges[0]:
                corrections -= 1
                ranges = [self._with_prefix(one) for one in self._corrections(word)]
            matched = np.zeros(self._size, bool)
            for words in ranges:
                matched[self._numbers[self._starts[words.start] : self._starts[words.stop]]] = True
            found &= matched
        return np.flatnonzero(found)

    def _with_prefix(self, prefix: str) -> range:
        """The positions of the words with that prefix."""
        first = bisect_left(self._words, prefix)
        return range(first, bisect_left(self._words, prefix + LAST, lo=first))

    def _corrections(self, word: str) -> list[str]:
        alike = self._with_prefix(word[0])  # `nearest` finds no others
        return nearest(word, self._words[alike.start : alike.stop])


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))
