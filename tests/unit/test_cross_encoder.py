"""The models that ship with the package."""

import logging
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from index.answers import cross_encoder, pipeline
from index.answers.config import AnswerConfig
from index.answers.cross_encoder import CrossEncoder, shipped_readers
from index.answers.pipeline import answer
from index.model import Article
from index.retrieval.embedded.searcher import Searcher

# It shares no word with its answer, the third paragraph.
QUESTION = "Who will pay for repairing the lighthouse?"
TEXTS = [
    "Eldholm had its wettest autumn in forty years, and the football pitch is still under water.",
    "The bakery on Tollgate Street sells rye bread again; its oven was out of order since May.",
    "A shipping company from Bergen is covering all costs of the restoration, the mayor said.",
    "Lessons at the music school begin on Monday. There are still places for the cello.",
    "Two men were fined for fishing without a licence near the northern islands.",
]
ANSWER = TEXTS[2]
READING = AnswerConfig(reader=True)


@pytest.fixture
def readers() -> tuple[CrossEncoder, ...]:
    pytest.importorskip("onnxruntime", reason="there is no onnxruntime for this platform")
    return shipped_readers(len(TEXTS))


@pytest.fixture
def unloaded() -> Iterator[None]:
    """Unload the models before and after a test."""
    models = cross_encoder._models  # noqa: SLF001 - what is cached
    models.cache_clear()
    yield
    models.cache_clear()


@pytest.fixture
def searcher() -> Searcher:
    article = Article("a", "Notes", "Post", "", "2021", "", brief=False, paragraphs=len(TEXTS))
    return Searcher.of([(article, TEXTS)])


def soon() -> float:
    """A deadline far enough ahead for a busy machine."""
    return time.monotonic() + 600


def read(reader: CrossEncoder, *passages: str) -> list[float]:
    return reader.read(QUESTION, passages, deadline=soon())


def test_each_model_finds_an_answer_that_shares_no_word_with_the_question(
    readers: tuple[CrossEncoder, ...],
) -> None:
    small, large = readers
    assert small.max_passages > large.max_passages
    for reader in readers:
        logits = read(reader, *TEXTS)
        assert TEXTS[int(np.argmax(logits))] == ANSWER


@pytest.mark.usefixtures("readers")
def test_less_is_read_of_larger_coverage() -> None:
    numbers = [
        [reader.max_passages for reader in shipped_readers(coverage)]
        for coverage in (20, 2_000, 800_000)
    ]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > numbers[-1]


@pytest.mark.usefixtures("readers")
def test_an_answer_is_found_by_reading_and_quoted_verbatim(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "READ_WITHIN_S", 600.0)
    assert not answer(searcher, QUESTION, top=3).hits
    found = answer(searcher, QUESTION, top=3, config=READING)
    assert found.hits[0].passage.text == ANSWER
    assert found.passages_read == len(TEXTS)
    for hit in found.hits:
        assert hit.passage.text == TEXTS[hit.passage.number - 1]
        assert hit.sentence in hit.passage.text


@pytest.mark.usefixtures("readers")
def test_after_the_deadline_nothing_is_read_and_the_answer_is_as_without(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "READ_WITHIN_S", -1.0)
    question = "Who sells rye bread?"
    late, without = (
        answer(searcher, question, top=3, config=one) for one in (READING, AnswerConfig())
    )
    assert late.passages_read == 0
    assert replace(late, took_ms=0) == replace(without, took_ms=0)


def test_reading_ends_at_the_deadline(
    readers: tuple[CrossEncoder, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(9))
    monkeypatch.setattr(cross_encoder, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert len(readers[0].read(QUESTION, TEXTS, deadline=3)) == 3


def test_logits_do_not_depend_on_the_other_passages(readers: tuple[CrossEncoder, ...]) -> None:
    many = [*TEXTS, *(" ".join(TEXTS[:end]) for end in range(1, 5)), "So.", *reversed(TEXTS)]
    for reader in readers:
        alone = [read(reader, text)[0] for text in many]
        assert read(reader, *many) == pytest.approx(alone, abs=1e-4)


@pytest.mark.parametrize("text", ["", "\0", "🚢" * 300, "ferry " * 5_000])
def test_any_text_has_a_logit(readers: tuple[CrossEncoder, ...], text: str) -> None:
    for reader in readers:
        [logit] = reader.read(text, [text], deadline=soon())
        assert math.isfinite(logit)
        assert reader.read(text, [], deadline=soon()) == []


@pytest.mark.usefixtures("unloaded")
def test_without_the_models_one_warning_and_answers_as_without(
    searcher: Searcher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(cross_encoder, "_MODELS", tmp_path)
    with caplog.at_level(logging.WARNING):
        assert shipped_readers(1) == ()
        found = answer(searcher, "Who sells rye bread?", top=3, config=READING)
    assert found.hits[0].passage.text == TEXTS[1]
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.usefixtures("unloaded")
@pytest.mark.parametrize("module", ["onnxruntime", "tokenizers"])
def test_without_the_libraries_one_warning(
    module: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cross_encoder._tokenizer.cache_clear()  # noqa: SLF001 - it imports tokenizers
    monkeypatch.setitem(sys.modules, module, None)
    with caplog.at_level(logging.WARNING):
        assert shipped_readers(1) == shipped_readers(10**6) == ()
    [record] = caplog.records
    assert module in record.getMessage()


@pytest.mark.parametrize(
    ("question", "typed", "text"),
    [
        (
            "When does the ferry to Brønvåg leave?",
            "Brønvåg",
            "The ferry to Brønvåg leaves at noon.",
        ),
        ("Who gave £12m?", "£12m", "Ada Berg gave £12m to the museum."),
        ("What did O’Marrow say?", "O’Marrow", "“No,” said O'Marrow."),
    ],
)
def test_spellings_of_one_thing_are_read_alike(
    readers: tuple[CrossEncoder, ...], question: str, typed: str, text: str
) -> None:
    other = {"Brønvåg": "Bronvag", "£12m": "£12 million", "O’Marrow": "omarrow"}[typed]
    for reader in readers:
        questions = question, question.replace(typed, other)
        one, another = (reader.read(each, [text], deadline=math.inf) for each in questions)
        assert one == another
