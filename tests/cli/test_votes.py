"""`clipdesk votes`: votes as text, and as judgments that `clipdesk eval` reads."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.votes import Verdict, vote
from cli.running import Run
from index import Source, make_ref, open_engine

GOOD, BAD = Verdict.HELPFUL, Verdict.WRONG
CLOSES, DREDGE = "When does the harbour close?", "Who will dredge the channel?"


@pytest.fixture
def given(news: Path, tmp_path: Path) -> tuple[object, ...]:
    return "--coverage", news, "--database", tmp_path / "a.db"


@pytest.fixture
def votes(news: Path, tmp_path: Path) -> Callable[..., None]:
    """Vote on the first passage of the answer to `asked`, one vote a person."""

    source = Source(str(news.resolve()))

    async def make(question: str, *verdicts: Verdict, asked: str) -> None:
        async with open_engine(str(tmp_path / "a.db"), [source]) as engine:
            await engine.reindex()
            hit = (await engine.ask(asked)).hits[0]
            passage = make_ref(hit.passage, hit.highlight)
            for person, verdict in enumerate(verdicts):
                card = f"{question} {asked}"
                await vote(engine.key_values, card, person, passage, verdict, question=question)

    def run(question: str, *verdicts: Verdict, asked: str = "") -> None:
        asyncio.run(make(question, *verdicts, asked=asked or question))

    return run


def test_votes_become_judgments_that_eval_reads(
    clipdesk: Run, given: tuple[object, ...], votes: Callable[..., None], tmp_path: Path
) -> None:
    votes(CLOSES, GOOD, GOOD, BAD)
    votes(CLOSES, BAD, asked="What does the old bakery sell?")
    votes(DREDGE, BAD, asked="What does the old bakery sell?")
    votes("Is it a tie?", GOOD, BAD, asked=DREDGE)
    ran = clipdesk("votes", "--json", *given)
    assert ran.code == 0
    assert ran.problems == []
    bakery = [{"article": "bakery", "paragraph": 1}]
    assert [(one["question"], one["paragraphs"], one["wrong"]) for one in ran.json] == [
        (CLOSES, [{"article": "harbour", "paragraph": 1}], bakery),
        (DREDGE, [], bakery),
    ]
    assert all(len(one["asked"]) == len("2020-11-30") for one in ran.json)
    (tmp_path / "judged.jsonl").write_text(ran.out)
    [figures] = clipdesk("eval", tmp_path / "judged.jsonl", "--json", *given).json
    assert (figures["covered"], figures["hit"]["1"], figures["misled"]) == (1, 1, 0)
    text = clipdesk("eval", tmp_path / "judged.jsonl", *given).out
    assert "First passage judged wrong: 0.0%" in text


def test_judgment_uses_current_position(
    clipdesk: Run, given: tuple[object, ...], votes: Callable[..., None], news: Path
) -> None:
    votes(CLOSES, GOOD)
    votes(DREDGE, GOOD)
    votes("", BAD, asked=CLOSES)
    harbour = news / "harbour.md"
    head, _, text = harbour.read_text().rpartition("---\n")
    changed = text.replace("dredge", "deepen")
    harbour.write_text(f"{head}---\nA paragraph that is new, and comes first.\n\n{changed}")
    ran = clipdesk("votes", "--json", *given)
    assert [one["paragraphs"][0]["paragraph"] for one in ran.json] == [2]
    [left_out] = ran.problems
    assert left_out.endswith("the question is not stored or the passage is gone: 2")


def test_votes_as_text(
    clipdesk: Run, given: tuple[object, ...], votes: Callable[..., None]
) -> None:
    ran = clipdesk("votes", *given)
    assert (ran.code, ran.out) == (0, "Nobody has voted on an answer yet.\n")
    assert clipdesk("votes", "--json", *given).out == ""
    votes(CLOSES, GOOD, GOOD)
    votes(DREDGE, BAD)
    about = "Harbour closes · Eldholm Post · Ada Berg · 4 March 2021"
    assert clipdesk("votes", *given).out.splitlines() == [
        f"{CLOSES}: helpful: {about} · paragraph 1 of 2",
        f"{DREDGE}: wrong: {about} · paragraph 2 of 2",
    ]
    assert "Votes: 2 helpful, 1 wrong" in clipdesk("status", *given).out
    [status] = clipdesk("status", "--json", *given).json
    assert status["votes"] == {"helpful": 2, "wrong": 1}
