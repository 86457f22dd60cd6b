"""Surface forms, and corrections among them for unknown words."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.spelling import nearest
from index.model import Article
from index.retrieval.embedded.searcher import Searcher

_letter = st.sampled_from("abzÿÀéдя漢字𐐷\ud7ff\uffff")
_word = st.text(_letter, min_size=1, max_size=9)


def searcher_over(texts: Sequence[str]) -> Searcher:
    article = Article("a", "", "", "", "", "", brief=False, paragraphs=len(texts))
    return Searcher.of([(article, texts)])


def test_without_words_none_is_similar() -> None:
    for words in (Searcher.of(()).surface_forms, searcher_over(["the of 123"]).surface_forms):
        assert words.similar("ferry") == []
        assert words.frequency("ferry") == 0
        with pytest.raises(KeyError):
            words["ferry"]


def test_a_word_keeps_its_first_spelling() -> None:
    words = searcher_over(["Eldholm’s Ferry. A ferry, ferries; the FERRY"]).surface_forms
    assert (words["ferry"].text, words["ferry"].term) == ("Ferry", "ferri")
    assert words.frequency("ferry") == words.frequency("ferries") == 1
    assert words.similar("ferru") == ["ferries", "ferry"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("beyonce", "beyoncé"),
        ("bèyoncé", "beyoncé"),
        ("zelenskyi", "zelensky"),
        ("ÿverdonn", "ÿverdon"),
        ("порошенк", "порошенко"),
        ("საქართვლო", "საქართველო"),
        ("𐐷𐐷𐐷𐐷𐐷𐐷𐐷𐐷𐐷", "𐐷𐐷𐐷𐐷𐐷𐐷𐐷𐐷𐐷𐐷𐐷"),
    ],
)
def test_mistakes_are_counted_in_letters_whatever_their_alphabet(typed: str, meant: str) -> None:
    words = searcher_over([f"{meant} and yverdon, zebra, Я, 字, 𐐷 and ferries"]).surface_forms
    assert nearest(typed, words.similar(typed)) == [meant]


@given(words=st.lists(_word, max_size=9), typed=_word)
def test_similar_words_share_the_first_letter_and_about_the_length(
    words: list[str], typed: str
) -> None:
    searcher = searcher_over([" ".join(words)])
    every = searcher.vocabularies[0].words[:]
    assert every == sorted(every)
    assert searcher.similar_words(typed) == [
        word for word in every if word[0] == typed[0] and abs(len(word) - len(typed)) <= 3
    ]
