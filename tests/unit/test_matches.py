"""Occurrences of terms among the tokens of passages."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.answers.matches import occurrences

# Many of them share their last 16 bits; -1 is the id of unknown terms.
_id = st.builds(lambda low, high: low + (high << 16), st.integers(-1, 3), st.integers(0, 3))


@given(tokens=st.lists(_id), ids=st.sets(_id))
def test_all_occurrences_are_found_and_nothing_else(tokens: list[int], ids: set[int]) -> None:
    ascending = sorted(ids)
    at, index = occurrences(np.array(tokens, np.int32), np.array(ascending, np.int32))
    found = [*zip(at.tolist(), index.tolist(), strict=True)]
    assert found == [
        (at, ascending.index(token)) for at, token in enumerate(tokens) if token in ids
    ]
