"""The contract of the seam `Reader`, from the question to the answer."""

from dataclasses import replace

import pytest

from fakes.reader import FakeReader
from index.answers import pipeline, reader
from index.answers.pipeline import answer
from index.answers.reader import MAX_READ
from index.model import Answer, Article
from index.retrieval.embedded.searcher import Searcher

_QUESTION = "When does the ferry sail?"
_SIZE = 30
# The later a paragraph, the longer, and the lower it ranks without a reader.
_TEXTS = [f"The ferry sails at {hour} o’clock{'!' * hour}" for hour in range(_SIZE)]


@pytest.fixture
def searcher() -> Searcher:
    article = Article("a", "Ferry", "Post", "", "2021", "", brief=False, paragraphs=_SIZE)
    return Searcher.of([(article, _TEXTS)])


def _numbers(found: Answer) -> list[int]:
    return [hit.passage.number for hit in found.hits]


def test_the_first_passages_are_ordered_by_the_reader_and_the_rest_follow(
    searcher: Searcher,
) -> None:
    ranked = _numbers(answer(searcher, _QUESTION, top=_SIZE))
    long_first = FakeReader()
    found = answer(searcher, _QUESTION, top=_SIZE, reader=long_first)
    first = sorted(ranked[:MAX_READ], key=lambda number: -len(_TEXTS[number - 1]))
    assert first != ranked[:MAX_READ]
    assert _numbers(found) == first + ranked[MAX_READ:]
    assert found.passages_read == MAX_READ < _SIZE
    [call] = long_first.calls
    assert call.question == _QUESTION
    assert call.passages == [_TEXTS[number - 1] for number in ranked[:MAX_READ]]


def test_every_quotation_stays_verbatim(searcher: Searcher) -> None:
    found = answer(searcher, _QUESTION, top=_SIZE, reader=FakeReader())
    for hit in found.hits:
        assert hit.passage.text == _TEXTS[hit.passage.number - 1]
        assert hit.sentence in hit.passage.text


def test_equal_logits_keep_the_order(searcher: Searcher) -> None:
    found = answer(searcher, _QUESTION, top=_SIZE, reader=FakeReader(lambda _: 7.0))
    assert _numbers(found) == _numbers(answer(searcher, _QUESTION, top=_SIZE))


def test_no_logits_in_time_leave_the_answer_unchanged(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "READ_WITHIN_S", 0.0)
    late = FakeReader()
    found = answer(searcher, _QUESTION, top=5, more=9, reader=late)
    without = answer(searcher, _QUESTION, top=5, more=9)
    assert late.calls
    assert found.passages_read == 0
    assert replace(found, took_ms=0) == replace(without, took_ms=0)


def test_without_candidates_nothing_is_read(searcher: Searcher) -> None:
    unused = FakeReader()
    for question in ("quantum chromodynamics", "hello"):
        assert answer(searcher, question, top=3, reader=unused).passages_read == 0
    assert not unused.calls


def test_both_searches_of_a_follow_up_share_one_deadline(searcher: Searcher) -> None:
    recording = FakeReader()
    answer(searcher, "what about ferry?", before=_QUESTION, top=3, reader=recording)
    combined, alone = recording.calls
    assert combined.question == "When does the ferry sail, what about ferry?"
    assert alone.question == "what about ferry?"
    assert combined.deadline == alone.deadline


def test_all_of_a_few_passages_are_read(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_READ", _SIZE + 1)
    found = answer(searcher, _QUESTION, top=3, reader=FakeReader())
    assert found.passages_read == _SIZE
    assert _numbers(found) == [30, 29, 28]
