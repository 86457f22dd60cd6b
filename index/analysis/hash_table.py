"""Numbers by keys, looked up many at once."""

import secrets

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import Integers

Keys = tuple[NDArray[np.uint64], NDArray[np.uint64]]  # the two halves of each
_SMALLEST = 12  # bits of a slot
_NONE = -1


class HashTable:
    """A hash table in arrays, with open addressing and linear probing."""

    def __init__(self) -> None:
        # Only who knows these could write texts that take long to be looked up.
        self._factors = np.array([secrets.randbits(64) | 1 for _ in range(2)], np.uint64)
        self._held = 0
        self._allocate(_SMALLEST)

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """The number of each key; -1 where it has none."""
        slots = self._slots(keys)
        found = self._numbers[slots]
        left = np.flatnonzero((found != _NONE) & self._is_other(slots, *keys))
        while len(left):
            slots[left] = at = self._next(slots[left])
            found[left] = numbers = self._numbers[at]
            others = self._is_other(at, keys[0][left], keys[1][left])
            left = left[(numbers != _NONE) & others]
        return found

    def add(self, keys: Keys, numbers: Integers) -> None:
        """Give different numbers, from 0 on, to different keys that have none."""
        self._held += len(numbers)
        if self._held * 2 > len(self._numbers):
            taken = self._numbers != _NONE
            before = (self._firsts[taken], self._seconds[taken]), self._numbers[taken]
            self._allocate(self._held.bit_length() + 1)
            self._put(*before)
        self._put(keys, numbers)

    def _put(self, keys: Keys, numbers: Integers) -> None:
        slots, left = self._slots(keys), np.arange(len(numbers))
        while len(left):
            at = slots[left]
            free = self._numbers[at] == _NONE
            self._numbers[at[free]] = numbers[left[free]]  # of those for one slot, the last gets it
            got = self._numbers[at] == numbers[left]
            self._firsts[at[got]] = keys[0][left[got]]
            self._seconds[at[got]] = keys[1][left[got]]
            left = left[~got]
            slots[left] = self._next(slots[left])

    def _allocate(self, bits: int) -> None:
        self._firsts = np.zeros(1 << bits, np.uint64)
        self._seconds = np.zeros(1 << bits, np.uint64)
        self._numbers = np.full(1 << bits, _NONE, np.int32)
        self._shift = np.uint64(64 - bits)

    def _slots(self, keys: Keys) -> NDArray[np.int64]:
        mixed: NDArray[np.uint64] = keys[0] * self._factors[0] + keys[1] * self._factors[1]
        return (mixed >> self._shift).astype(np.int64)

    def _next(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        return (slots + 1) & (len(self._numbers) - 1)

    def _is_other(
        self, slots: NDArray[np.int64], firsts: NDArray[np.uint64], seconds: NDArray[np.uint64]
    ) -> NDArray[np.bool_]:
        others: NDArray[np.bool_]
        others = (self._firsts[slots] != firsts) | (self._seconds[slots] != seconds)
        return others
