"""Okapi over posting lists against rank-bm25, with NumPy and with the compiled loops."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.retrieval.bm25 import kernels
from index.retrieval.bm25.impacts import Weights, weigh
from index.retrieval.bm25.kernels import DocumentGroups, Search, load_segments
from index.retrieval.bm25.okapi import Okapi
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
_priors = st.sampled_from([-2.5, -1.0, 0.0, 0.25, 0.5, 3.0, 100.0])


class Groups(NamedTuple):
    """The arguments of `Okapi.top` that concern groups of documents."""

    groups: DocumentGroups
    prior: NDArray[np.float64] = np.empty(0)
    mask: NDArray[np.bool_] = np.empty(0, np.bool_)


@pytest.fixture(params=["numpy", "compiled"], scope="module", autouse=True)
def _loops(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run each test by NumPy alone and with the compiled loops."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "numpy":
            patch.setattr(kernels, "_library", None)
        elif kernels._library is None:  # noqa: SLF001 - else it would be NumPy twice
            pytest.skip("not compiled here; test_build_hook.py checks where they must be")
        yield


@st.composite
def grouped(draw: st.DrawFn) -> tuple[list[list[int]], Groups]:
    """Documents in groups, some of them empty, with or without priors and a mask."""
    sizes = draw(st.lists(st.integers(0, 5), max_size=8))
    count = sum(sizes)
    documents = draw(st.lists(_document, min_size=count, max_size=count))
    of = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    prior = draw(st.just([]) | st.lists(_priors, min_size=len(sizes), max_size=len(sizes)))
    mask = draw(st.just([]) | st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    return documents, Groups(
        DocumentGroups(of), np.array(prior, np.float64), np.array(mask, np.bool_)
    )


def index(documents: Sequence[Sequence[int]], span: int = 4096, *, wide: bool = False) -> Okapi:
    """The ranker over some documents."""
    postings = postings_of(documents, VOCABULARY)
    return ranker(widened(postings) if wide else postings, K1, B, span)


def widened(postings: Postings) -> Postings:
    """The same with the class ids of 32 bits that more classes would need."""
    return replace(postings, class_ids=postings.class_ids.astype(np.uint32))


def best(
    okapi: Okapi, documents: Sequence[Sequence[int]], terms: Sequence[int], groups: Groups
) -> list[tuple[int, float]]:
    """All documents that match, best first, ties by position, in plain Python."""
    scores = okapi.scores(terms).tolist()
    found = []
    for position, document in enumerate(documents):
        if not set(document) & set(terms):
            continue
        group = groups.groups.of[position] if len(groups.groups.of) else 0
        if len(groups.mask) and not groups.mask[group]:
            continue
        prior = float(groups.prior[group]) if len(groups.prior) else 0.0
        found.append((position, scores[position] + prior))
    return sorted(found, key=lambda hit: (-hit[1], hit[0]))


def hits(
    search: Callable[..., tuple[NDArray[np.int32], NDArray[np.float64]]],
    terms: Sequence[int],
    k: int,
    groups: Iterable[object] = (),
) -> list[tuple[int, float]]:
    """The positions and scores that a search returns, as plain numbers."""
    positions, scores = search(terms, k, *groups)
    return list(zip(positions.tolist(), scores.tolist(), strict=True))


NO_GROUPS = Groups(DocumentGroups(np.empty(0, np.int32)))


@given(documents=_documents, terms=_terms, span=_spans, wide=st.booleans())
def test_scores_match_rank_bm25(
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
def test_top_k_matches_a_full_sort(
    coverage: tuple[list[list[int]], Groups],
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
def test_two_segments_with_removed_documents_rank_like_one(  # noqa: PLR0913, PLR0917
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
    present = [*data.draw(flags), *(True for _ in second)]
    parts = [postings_of(first, known), postings_of(second, VOCABULARY)]
    removed = postings_of(
        [one for one, is_in in zip(first, present, strict=False) if not is_in], known
    )
    statistics = Statistics.of(parts[0]) + Statistics.of(parts[1]) + -Statistics.of(removed)
    weights = weigh([one.classes for one in parts], statistics, K1, B)
    okapi = Okapi(parts, weights, span=3)
    kept = [at for at, is_in in enumerate(present) if is_in]
    documents = [[*first, *second][at] for at in kept]
    alone = index(documents)
    of = np.arange(len(present), dtype=np.int32)
    groups = Groups(DocumentGroups(of), mask=np.array(present, np.bool_))
    expected = [(kept[at], score) for at, score in hits(alone.top, terms, k)]
    assert hits(okapi.top, terms, k, groups) == expected
    assert hits(okapi.top_of_all, terms, k, groups) == expected
    assert okapi.scores(terms)[kept].tolist() == alone.scores(terms).tolist()
    for term in range(VOCABULARY):
        assert okapi.document_frequency(term) == alone.document_frequency(term)
        positions = [at for at in okapi.positions(term).tolist() if present[at]]
        assert positions == [kept[at] for at in alone.positions(term).tolist()]


@given(
    coverage=grouped(),
    cuts=st.lists(st.floats(0, 1), max_size=3),
    terms=_terms,
    span=_spans,
    k=_wanted,
    wide=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_any_split_into_segments_gives_identical_results(  # noqa: PLR0913, PLR0917 - all that matters
    coverage: tuple[list[list[int]], Groups],
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
    okapi = Okapi(parts, weigh([one.classes for one in parts], statistics, K1, B), span=span)
    alone = index(documents)
    found = (okapi.scores(terms), *okapi.top(terms, k, *groups))
    expected = (alone.scores(terms), *alone.top_of_all(terms, k, *groups))
    assert [one.tobytes() for one in found] == [one.tobytes() for one in expected]


@given(documents=_documents)
def test_postings_have_each_occurrence_and_its_frequency(documents: list[list[int]]) -> None:
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
        counts = postings.classes.tf[postings.class_ids[of_term]].tolist()
        assert list(zip(postings.documents[of_term].tolist(), counts, strict=True)) == expected
        assert okapi.positions(term).tolist() == [position for position, _ in expected]
        assert okapi.document_frequency(term) == len(expected)
        for position, document in enumerate(documents):
            assert (position in okapi.positions(term)) == (term in document)


def test_many_ranges_of_documents_rank_like_a_full_sort() -> None:
    dice = np.random.default_rng(5)
    vocabulary, size = 2000, 30_000
    tokens = np.minimum(dice.zipf(1.3, size * 12), vocabulary).astype(np.int32) - 1
    offsets = np.arange(size + 1, dtype=np.int64) * 12
    of_documents = DocumentGroups(np.sort(dice.integers(0, 2500, size)).astype(np.int32))
    okapi = ranker(inverted(tokens, offsets, vocabulary), K1, B)
    for count in (1, 3, 10, 1000):
        for share in (0.0, 0.001, 0.5, 1.0):
            terms = dice.choice(vocabulary, count, replace=False).tolist()
            groups = Groups(of_documents, dice.random(2500) * 5, dice.random(2500) < share)
            assert hits(okapi.top, terms, 80, groups) == hits(okapi.top_of_all, terms, 80, groups)


def test_read_only_mapped_arrays_give_identical_results(tmp_path: Path) -> None:
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
        groups = Groups(DocumentGroups(of), okapi.scores(terms)[:3])
        assert hits(again.top, terms, 3, groups) == hits(okapi.top, terms, 3, groups)
        assert again.scores(terms).tolist() == okapi.scores(terms).tolist()


def test_more_posting_classes_than_fit_sixteen_bits() -> None:
    # Document n holds term 0 once, term 1 twice, and so on, for as long as n tokens last.
    text = np.repeat(np.arange(70, dtype=np.int32), np.arange(1, 71))
    documents = [text[:length].tolist() for length in range(2000)]
    postings = postings_of(documents, 70)
    okapi = ranker(postings, K1, B)
    assert postings.class_ids.dtype == np.uint32
    terms = [3, 60, 5, 44]
    library = BM25Okapi(documents, k1=K1, b=B)
    scores = okapi.scores(terms)
    assert scores == pytest.approx(library.get_scores(terms), abs=1e-9)
    expected = np.lexsort((np.arange(2000), -scores))[:10]
    found = hits(okapi.top, terms, 10)
    assert found == list(zip(expected.tolist(), scores[expected].tolist(), strict=True))


@pytest.mark.parametrize("term", [-1, VOCABULARY])
def test_unknown_terms_are_rejected(term: int) -> None:
    okapi = index([[0], [1]])
    with pytest.raises(IndexError):
        okapi.top([0, term], 3)
    with pytest.raises(IndexError):
        okapi.scores([term])


@pytest.mark.parametrize("of", [[-1, 0, 0], [0, 2, 1], [5, 0, 0]])
def test_group_numbers_that_do_not_ascend_are_rejected(of: list[int]) -> None:
    with pytest.raises(IndexError):
        DocumentGroups(np.array(of, np.int32))


@pytest.mark.parametrize("of", [[0, 1, 2], [0, 0, 10**9]])
def test_priors_and_masks_must_cover_all_groups(of: list[int]) -> None:
    okapi = index([[0], [0], [0]])
    groups = DocumentGroups(np.array(of, np.int32))
    for search in (okapi.top, okapi.top_of_all):
        with pytest.raises(IndexError):
            search([0], 3, groups, np.zeros(2))
        with pytest.raises(IndexError):
            search([0], 3, groups, mask=np.ones(2, np.bool_))


def test_documents_without_a_group_are_rejected() -> None:
    okapi = index([[0], [0], [0]])
    with pytest.raises(IndexError):
        okapi.top([0], 3, DocumentGroups(np.zeros(2, np.int32)), np.zeros(1))


@pytest.mark.parametrize("of", [np.zeros(3, np.int64), np.zeros(6, np.int32)[::2]])
def test_group_numbers_of_another_type_or_layout_are_rejected(of: NDArray[Any]) -> None:
    with pytest.raises(TypeError):
        DocumentGroups(of)


def test_arrays_that_the_loops_cannot_take_are_rejected() -> None:
    postings = postings_of([[0, 1], [1], [2]], VOCABULARY)
    [segment] = weights_of(postings, K1, B).impacts([postings])
    if load_segments([segment]) is None:
        pytest.skip("NumPy checks its own arguments")
    with pytest.raises(ValueError, match="different lengths"):
        load_segments([segment._replace(starts=segment.starts + 1)])
    with pytest.raises(TypeError):
        load_segments([segment._replace(idf=segment.idf.astype(np.float32))])
    terms, groups = np.array([0], np.int32), DocumentGroups(np.zeros(3, np.int32))
    with pytest.raises(TypeError):
        Search(terms, 3, 4, groups, np.zeros(1, np.float32), np.empty(0, np.bool_))
