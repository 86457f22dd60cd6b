"""Sorts string arrays seven bytes at a time, without creating Python strings."""

from itertools import count

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import Integers
from index.analysis.string_array import KEY_BYTES, MORE, StringArray


def argsort_strings(strings: StringArray, near: Integers) -> NDArray[np.int64]:
    """The indices of strings in ascending order.

    `near` has the same indices; the closer to ascending order, the faster. Equal strings keep the
    order that they have in `near`.
    """
    order: NDArray[np.int64] = near.astype(np.int64)
    # Ranks in `order` that are still tied, and their groups: strings of a group are equal so far.
    ranks, group = np.arange(len(order)), np.zeros(len(order), np.int64)
    for at in count(step=KEY_BYTES):
        if not len(ranks):
            break
        keys = strings.keys(order[ranks], at)
        sort = np.lexsort([keys, group])
        order[ranks], keys = order[ranks[sort]], keys[sort]
        firsts = np.append(True, (np.diff(keys) != 0) | (np.diff(group) != 0))
        is_unique = firsts & np.append(firsts[1:], True)
        tied = (keys & 0xFF == MORE) & ~is_unique
        ranks, group = ranks[tied], np.cumsum(firsts)[tied]
    return order
