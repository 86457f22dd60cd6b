"""The string array behaves like a list of strings."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.string_array import StringArray, prefixed, unprefixed

_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\n")
_strings = st.lists(st.text(_characters))


@given(strings=_strings)
def test_round_trip(strings: list[str]) -> None:
    made = StringArray.of(strings)
    assert (len(made), [*made], made[:]) == (len(strings), strings, strings)
    again = StringArray(**unprefixed({**prefixed("it", made.arrays()), "other": made.starts}, "it"))
    assert [*again] == strings
    for outside in (-1, len(strings)):
        with pytest.raises(IndexError):
            made[outside]


@given(data=st.data(), strings=_strings)
def test_slices(data: st.DataObject, strings: list[str]) -> None:
    part = data.draw(st.slices(len(strings)))
    assert StringArray.of(strings)[part] == strings[part]


@given(data=st.data(), strings=_strings, others=_strings)
def test_joining_and_selecting(data: st.DataObject, strings: list[str], others: list[str]) -> None:
    joined = StringArray.of(strings).joined(StringArray.of(others))
    assert [*joined] == [*strings, *others]
    indices = data.draw(st.lists(st.integers(0, len(joined) - 1)) if len(joined) else st.just([]))
    for some in (indices, [*range(len(joined))] * 2):  # scattered strings, and long runs
        taken = joined.take(np.array(some, np.int64))
        assert taken[:] == [[*strings, *others][at] for at in some]


@given(strings=_strings, other=st.text(_characters, max_size=3))
def test_strings_are_found(strings: list[str], other: str) -> None:
    ascending = sorted(set(strings))
    made, jumbled = StringArray.of(ascending), StringArray.of(ascending[::-1])
    order = np.arange(len(ascending), dtype=np.int32)[::-1].copy()
    for at, string in enumerate(ascending):
        assert made.find(string) == made.insertion_point(string) == at
        assert jumbled.find(string, order) == len(ascending) - 1 - at
    if other not in strings:
        assert made.find(other) == jumbled.find(other, order) == -1
        assert made.insertion_point(other) == sum(string < other for string in ascending)
    wanted = [other, *ascending, *(f"{string}{other}" for string in ascending)]
    expected = [ascending.index(one) if one in ascending else -1 for one in wanted]
    backwards = [len(ascending) - 1 - at if at >= 0 else -1 for at in expected]
    for few in (0, math.inf):  # which are looked up in two ways
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("index.analysis.string_array._LOOKED_UP", few)
            assert made.positions(wanted) == expected
            assert jumbled.positions(wanted, order) == backwards


@given(strings=_strings)
def test_sorting(strings: list[str]) -> None:
    order = StringArray.of(strings).argsort().tolist()
    assert order == sorted(range(len(strings)), key=lambda at: strings[at].encode())
