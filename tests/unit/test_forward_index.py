"""The forward index behaves like a list of lists."""

from itertools import chain, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.analysis.forward_index import (
    EMPTY,
    ForwardIndex,
    join,
    pick,
    ranges,
    runs_of,
    starts_of,
    take_from,
)
from texts import Text, forward

_text = st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=4)
_texts = st.lists(_text, max_size=6)


def texts_of(made: ForwardIndex) -> list[Text]:
    """Convert back to lists, and check the spans of the sentences."""
    assert len(made.spans) == len(made.sentences) - 1
    texts = []
    for first, after in pairwise(made.texts.tolist()):
        bounds = pairwise(made.sentences[first : after + 1].tolist())
        text = [made.tokens[start:end].tolist() for start, end in bounds]
        spans = [(at, len(sentence)) for at, sentence in enumerate(text)]
        assert [*map(tuple, made.spans[first:after].tolist())] == spans
        texts.append(text)
    return texts


def chosen_from(data: st.DataObject, size: int) -> NDArray[np.int64]:
    """Draw indices below `size`, in any order, with repetitions."""
    indices = st.lists(st.integers(0, size - 1)) if size else st.just([])
    return np.array(data.draw(indices), np.int64)


@given(data=st.data(), texts=_texts)
def test_texts_are_selected_in_any_order(data: st.DataObject, texts: list[Text]) -> None:
    made = forward(texts)
    assert (len(made), texts_of(made)) == (len(texts), texts)
    indices = chosen_from(data, len(texts))
    parted = data.draw(st.integers(0, len(texts)))
    parts = [forward(texts[:parted]), forward(texts[parted:])]
    for taken in (made.take(indices), take_from(parts, indices)):
        assert texts_of(taken) == [texts[at] for at in indices]
        assert np.diff(taken.starts).tolist() == [len([*chain(*texts[at])]) for at in indices]


@given(parts=st.lists(_texts, max_size=4))
def test_joining_concatenates(parts: list[list[Text]]) -> None:
    joined = join([*map(forward, parts)])
    assert texts_of(joined) == [*chain(*parts)]
    assert {name: array.dtype for name, array in joined.arrays().items()} == {
        name: array.dtype for name, array in EMPTY.arrays().items()
    }


@given(texts=_texts)
def test_renumbering_keeps_the_positions(texts: list[Text]) -> None:
    ids = np.arange(10, dtype=np.int32)[::-1].copy()
    renumbered = texts_of(forward(texts).renumbered(ids))
    assert renumbered == [[[9 - token for token in one] for one in text] for text in texts]


@given(data=st.data(), size=st.integers(0, 9))
def test_runs_cover_all_numbers_in_order(data: st.DataObject, size: int) -> None:
    chosen = chosen_from(data, size)
    runs = runs_of(chosen)
    assert [*chain(*(range(first, after) for first, after in runs))] == chosen.tolist()
    assert all(one[1] != other[0] for one, other in pairwise(runs))
    assert pick(np.arange(size), runs).tolist() == chosen.tolist()


@given(data=st.data(), sizes=st.lists(st.integers(0, 4), max_size=6))
def test_ranges_cover_the_chosen_lists(data: st.DataObject, sizes: list[int]) -> None:
    starts = starts_of(np.array(sizes, np.int64))
    chosen = chosen_from(data, len(sizes))
    found, ends = ranges(starts, chosen)
    expected = [[*range(starts[at], starts[at + 1])] for at in chosen]
    assert found.tolist() == [*chain(*expected)]
    assert np.diff(ends).tolist() == [*map(len, expected)]


@given(texts=_texts, run=st.lists(st.integers(0, 3), min_size=1, max_size=3))
def test_texts_with_a_run_are_found_and_it_becomes_one_term(
    texts: list[Text], run: list[int]
) -> None:
    made = forward(texts)
    size = len(run)

    def merged(sentence: list[int]) -> list[int]:
        for at in range(len(sentence) - size + 1):
            if sentence[at : at + size] == run:
                return [*sentence[:at], -2, *merged(sentence[at + size :])]
        return sentence

    expected = [[merged(sentence) for sentence in text] for text in texts]
    found = made.merged({run[0]: [(tuple(run), -2)]})
    tokens = [
        [found.tokens[start:end].tolist() for start, end in pairwise(found.sentences[a : b + 1])]
        for a, b in pairwise(found.texts.tolist())
    ]
    assert tokens == expected
    has_run = [-2 in chain.from_iterable(text) for text in expected]
    assert made.containing(run).tolist() == np.flatnonzero(has_run).tolist()
    assert texts_of(made) == texts
