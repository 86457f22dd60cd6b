"""A hash table from 128-bit keys to numbers that looks up many keys at once."""

import secrets

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import Integers

Keys = tuple[NDArray[np.uint64], NDArray[np.uint64]]  # the two halves of each key
_MIN_BITS = 12  # of a slot index
_NONE = -1


class HashTable:
    """Open addressing with linear probing, in NumPy arrays; at most half full."""

    def __init__(self) -> None:
        # Random, so that nobody can write texts whose keys collide.
        self._factors = np.array([secrets.randbits(64) | 1 for _ in range(2)], np.uint64)
        self._size = 0
        self._allocate(_MIN_BITS)

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """The number of each key; -1 for an unknown one."""
        slots = self._slots(keys)
        found = self._numbers[slots]
        pending = np.flatnonzero((found != _NONE) & self._is_other(slots, *keys))
        while len(pending):
            slots[pending] = at = self._next(slots[pending])
            found[pending] = numbers = self._numbers[at]
            others = self._is_other(at, keys[0][pending], keys[1][pending])
            pending = pending[(numbers != _NONE) & others]
        return found

    def add(self, keys: Keys, numbers: Integers) -> None:
        """Insert distinct keys, none of which is in the table, with distinct numbers from 0 on."""
        self._size += len(numbers)
        if self._size * 2 > len(self._numbers):
            used = self._numbers != _NONE
            entries = (self._firsts[used], self._seconds[used]), self._numbers[used]
            self._allocate(self._size.bit_length() + 1)
            self._put(*entries)
        self._put(keys, numbers)

    def _put(self, keys: Keys, numbers: Integers) -> None:
        slots, pending = self._slots(keys), np.arange(len(numbers))
        while len(pending):
            at = slots[pending]
            free = self._numbers[at] == _NONE
            # Where several keys want one slot, the last gets it.
            self._numbers[at[free]] = numbers[pending[free]]
            stored = self._numbers[at] == numbers[pending]
            self._firsts[at[stored]] = keys[0][pending[stored]]
            self._seconds[at[stored]] = keys[1][pending[stored]]
            pending = pending[~stored]
            slots[pending] = self._next(slots[pending])

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
