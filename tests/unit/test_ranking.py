"""Our Okapi against the library's, and the traps of small corpora."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from index.ranking import Okapi

K1, B = 1.2, 0.5

_words = st.sampled_from("abcdefgh")
_documents = st.lists(st.lists(_words, max_size=12), max_size=12)


@given(documents=_documents, query=st.lists(_words, max_size=6, unique=True))
def test_scores_are_those_of_the_library(documents: list[list[str]], query: list[str]) -> None:
    found = Okapi(documents, K1, B).top(query, len(documents) + 1)
    matching = {at for at, document in enumerate(documents) if set(document) & set(query)}
    assert {hit.position for hit in found} == matching
    if not any(documents):  # the library cannot be asked
        return
    expected = BM25Okapi(documents, k1=K1, b=B).get_scores(query)
    assert Okapi(documents, K1, B).get_scores(query) == pytest.approx(expected, abs=1e-9)
    for hit in found:
        assert hit.score == pytest.approx(expected[hit.position], abs=1e-9)
    assert found == sorted(found, key=lambda hit: (-hit.score, hit.position))


@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]])
def test_without_terms_nothing_is_found(documents: list[list[str]]) -> None:
    ranker = Okapi(documents, K1, B)
    assert ranker.top(["a"], 3) == []
    assert ranker.document_frequency("a") == 0


def test_a_match_is_found_though_its_score_is_not_above_zero() -> None:
    [only] = Okapi([["a", "b"]], K1, B).top(["a"], 3)
    assert only.score <= 0
    assert [hit.position for hit in Okapi([["a"], ["b"]], K1, B).top(["a"], 3)] == [0]
    assert [hit.position for hit in Okapi([["a"], ["a"], ["b"]], K1, B).top(["b"], 3)] == [2]


def test_the_best_k_come_with_ties_in_order() -> None:
    ranker = Okapi([["x", "y"]] * 50 + [["z"]] * 60, K1, B)
    assert [hit.position for hit in ranker.top(["x", "unknown"], 4)] == [0, 1, 2, 3]
    assert ranker.document_frequency("x") == np.int64(50)
