"""Sorting many strings at once, without making a Python object of any: by seven bytes at a time."""

from itertools import count

import numpy as np
from numpy.typing import NDArray

from index.terms.forward import Integers
from index.terms.strings import Strings

_BYTES = 7  # that are compared at once: with their number, they are as many as a number has
_MORE = _BYTES + 1  # in place of their number, where more come after them


def ascending(strings: Strings, near: Integers) -> NDArray[np.int64]:
    """The places of strings as these ascend.

    `near` has all of them, too: the nearer to this order, the faster. Of strings that are the same,
    that which it has first comes first.
    """
    order: NDArray[np.int64] = near.astype(np.int64)
    # Where strings are in `order` that are like their neighbours so far: those of one group are.
    places, group = np.arange(len(order)), np.zeros(len(order), np.int64)
    for at in count(step=_BYTES):
        if not len(places):
            break
        keys = _keys(strings, order[places], at)
        sort = np.lexsort([keys, group])
        order[places], keys = order[places[sort]], keys[sort]
        firsts = np.append(True, (np.diff(keys) != 0) | (np.diff(group) != 0))
        alone = firsts & np.append(firsts[1:], True)
        left = (keys & 0xFF == _MORE) & ~alone
        places, group = places[left], np.cumsum(firsts)[left]
    return order


def _keys(strings: Strings, chosen: Integers, at: int) -> NDArray[np.uint64]:
    """Numbers that ascend as the chosen strings do from their byte `at` on, as far as they tell.

    Each is the next bytes, zero after the end, and then how many there are. The bytes of UTF-8
    ascend as characters do.
    """
    firsts = strings.starts[chosen] + at
    sizes: NDArray[np.int64] = strings.starts[chosen + 1] - 1 - firsts
    padded = np.append(strings.text, np.zeros(_MORE, np.uint8))
    numbers: NDArray[np.uint64] = np.ndarray(len(padded) - _BYTES, ">u8", padded, strides=(1,))
    after = 8 * (_MORE - np.minimum(sizes, _BYTES)).astype(np.uint64)  # bits to be cleared
    keys: NDArray[np.uint64] = numbers[firsts] >> after << after
    return keys | np.minimum(sizes, _MORE).astype(np.uint64)
