"""The contract of the seam `Reader`, from the question to the answer."""

from dataclasses import replace

import pytest

from fakes.reader import FakeReader
from index import MEMORY, SAMPLE, Source, open_engine
from index.answers import pipeline
from index.answers.config import AnswerConfig
from index.answers.pipeline import answer
from index.model import Answer, Article, Outcome
from index.retrieval.embedded.searcher import Searcher

_QUESTION = "When does the ferry sail?"
_SIZE = 30
_READ = 12
# The later a paragraph, the longer, and the lower it ranks without a reader.
_TEXTS = [f"The ferry sails at {hour} o’clock{'!' * hour}" for hour in range(_SIZE)]
_UNRELATED = ["It was a mild winter.", "The old bakery sells rye bread."]


@pytest.fixture
def searcher() -> Searcher:
    return _searcher(_TEXTS)


def _searcher(texts: list[str]) -> Searcher:
    article = Article("a", "Ferry", "Post", "", "2021", "", brief=False, paragraphs=len(texts))
    return Searcher.of([(article, texts)])


def _numbers(found: Answer) -> list[int]:
    return [hit.passage.number for hit in found.hits]


def _longest_first(numbers: list[int]) -> list[int]:
    return sorted(numbers, key=lambda number: -len(_TEXTS[number - 1]))


def test_the_first_passages_are_ordered_by_the_reader_and_the_rest_follow(
    searcher: Searcher,
) -> None:
    ranked = _numbers(answer(searcher, _QUESTION, top=_SIZE))
    long_first = FakeReader(max_passages=_READ)
    found = answer(searcher, _QUESTION, top=_SIZE, readers=[long_first])
    first = _longest_first(ranked[:_READ])
    assert first != ranked[:_READ]
    assert _numbers(found) == first + ranked[_READ:]
    assert found.passages_read == _READ < _SIZE
    [call] = long_first.calls
    assert call.question == _QUESTION
    assert call.passages == [_TEXTS[number - 1] for number in ranked[:_READ]]


def test_passages_read_in_time_come_first_and_the_others_follow_as_ranked(
    searcher: Searcher,
) -> None:
    ranked = _numbers(answer(searcher, _QUESTION, top=_SIZE))
    # Even with bad logits, the read ones come first: the logits of the others could be worse.
    for logit in (lambda text: 9.0 * len(text), lambda text: 9.0 * len(text) - 900):
        slow = FakeReader(logit, max_passages=_READ, in_time=5)
        found = answer(searcher, _QUESTION, top=_SIZE, readers=[slow])
        assert _numbers(found) == _longest_first(ranked[:5]) + ranked[5:]
        assert found.passages_read == 5


def test_each_reader_reads_the_best_of_the_one_before(searcher: Searcher) -> None:
    sifts = FakeReader(max_passages=_READ)
    judges = FakeReader(lambda text: -10.0 * len(text), max_passages=3)
    found = answer(searcher, _QUESTION, top=_SIZE, readers=[sifts, judges])
    alone = _numbers(answer(searcher, _QUESTION, top=_SIZE, readers=[FakeReader()]))
    assert judges.calls[0].passages == [_TEXTS[number - 1] for number in alone[:3]]
    assert _numbers(found) == alone[:3][::-1] + alone[3:]
    assert found.passages_read == _READ


def test_a_later_reader_without_time_keeps_the_order_of_the_one_before(
    searcher: Searcher,
) -> None:
    alone = answer(searcher, _QUESTION, top=_SIZE, readers=[FakeReader()])
    late = FakeReader(lambda _: 7.0, in_time=0)
    found = answer(searcher, _QUESTION, top=_SIZE, readers=[FakeReader(), late])
    assert late.calls
    assert found.hits == alone.hits


def test_every_quotation_stays_verbatim(searcher: Searcher) -> None:
    found = answer(searcher, _QUESTION, top=_SIZE, readers=[FakeReader()])
    for hit in found.hits:
        assert hit.passage.text == _TEXTS[hit.passage.number - 1]
        assert hit.sentence in hit.passage.text


def test_equal_logits_keep_the_order(searcher: Searcher) -> None:
    found = answer(searcher, _QUESTION, top=_SIZE, readers=[FakeReader(lambda _: 7.0)])
    assert _numbers(found) == _numbers(answer(searcher, _QUESTION, top=_SIZE))


@pytest.mark.parametrize("texts", [_TEXTS, [*_TEXTS[:3], *_UNRELATED], _UNRELATED])
def test_no_logits_in_time_leave_the_answer_unchanged(
    texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "READ_WITHIN_S", 0.0)
    searcher, late = _searcher(texts), FakeReader()
    found = answer(searcher, _QUESTION, top=5, more=9, readers=[late])
    without = answer(searcher, _QUESTION, top=5, more=9)
    assert late.calls
    assert found.passages_read == 0
    assert replace(found, took_ms=0) == replace(without, took_ms=0)


def test_small_talk_is_not_read(searcher: Searcher) -> None:
    unused = FakeReader()
    assert answer(searcher, "hello", top=3, readers=[unused]).passages_read == 0
    assert not unused.calls


def test_only_passages_that_share_words_are_read_in_large_coverage(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "_SMALL", _SIZE - 1)
    unused = FakeReader()
    assert answer(searcher, "quantum physics", top=3, readers=[unused]).passages_read == 0
    assert not unused.calls


def test_of_little_coverage_all_that_the_filter_admits_is_read(searcher: Searcher) -> None:
    reader = FakeReader(max_passages=_SIZE + 1)
    found = answer(searcher, "quantum physics", top=3, readers=[reader])
    assert found.passages_read == _SIZE
    assert _numbers(found) == [30, 29, 28]
    assert answer(searcher, "quantum physics after:2022", top=3, readers=[reader]).hits == ()


def test_a_follow_up_is_read_once(searcher: Searcher) -> None:
    recording = FakeReader()
    answer(searcher, "what about the boat?", previous=_QUESTION, top=3, readers=[recording])
    [call] = recording.calls
    assert call.question == "When does the boat sail?"


def test_the_shipped_readers_are_used_if_the_config_asks_for_them(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = FakeReader()
    monkeypatch.setattr(pipeline, "shipped_readers", lambda _: (shipped,))
    assert answer(searcher, _QUESTION, top=3).passages_read == 0
    assert not shipped.calls
    assert answer(searcher, _QUESTION, top=3, config=AnswerConfig(reader=True)).passages_read
    [_] = shipped.calls


async def test_in_a_hurry_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "shipped_readers", lambda _: (FakeReader(),))
    async with open_engine(MEMORY, [Source(str(SAMPLE))], AnswerConfig(reader=True)) as engine:
        await engine.reindex()
        question = "Who wants to ban TikTok?"
        assert (await engine.ask(question)).passages_read
        assert not (await engine.ask(question, hurry=True)).passages_read


@pytest.mark.parametrize("question", ["after:2025-01", "what happened?", "how?"])
def test_a_question_without_terms_reads_nothing(searcher: Searcher, question: str) -> None:
    unused = FakeReader()
    assert answer(searcher, question, top=3, readers=[unused]).hits == ()
    assert not unused.calls


def test_the_confidence_weighs_logit_coverage_and_missing_names(searcher: Searcher) -> None:
    def confidence(question: str, logit: float) -> float:
        return answer(searcher, question, top=1, readers=[FakeReader(lambda _: logit)]).confidence

    threshold = AnswerConfig().threshold_of(read=True)
    assert confidence(_QUESTION, 6) > threshold > confidence(_QUESTION, -6)
    assert confidence(_QUESTION, 2) > confidence("When does the ferry quietly vanish?", 2)
    assert confidence("When does the ferry sail to Utrecht?", 3) < threshold


def test_a_passage_that_was_read_is_shown_unless_it_is_on_another_matter(
    searcher: Searcher,
) -> None:
    def outcome(logit: float) -> Outcome:
        return answer(searcher, _QUESTION, top=1, readers=[FakeReader(lambda _: logit)]).outcome

    assert [*map(outcome, (6, -6, -12))] == [Outcome.ANSWERED, Outcome.CLOSE, Outcome.ABSENT]


def test_a_threshold_of_the_owner_holds_with_and_without_readers() -> None:
    own, default = AnswerConfig(threshold=0.9), AnswerConfig()
    assert own.threshold_of(read=True) == own.threshold_of(read=False) == 0.9
    assert default.threshold_of(read=True) > default.threshold_of(read=False)


@pytest.mark.parametrize(
    ("logits", "highlighted"),
    [
        ((0.0, 5.0), "She is on her way."),  # by reading
        ((0.0, 0.9), "The ferry sails at noon."),  # by words: reading finds no clear difference
        ((5.0, 0.0), "The ferry sails at noon."),
    ],
)
def test_the_highlight_is_the_sentence_that_the_reader_clearly_prefers(
    logits: tuple[float, float], highlighted: str
) -> None:
    sentences = ("The ferry sails at noon.", "She is on her way.")
    logit_of = dict(zip(sentences, logits, strict=True))
    reader = FakeReader(lambda text: logit_of.get(text, 1.0))
    [hit] = answer(_searcher([" ".join(sentences)]), _QUESTION, top=3, readers=[reader]).hits
    assert hit.sentence == highlighted


@pytest.mark.parametrize("reader", [FakeReader(max_passages=1), FakeReader(in_time=1)])
def test_without_time_for_all_sentences_the_words_choose(reader: FakeReader) -> None:
    text = "The ferry sails at noon. She is on her way, as she was last year."
    [hit] = answer(_searcher([text]), _QUESTION, top=3, readers=[reader]).hits
    assert hit.sentence == "The ferry sails at noon."
