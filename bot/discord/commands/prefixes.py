"""Texts that are found by how their words begin, fast enough for each letter that is typed."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from index import fold, nearest

_WORD = re.compile(r"\w+")
_MOST_WORDS = 8  # of what is typed; with these, there is hardly anything left to choose from
_MOST_CORRECTED = 2
LAST = chr(0x10FFFF)  # comes after all that a text can go on with


def folded(text: str) -> str:
    """`text` without accents and case."""
    return fold(text).casefold()


class Prefixes:
    """Finds texts by the beginnings of their words. Never changed once built.

    All words stand in order, so that those with one beginning are neighbours, and so are the
    numbers of the texts that they stand in.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        # Arrays, and not a list for each word: those would be a lot to look through for Python's
        # garbage collector, which everything waits for.
        ids: dict[str, int] = {}
        id_of, number_of = array("q"), array("q")
        self._size = 0
        for number, text in enumerate(texts):
            self._size = number + 1
            for word in _words(text):
                id_of.append(ids.setdefault(word, len(ids)))
                number_of.append(number)
        self._words = sorted(ids)
        places = np.empty(len(ids), np.intp)
        places[[ids[word] for word in self._words]] = np.arange(len(ids))
        place_of = places[np.asarray(id_of)]
        order = np.argsort(place_of, kind="stable")
        self._numbers = np.asarray(number_of)[order]
        self._starts = np.searchsorted(place_of[order], np.arange(len(ids) + 1))

    def find(self, typed: str, *, corrected: bool = False) -> NDArray[np.intp]:
        """The numbers of the texts with a word for each word of `typed` that it begins; in order.

        All of them for no words. If `corrected`, a word or two that begin none stand for those that
        they may be misspellings of, see `index.analysis.spelling`.
        """
        found = np.ones(self._size, bool)
        left = _MOST_CORRECTED if corrected else 0
        for word in list(dict.fromkeys(_words(typed)))[:_MOST_WORDS]:
            ranges = [self._beginning(word)]
            if left and not ranges[0]:
                left -= 1
                ranges = [self._beginning(meant) for meant in self._meant(word)]
            having = np.zeros(self._size, bool)
            for words in ranges:
                having[self._numbers[self._starts[words.start] : self._starts[words.stop]]] = True
            found &= having
        return np.flatnonzero(found)

    def _beginning(self, beginning: str) -> range:
        """The places of the words with that beginning."""
        first = bisect_left(self._words, beginning)
        return range(first, bisect_left(self._words, beginning + LAST, lo=first))

    def _meant(self, word: str) -> list[str]:
        alike = self._beginning(word[0])  # as `nearest` has it
        return nearest(word, self._words[alike.start : alike.stop])


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))
