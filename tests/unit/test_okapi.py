"""Okapi over postings against the library's, by NumPy and by the compiled loops."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.retrieval.bm25 import kernels
from index.retrieval.bm25.impacts import Weights, weigh
from index.retrieval.bm25.kernels import Search, compiled
from index.retrieval.bm25.okapi import DocumentGroups, Okapi
from index.retrieval.bm25.postings import Postings
from index.retrieval.bm25.statistics import Statistics
from reference_okapi import inverted, postings_of, ranker, weights_of

K1, B = 1.2, 0.5
VOCABULARY = 9  # the last of which never occurs

_document = st.lists(st.integers(0, VOCABULARY - 2), max_size=12)
_documents = st.lists(_document, max_size=24)
_terms = st.lists(st.integers(0, VOCABULARY - 1), max_size=VOCABULARY, unique=True)
_spans = st.integers(1, 7)
_wanted = st.integers(0, 12) | st.sampled_from([4096, 4097])
_scores = st.sampled_from([-2.5, -1.0, 0.0, 0.25, 0.5, 3.0, 100.0])


@pytest.fixture(params=["numpy", "compiled"], scope="module", autouse=True)
def _way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run each test by NumPy alone and with the compiled loops."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "numpy":
            patch.setattr(kernels, "_library", None)
        elif kernels._library is None:  # noqa: SLF001 - else it would be NumPy twice
            pytest.skip("not compiled here; test_compiling.py tells where the loops must be")
        yield


@st.composite
def grouped(draw: st.DrawFn) -> tuple[list[list[int]], DocumentGroups]:
    """Documents in groups, some of them empty, with something added and a filter, or neither."""
    sizes = draw(st.lists(st.integers(0, 5), max_size=8))
    count = sum(sizes)
    documents = draw(st.lists(_document, min_size=count, max_size=count))
    of = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    added = draw(st.just([]) | st.lists(_scores, min_size=len(sizes), max_size=len(sizes)))
    within = draw(st.just([]) | st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    return documents, DocumentGroups(of, np.array(added, np.float64), np.array(within, np.bool_))


def index(documents: Sequence[Sequence[int]], span: int = 4096, *, wide: bool = False) -> Okapi:
    """The ranker over some documents."""
    postings = postings_of(documents, VOCABULARY)
    return ranker(widened(postings) if wide else postings, K1, B, span)


def widened(postings: Postings) -> Postings:
    """The same with the codes that more kinds of postings would need."""
    return replace(postings, codes=postings.codes.astype(np.uint32))


def best(
    okapi: Okapi, documents: Sequence[Sequence[int]], terms: Sequence[int], groups: DocumentGroups
) -> list[tuple[int, float]]:
    """All documents that match, best first, ties by position, in plain Python."""
    scores = okapi.scores(terms).tolist()
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


NO_GROUPS = DocumentGroups(np.empty(0, np.int32))


@given(documents=_documents, terms=_terms, span=_spans, wide=st.booleans())
def test_scores_are_those_of_the_library(
    documents: list[list[int]], terms: list[int], span: int, *, wide: bool
) -> None:
    okapi = index(documents, span, wide=wide)
    scores = okapi.scores(terms)
    assert len(scores) == len(documents)
    if any(documents):  # else the library cannot be asked
        expected = BM25Okapi(documents, k1=K1, b=B).get_scores(terms)
        assert scores == pytest.approx(expected, abs=1e-9)
    found = hits(okapi.top, terms, len(documents) + 1)
    assert found == best(okapi, documents, terms, NO_GROUPS)


@given(coverage=grouped(), terms=_terms, span=_spans, k=_wanted, wide=st.booleans())
def test_the_best_are_those_of_all(
    coverage: tuple[list[list[int]], DocumentGroups],
    terms: list[int],
    span: int,
    k: int,
    *,
    wide: bool,
) -> None:
    documents, groups = coverage
    okapi = index(documents, span, wide=wide)
    expected = best(okapi, documents, terms, groups)[:k]
    assert hits(okapi.top, terms, k, groups) == expected
    assert hits(okapi.top_of_all, terms, k, groups) == expected


@given(
    first=_documents,
    second=_documents,
    fewer=st.integers(0, 3),
    terms=_terms,
    k=st.integers(0, 12),
    data=st.data(),
)
def test_of_two_segments_it_ranks_what_there_is_as_of_one(  # noqa: PLR0913, PLR0917
    first: list[list[int]],
    second: list[list[int]],
    fewer: int,
    terms: list[int],
    k: int,
    data: st.DataObject,
) -> None:
    known = VOCABULARY - fewer  # terms that are in the first segment
    first = [[term for term in document if term < known] for document in first]
    flags = st.lists(st.booleans(), min_size=len(first), max_size=len(first))
    stays = [*data.draw(flags), *(True for _ in second)]
    parts = [postings_of(first, known), postings_of(second, VOCABULARY)]
    gone = postings_of([one for one, stay in zip(first, stays, strict=False) if not stay], known)
    statistics = Statistics.of(parts[0]) + Statistics.of(parts[1]) + -Statistics.of(gone)
    weights = weigh([one.kinds for one in parts], statistics, K1, B)
    okapi = Okapi(parts, weights, span=3)
    there_are = [at for at, stay in enumerate(stays) if stay]
    documents = [[*first, *second][at] for at in there_are]
    alone = index(documents)
    of = np.arange(len(stays), dtype=np.int32)
    groups = DocumentGroups(of, within=np.array(stays, np.bool_))
    expected = [(there_are[at], score) for at, score in hits(alone.top, terms, k)]
    assert hits(okapi.top, terms, k, groups) == expected
    assert hits(okapi.top_of_all, terms, k, groups) == expected
    assert okapi.scores(terms)[there_are].tolist() == alone.scores(terms).tolist()
    for term in range(VOCABULARY):
        assert okapi.document_frequency(term) == alone.document_frequency(term)
        positions = [at for at in okapi.positions(term).tolist() if stays[at]]
        assert positions == [there_are[at] for at in alone.positions(term).tolist()]


@given(
    coverage=grouped(),
    cuts=st.lists(st.floats(0, 1), max_size=3),
    terms=_terms,
    span=_spans,
    k=_wanted,
    wide=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_of_any_segments_it_finds_the_same_to_the_bit(  # noqa: PLR0913, PLR0917 - all that matters
    coverage: tuple[list[list[int]], DocumentGroups],
    cuts: list[float],
    terms: list[int],
    span: int,
    k: int,
    wide: list[bool],
) -> None:
    documents, groups = coverage
    ends = [0, *sorted(round(cut * len(documents)) for cut in cuts), len(documents)]
    parts = [postings_of(documents[first:end], VOCABULARY) for first, end in pairwise(ends)]
    parts = [widened(one) if width else one for one, width in zip(parts, wide, strict=False)]
    statistics = Statistics.of(postings_of(documents, VOCABULARY))
    okapi = Okapi(parts, weigh([one.kinds for one in parts], statistics, K1, B), span=span)
    alone = index(documents)
    found = (okapi.scores(terms), *okapi.top(terms, k, groups))
    expected = (alone.scores(terms), *alone.top_of_all(terms, k, groups))
    assert [one.tobytes() for one in found] == [one.tobytes() for one in expected]


@given(documents=_documents)
def test_postings_are_where_and_how_often_terms_occur(documents: list[list[int]]) -> None:
    postings = postings_of(documents, VOCABULARY)
    assert len(postings.starts) == VOCABULARY + 1
    okapi = index(documents)
    for term in range(VOCABULARY):
        of_term = slice(postings.starts[term], postings.starts[term + 1])
        expected = [
            (position, document.count(term))
            for position, document in enumerate(documents)
            if term in document
        ]
        counts = postings.kinds.tf[postings.codes[of_term]].tolist()
        assert list(zip(postings.documents[of_term].tolist(), counts, strict=True)) == expected
        assert okapi.positions(term).tolist() == [position for position, _ in expected]
        assert okapi.document_frequency(term) == len(expected)
        for position, document in enumerate(documents):
            assert (position in okapi.positions(term)) == (term in document)


def test_a_large_corpus_is_ranked_alike_range_by_range() -> None:
    dice = np.random.default_rng(5)
    vocabulary, size = 2000, 30_000
    tokens = np.minimum(dice.zipf(1.3, size * 12), vocabulary).astype(np.int32) - 1
    offsets = np.arange(size + 1, dtype=np.int64) * 12
    group_of = np.sort(dice.integers(0, 2500, size)).astype(np.int32)
    okapi = ranker(inverted(tokens, offsets, vocabulary), K1, B)
    for count in (1, 3, 10, 1000):
        for share in (0.0, 0.001, 0.5, 1.0):
            terms = dice.choice(vocabulary, count, replace=False).tolist()
            groups = DocumentGroups(group_of, dice.random(2500) * 5, dice.random(2500) < share)
            assert hits(okapi.top, terms, 80, groups) == hits(okapi.top_of_all, terms, 80, groups)


def test_it_is_the_same_from_read_only_files(tmp_path: Path) -> None:
    documents = [[0, 1, 1], [1, 2], [], [3, 0, 0, 0], [1]]
    okapi = index(documents)
    postings = postings_of(documents, VOCABULARY)
    weights = weights_of(postings, K1, B)

    def kept(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        for name, array in arrays.items():
            np.save(tmp_path / name, array)
        return {name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in arrays}

    again = Okapi(
        [Postings.from_arrays(postings.size, kept(postings.arrays()))],
        Weights.from_arrays(kept(weights.arrays())),
    )
    of = np.array([0, 0, 1, 1, 2], np.int32)
    of.flags.writeable = False
    for terms in ([0], [0, 1], [4], []):
        groups = DocumentGroups(of, okapi.scores(terms)[:3])
        assert hits(again.top, terms, 3, groups) == hits(okapi.top, terms, 3, groups)
        assert again.scores(terms).tolist() == okapi.scores(terms).tolist()


def test_more_pairs_of_count_and_length_than_fit_sixteen_bits() -> None:
    # Document n holds term 0 once, term 1 twice, and so on, for as long as n tokens last.
    text = np.repeat(np.arange(70, dtype=np.int32), np.arange(1, 71))
    documents = [text[:length].tolist() for length in range(2000)]
    postings = postings_of(documents, 70)
    okapi = ranker(postings, K1, B)
    assert postings.codes.dtype == np.uint32
    terms = [3, 60, 5, 44]
    library = BM25Okapi(documents, k1=K1, b=B)
    scores = okapi.scores(terms)
    assert scores == pytest.approx(library.get_scores(terms), abs=1e-9)
    expected = np.lexsort((np.arange(2000), -scores))[:10]
    found = hits(okapi.top, terms, 10)
    assert found == list(zip(expected.tolist(), scores[expected].tolist(), strict=True))


@pytest.mark.parametrize("term", [-1, VOCABULARY])
def test_a_number_that_is_no_term_is_an_error(term: int) -> None:
    okapi = index([[0], [1]])
    with pytest.raises(IndexError):
        okapi.top([0, term], 3)
    with pytest.raises(IndexError):
        okapi.scores([term])


def test_what_is_not_as_the_loops_take_it_is_an_error() -> None:
    postings = postings_of([[0, 1], [1], [2]], VOCABULARY)
    segments = compiled(weights_of(postings, K1, B).impacts([postings]))
    if segments is None:
        pytest.skip("NumPy takes what it gets")
    terms = np.array([0], np.int32)
    with pytest.raises(IndexError):
        segments[0].search_segment(Search(terms, 3, DocumentGroups(np.zeros(2, np.int32)), 4))
    with pytest.raises(TypeError):
        Search(terms, 3, DocumentGroups(np.zeros(3, np.int64)), 4)
    with pytest.raises(TypeError):
        Search(terms, 3, DocumentGroups(np.zeros(6, np.int32)[::2]), 4)
