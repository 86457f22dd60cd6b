"""`clipdesk eval`: metrics of judged questions."""

import json
from pathlib import Path

import pytest

from cli.running import Run

HARBOUR = {"article": "harbour", "paragraph": 1}
QUESTIONS = [
    {"question": "When does the harbour close?", "answers": ["March"]},
    {"question": "When does the harbour of Eldholm close?", "paragraphs": [HARBOUR]},
    {"question": "Who mines gold on the moon?", "covered": False},
    {"question": "?!", "answers": ["cannot be asked"]},
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, QUESTIONS)))
    return file


def test_metrics_count_every_question(clipdesk: Run, news: Path, questions: Path) -> None:
    ran = clipdesk("eval", questions, "--coverage", news, "--json")
    assert ran.code == 0
    [figures] = ran.json
    assert (figures["covered"], figures["uncovered"]) == (3, 1)
    # The one that cannot be asked is not answered; it does not disappear.
    assert figures["hit"]["1"] == figures["sentence"] == pytest.approx(2 / 3)
    assert figures["refused"] == 1
    assert figures["auroc"] is not None
    assert [point["threshold"] for point in figures["curve"]] == [step / 20 for step in range(21)]


def test_metrics_as_text(clipdesk: Run, news: Path, questions: Path) -> None:
    ran = clipdesk("eval", questions, "--coverage", news)
    assert ran.code == 0
    assert "hit@1: 66.7%" in ran.out
    assert "MRR@10" in ran.out


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('{"question": 5}', "line 1"),
        ('{"question": "x", "covered": false}', "answers"),
        ("", "The file has no question"),
    ],
)
def test_file_without_questions_is_one_error_line(
    clipdesk: Run, news: Path, tmp_path: Path, lines: str, message: str
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(lines)
    ran = clipdesk("eval", file, "--coverage", news)
    assert ran.code == 1
    assert len(ran.problems) == 1
    assert message in ran.problems[0]
