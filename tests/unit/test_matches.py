"""Where terms stand among the tokens of passages."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.answers.matches import occurrences

# Many of them end in the same 16 bits; -1 is the id of what the corpus does not have.
_id = st.builds(lambda low, high: low + (high << 16), st.integers(-1, 3), st.integers(0, 3))


@given(tokens=st.lists(_id), ids=st.sets(_id))
def test_terms_are_found_wherever_they_stand_and_nothing_else_is(
    tokens: list[int], ids: set[int]
) -> None:
    ascending = sorted(ids)
    at, place = occurrences(np.array(tokens, np.int32), np.array(ascending, np.int32))
    found = [*zip(at.tolist(), place.tolist(), strict=True)]
    assert found == [
        (at, ascending.index(token)) for at, token in enumerate(tokens) if token in ids
    ]
