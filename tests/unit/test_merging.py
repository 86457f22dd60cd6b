"""Posting lists that are brought up to date: to the last bit those made of all articles."""

from collections.abc import Sequence
from dataclasses import fields
from itertools import combinations, pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.bm25.inverting import Kept, moved, postings_of
from index.bm25.postings import Postings
from index.terms.forward import join, starts_of
from index.terms.lexicon import COMMON
from index.terms.read import Read
from texts import Text, forward

VOCABULARY = COMMON + 8

# Tokens of sentences of texts, some of them function words; the first text is the headline.
_text = st.lists(st.lists(st.integers(COMMON - 2, VOCABULARY - 2), max_size=6), max_size=3)
_article = st.lists(_text, min_size=1, max_size=4)
_articles = st.lists(_article, max_size=8)


def read_of(articles: Sequence[Sequence[Text]]) -> Read:
    """What a lexicon would have read."""
    return Read(
        forward([article[0] for article in articles]),
        join([forward(article[1:]) for article in articles]),
        np.array([len(article) - 1 for article in articles], np.int64),
    )


def same(one: Postings, other: Postings) -> bool:
    """Whether all arrays are equal, in their types, too."""
    pairs = [(one.kinds.arrays()[name], other.kinds.arrays()[name]) for name in one.kinds.arrays()]
    pairs += [
        (getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)
        if field.name != "kinds"
    ]
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)


@settings(max_examples=300)
@given(before=_articles, new=_articles, fewer=st.integers(0, 2), data=st.data())
def test_it_comes_to_the_same_as_inverting_all(
    before: list[list[Text]],
    new: list[list[Text]],
    fewer: int,
    data: st.DataObject,
) -> None:
    known = [*before, *new]
    places = st.lists(st.integers(0, len(known) - 1)) if known else st.just([])
    order = np.array(data.draw(places), np.int64)
    read = read_of([known[place] for place in order.tolist()])
    old = read_of(before)
    least = max(old.passages.tokens.max(initial=0), old.headlines.tokens.max(initial=0)) + 1
    lists = postings_of(old, max(int(least), VOCABULARY - fewer))
    kept = Kept(*lists, starts_of(old.counts), moved(order, len(before)))
    for updated, anew in zip(
        kept.updated(read, VOCABULARY), postings_of(read, VOCABULARY), strict=True
    ):
        assert same(updated, anew)


@given(order=st.lists(st.integers(0, 7), max_size=7), size=st.integers(0, 6))
def test_as_many_articles_stay_as_can(order: list[int], size: int) -> None:
    found = moved(np.array(order, np.int64), size).tolist()
    stay = [(before, now) for before, now in enumerate(found) if now >= 0]
    assert all(order[now] == before for before, now in stay)
    assert [now for _, now in stay] == sorted(now for _, now in stay)
    known = [number for number in order if number < size]
    longest = max(
        length
        for length in range(len(known) + 1)
        for some in combinations(known, length)
        if all(one < other for one, other in pairwise(some))
    )
    assert len(stay) == longest
