"""The figures of an evaluation, on hand-made answers."""

import gzip
from pathlib import Path

import pytest

from index.errors import CoverageError
from index.evaluation import Judged, contains, evaluate, read_judged
from index.model import Answer, Article, Hit, Outcome, Passage, Span


def _answer(*texts: str, confidence: float = 0.9) -> Answer:
    article = Article("a", "", "", "", "", "", brief=False, paragraphs=len(texts))
    hits = tuple(
        Hit(Passage(article, number, text), 1.0, Span(0, text.index(".") + 1), "")
        for number, text in enumerate(texts, start=1)
    )
    sure = confidence >= 0.5
    return Answer(
        "q",
        Outcome.ANSWERED if sure else Outcome.ABSENT,
        confidence,
        unmatched=(),
        hits=hits,
        took_ms=2.0,
    )


def test_ranks_and_sentences_are_counted() -> None:
    figures = evaluate(
        [
            (Judged(question="q", answers=("nine",)), _answer("It is nine. Or ten.")),
            (Judged(question="q", answers=("ten",)), _answer("It is nine. Or ten.")),
            (Judged(question="q", answers=("six",)), _answer("It is nine.", "It is six.")),
            (Judged(question="q", answers=("two",)), _answer("It is nine.", "It is six.")),
        ]
    )
    assert figures.hit == {1: 0.5, 3: 0.75, 5: 0.75, 10: 0.75}
    assert figures.mrr == (1 + 1 + 0.5) / 4
    assert figures.sentence == 0.25
    assert figures.auroc is None


def test_confidence_is_compared_between_covered_and_other_questions() -> None:
    covered = Judged(question="q", answers=("nine",))
    other = Judged(question="q", covered=False)
    figures = evaluate(
        [
            (covered, _answer("It is nine.", confidence=0.8)),
            (covered, _answer("It is nine.", confidence=0.4)),
            (other, _answer("It is six.", confidence=0.4)),
            (other, _answer("It is six.", confidence=0.1)),
        ]
    )
    assert figures.auroc == (2 + 1.5) / 4
    assert (figures.answered, figures.refused) == (0.5, 1.0)
    half = next(point for point in figures.curve if point.threshold == 0.4)
    assert (half.answered, half.refused) == (1.0, 0.5)


def test_judgments_can_be_paragraphs_or_an_article() -> None:
    place = b'{"question": "q", "paragraphs": [{"article": "a", "paragraph": 2}]}'
    whole = b'{"question": "q", "paragraph": "a", "answerable": true}'
    for line, hit in ((place, 0.0), (whole, 1.0)):
        file = Path("questions.jsonl.gz")
        file.write_bytes(gzip.compress(line + b"\n\n"))
        [judged] = read_judged(file)
        assert evaluate([(judged, _answer("One.", "Two."))]).hit[1] == hit


def test_passages_judged_wrong_are_counted_separately() -> None:
    Path("questions.jsonl").write_text(
        '{"question": "q", "wrong": [{"article": "a", "paragraph": 1}]}\n'
        '{"question": "q", "wrong": [{"article": "a", "paragraph": 2}], "answers": ["One."]}\n'
        '{"question": "q", "answers": ["Two."]}\n'
    )
    judged = read_judged(Path("questions.jsonl"))
    figures = evaluate([(one, _answer("One.", "Two.")) for one in judged])
    # Of the first, it is not known whether the coverage answers it.
    assert (figures.covered, figures.uncovered, figures.hit[1]) == (2, 0, 0.5)
    assert figures.misled == 0.5
    assert evaluate([(judged[2], _answer("Two."))]).misled is None


@pytest.fixture(autouse=True)
def _in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("data", [b"{", b'{"answers": []}', b"\xff", b'{"question": 1}'])
def test_an_invalid_line_is_named(data: bytes) -> None:
    file = Path("questions.jsonl")
    file.write_bytes(b'{"question": "q"}\n' + data)
    with pytest.raises(CoverageError, match="line 2 is not a question"):
        read_judged(file)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It rose by 40%.", "40 percent"),
        ("Some 1,000 people", "1000"),
        ("Beyoncé’s tour", "Beyonce"),
        ("at the Louvre, Paris", "Louvre"),
    ],
)
def test_answers_are_found_in_any_spelling(text: str, answer: str) -> None:
    assert contains(text, [answer])
    assert not contains(text, [answer[:-1]])
