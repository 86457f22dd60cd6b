"""The hash table and the token cache behave like dictionaries."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.hash_table import HashTable
from index.analysis.token_cache import TokenCache
from index.analysis.words import words, words_of_each

_half = st.one_of(st.integers(0, 3), st.integers(0, 2**64 - 1))
_text = st.one_of(
    st.text(),
    st.text("aé. \n\u00a0\ud800"),
    st.text("ab", min_size=12).map(lambda long: f"{long} {long[:16]}é {long}"),
)


def _halves(keys: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.array(keys, np.uint64).reshape(-1, 2).T
    return first, second


@given(shares=st.lists(st.lists(st.tuples(_half, _half)), max_size=5), more=st.integers(0, 9000))
def test_the_hash_table_behaves_like_a_dictionary(
    shares: list[list[tuple[int, int]]], more: int
) -> None:
    table, expected = HashTable(), dict[tuple[int, int], int]()
    for keys in (*shares, [(number, more) for number in range(more)]):
        assert table.find(_halves(keys)).tolist() == [expected.get(key, -1) for key in keys]
        new = {key: number for number, key in enumerate({*keys} - {*expected}, len(expected))}
        table.add(_halves([*new]), np.array([*new.values()], np.int64))
        expected |= new
        assert table.find(_halves([*expected])).tolist() == [*expected.values()]


@given(shares=st.lists(st.lists(_text, max_size=4), max_size=3))
def test_texts_get_the_ids_of_their_words(shares: list[list[str]]) -> None:
    known = dict[str, int]()
    cache = TokenCache(lambda word: known.setdefault(word, len(known)))
    for texts in (*shares, *shares):
        ids, starts = cache.read(texts)
        expected = [[known[word] for word in words(text)] for text in texts]
        assert [part.tolist() for part in np.split(ids, starts[1:-1])][: len(texts)] == expected
        assert (starts[0], starts[-1], len(starts)) == (0, len(ids), len(texts) + 1)


@given(texts=st.lists(_text.map(lambda text: text.replace("\n", " "))))
def test_many_texts_are_tokenized_like_each_alone(texts: list[str]) -> None:
    assert words_of_each(texts) == [words(text) for text in texts]
