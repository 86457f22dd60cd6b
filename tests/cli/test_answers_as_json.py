"""The fields of `clipdesk ask --json` besides the passages."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.cli.records import answer_record, dumps, refusal_record
from cli.running import Run
from index import Answer, Outcome
from index.answers import pipeline


def ask(clipdesk: Run, news: Path, question: str) -> Any:  # noqa: ANN401 - it is JSON
    [answer] = clipdesk("ask", "--json", question, "--coverage", news).json
    return answer


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        (Outcome.ANSWERED, "answered"),
        (Outcome.CLOSE, "closest"),
        (Outcome.ABSENT, "absent"),
    ],
)
def test_outcome_names(outcome: Outcome, name: str) -> None:
    answer = Answer("a?", outcome, 0.5, (), (), 1.0)
    record = msgspec.json.decode(dumps(answer_record(answer)))
    assert (record["outcome"], record["answered"]) == (name, name == "answered")


def test_answered_and_absent_questions(clipdesk: Run, news: Path) -> None:
    answered = ask(clipdesk, news, "When does the harbour close?")
    assert (answered["outcome"], answered["corrections"], answered["suggestions"]) == (
        "answered",
        {},
        {},
    )
    assert answered["searched"] == answered["question"] == "When does the harbour close?"
    assert ask(clipdesk, news, "Who won the chess olympiad?")["outcome"] == "absent"


def test_corrections_map_misspelt_words(clipdesk: Run, news: Path) -> None:
    answer = ask(clipdesk, news, "When does the harbur of Eldholm close?")
    assert answer["corrections"] == {"harbur": "harbour"}
    assert answer["outcome"] == "answered"


def test_suggestions_for_an_unknown_word() -> None:
    offered = {"bakry": ("bakery", "bakers")}
    answer = Answer("bakry?", Outcome.ABSENT, 0.1, ("bakry",), (), 1.0, suggested=offered)
    record = msgspec.json.decode(dumps(answer_record(answer)))
    assert record["suggestions"] == {"bakry": ["bakery", "bakers"]}


def test_other_outlets_are_named(clipdesk: Run, tmp_path: Path) -> None:
    quay = "The old quay in Nordby opens to trawlers in April, the port board said."
    outlets = {"Post": quay, "Globe": f"NORDBY (Norwire) — {quay}", "Tribune": quay}
    for number, (outlet, text) in enumerate(outlets.items(), start=1):
        about = f"title: Quay\npublisher: {outlet}\npublished: 2024-04-0{number}"
        (tmp_path / f"{outlet}.md").write_text(f"---\n{about}\n---\n\n{text}\n", "utf-8")
    [passage] = ask(clipdesk, tmp_path, "When does the quay open?")["passages"]
    shown = passage["article"]["publisher"]
    others = [outlet for outlet in outlets if outlet != shown]
    assert [article["publisher"] for article in passage["also_in"]] == others
    assert passage["also_in"][0].keys() == passage["article"].keys()
    said = clipdesk("ask", "When does the quay open?", "--coverage", tmp_path).out
    assert f"also in {others[0]} and {others[1]}" in said
    assert said.count("opens to trawlers") == 1


def test_by_default_passages_are_read(
    clipdesk: Run, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxruntime", reason="there is no onnxruntime for this platform")
    monkeypatch.setattr(pipeline, "READ_WITHIN_S", 600.0)
    question = "Where can I buy a loaf?"  # shares no word with its answer
    unread = ask(clipdesk, news, question)
    assert (unread["read"], unread["passages"]) == (0, [])
    monkeypatch.delenv("CLIPDESK_READER")
    answer = ask(clipdesk, news, question)
    assert answer["read"] == 3
    assert answer["passages"][0]["text"] == "The old bakery sells rye bread again."


def test_a_refusal_has_the_same_fields() -> None:
    answer = answer_record(Answer("a?", Outcome.CLOSE, 0.5, (), (), 1.0))
    refused = refusal_record(5, "id", "fix it")
    assert refused == {
        **answer,
        "id": "id",
        "question": 5,
        "searched": None,
        "outcome": "absent",
        "answered": False,
        "confidence": 0.0,
        "took_ms": 0.0,
        "error": "fix it",
    }


def test_question_in_another_language(clipdesk: Run, news: Path) -> None:
    answer = ask(clipdesk, news, "Wann schließt der Hafen von Eldholm?")
    assert (answer["language"], answer["coverage_languages"]) == ("de", ["en"])
    assert answer["language_mismatch"]
    assert answer["read"] == 0
    said = clipdesk("ask", "Wann schließt der Hafen von Eldholm?", "--coverage", news).out
    assert said.startswith("Die Artikel sind auf Englisch")
    assert not ask(clipdesk, news, "When does the harbour close?")["language_mismatch"]
