"""Okapi over postings against the library's, by NumPy and by the compiled loops."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.bm25 import okapi
from index.bm25.okapi import Groups, Okapi, load_kernels
from index.bm25.postings import invert, pair

K1, B = 1.2, 0.5
VOCABULARY = 9  # the last of which never occurs

_document = st.lists(st.integers(0, VOCABULARY - 2), max_size=12)
_documents = st.lists(_document, max_size=24)
_terms = st.lists(st.integers(0, VOCABULARY - 1), max_size=VOCABULARY, unique=True)
_spans = st.integers(1, 7)
_scores = st.sampled_from([-2.5, -1.0, 0.0, 0.25, 0.5, 3.0, 100.0])


@pytest.fixture(params=["numpy", "compiled"], scope="module", autouse=True)
def _way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run each test by NumPy alone and with the compiled loops."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(okapi, "_kernels", None)
        if request.param == "compiled":
            load_kernels()
            assert okapi._kernels  # noqa: SLF001 - else it would be NumPy twice
        yield


@st.composite
def grouped(draw: st.DrawFn) -> tuple[list[list[int]], Groups]:
    """Documents in groups, some of them empty, with something added and a filter, or neither."""
    sizes = draw(st.lists(st.integers(0, 5), max_size=8))
    count = sum(sizes)
    documents = draw(st.lists(_document, min_size=count, max_size=count))
    of = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    added = draw(st.just([]) | st.lists(_scores, min_size=len(sizes), max_size=len(sizes)))
    within = draw(st.just([]) | st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    return documents, Groups(of, np.array(added, np.float64), np.array(within, np.bool_))


def index(documents: Sequence[Sequence[int]], span: int = 4096) -> Okapi:
    """The index of some documents."""
    tokens = np.array(list(chain(*documents)), np.int32)
    offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    return Okapi.build(tokens, offsets, VOCABULARY, k1=K1, b=B, span=span)


def best(
    ranker: Okapi, documents: Sequence[Sequence[int]], terms: Sequence[int], groups: Groups
) -> list[tuple[int, float]]:
    """All documents that match, best first, ties by position, in plain Python."""
    scores = ranker.scores(terms).tolist()
    found = []
    for position, document in enumerate(documents):
        if not set(document) & set(terms):
            continue
        if len(groups.within) and not groups.within[groups.of[position]]:
            continue
        added = float(groups.added[groups.of[position]]) if len(groups.added) else 0.0
        found.append((position, scores[position] + added))
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def hits(
    search: Callable[..., tuple[NDArray[np.int32], NDArray[np.float64]]], *asked: object
) -> list[tuple[int, float]]:
    """What a search finds, as plain numbers."""
    positions, scores = search(*asked)
    return list(zip(positions.tolist(), scores.tolist(), strict=True))


NO_GROUPS = Groups(np.empty(0, np.int32))


@given(documents=_documents, terms=_terms, span=_spans)
def test_scores_are_those_of_the_library(
    documents: list[list[int]], terms: list[int], span: int
) -> None:
    ranker = index(documents, span)
    scores = ranker.scores(terms)
    assert len(scores) == len(documents)
    if any(documents):  # else the library cannot be asked
        expected = BM25Okapi(documents, k1=K1, b=B).get_scores(terms)
        assert scores == pytest.approx(expected, abs=1e-9)
    found = hits(ranker.top, terms, len(documents) + 1)
    assert found == best(ranker, documents, terms, NO_GROUPS)


@given(coverage=grouped(), terms=_terms, span=_spans, k=st.integers(0, 12))
def test_the_best_are_those_of_all(
    coverage: tuple[list[list[int]], Groups], terms: list[int], span: int, k: int
) -> None:
    documents, groups = coverage
    ranker = index(documents, span)
    expected = best(ranker, documents, terms, groups)[:k]
    assert hits(ranker.top, terms, k, groups) == expected
    assert hits(ranker.top_of_all, terms, k, groups) == expected


@given(documents=_documents)
def test_postings_are_where_and_how_often_terms_occur(documents: list[list[int]]) -> None:
    tokens = np.array(list(chain(*documents)), np.int32)
    of = np.repeat(np.arange(len(documents)), [*map(len, documents)])
    lengths = np.array([*map(len, documents)], np.int64)
    postings = invert(np.sort(pair(tokens, of)), lengths, VOCABULARY)
    assert len(postings.starts) == VOCABULARY + 1
    ranker = index(documents)
    for term in range(VOCABULARY):
        of_term = slice(postings.starts[term], postings.starts[term + 1])
        expected = [
            (position, document.count(term))
            for position, document in enumerate(documents)
            if term in document
        ]
        counts = postings.kinds.tf[postings.codes[of_term]].tolist()
        assert list(zip(postings.documents[of_term].tolist(), counts, strict=True)) == expected
        assert ranker.positions(term).tolist() == [position for position, _ in expected]
        assert ranker.document_frequency(term) == len(expected)
        for position, document in enumerate(documents):
            assert (position in ranker.positions(term)) == (term in document)


def test_a_large_corpus_is_ranked_alike_range_by_range() -> None:
    dice = np.random.default_rng(5)
    vocabulary, size = 2000, 30_000
    tokens = np.minimum(dice.zipf(1.3, size * 12), vocabulary).astype(np.int32) - 1
    offsets = np.arange(size + 1, dtype=np.int64) * 12
    group_of = np.sort(dice.integers(0, 2500, size)).astype(np.int32)
    ranker = Okapi.build(tokens, offsets, vocabulary, k1=K1, b=B)
    for count in (1, 3, 10, 1000):
        for share in (0.0, 0.001, 0.5, 1.0):
            terms = dice.choice(vocabulary, count, replace=False).tolist()
            groups = Groups(group_of, dice.random(2500) * 5, dice.random(2500) < share)
            assert hits(ranker.top, terms, 80, groups) == hits(ranker.top_of_all, terms, 80, groups)


def test_it_is_the_same_from_read_only_files(tmp_path: Path) -> None:
    documents = [[0, 1, 1], [1, 2], [], [3, 0, 0, 0], [1]]
    ranker = index(documents)
    for name, array in ranker.arrays().items():
        np.save(tmp_path / name, array)
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in tmp_path.iterdir()}
    again = Okapi.from_arrays(arrays)
    for name, array in again.arrays().items():
        assert np.shares_memory(array, arrays[name])
    of = np.array([0, 0, 1, 1, 2], np.int32)
    of.flags.writeable = False
    for terms in ([0], [0, 1], [4], []):
        groups = Groups(of, ranker.scores(terms)[:3])
        assert hits(again.top, terms, 3, groups) == hits(ranker.top, terms, 3, groups)
        assert again.scores(terms).tolist() == ranker.scores(terms).tolist()


def test_more_pairs_of_count_and_length_than_fit_sixteen_bits() -> None:
    # Document n holds term 0 once, term 1 twice, and so on, for as long as n tokens last.
    text = np.repeat(np.arange(70, dtype=np.int32), np.arange(1, 71))
    documents = [text[:length] for length in range(2000)]
    offsets = np.cumsum([0, *range(2000)], dtype=np.int64)
    ranker = Okapi.build(np.concatenate(documents), offsets, 70, k1=K1, b=B)
    assert ranker.arrays()["codes"].dtype == np.uint32
    terms = [3, 60, 5, 44]
    library = BM25Okapi([document.tolist() for document in documents], k1=K1, b=B)
    scores = ranker.scores(terms)
    assert scores == pytest.approx(library.get_scores(terms), abs=1e-9)
    expected = np.lexsort((np.arange(2000), -scores))[:10]
    found = hits(ranker.top, terms, 10)
    assert found == list(zip(expected.tolist(), scores[expected].tolist(), strict=True))


@pytest.mark.parametrize("term", [-1, VOCABULARY])
def test_a_number_that_is_no_term_is_an_error(term: int) -> None:
    ranker = index([[0], [1]])
    with pytest.raises(IndexError):
        ranker.top([0, term], 3)
    with pytest.raises(IndexError):
        ranker.scores([term])


def test_the_compiler_is_not_imported_before_it_is_wanted() -> None:
    program = "import sys, index.bm25.okapi; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_ranking_goes_on_where_nothing_can_be_compiled(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(okapi, "_kernels", None)
    monkeypatch.delattr("index.bm25.kernels", raising=False)
    monkeypatch.setitem(sys.modules, "index.bm25.kernels", None)
    load_kernels()
    assert "without compiled loops" in caplog.text
    positions, _ = index([[0, 1], [1], [2], [3], [4]]).top([0], 3)
    assert positions.tolist() == [0]
