"""The order of the ranking, and how few texts it fetches for the first passages."""

import datetime as dt
import random
from collections.abc import Sequence
from itertools import islice

import pytest

from index.answers import ranking
from index.answers.pipeline import rank
from index.model import Article
from index.queries.parsing import parse_question
from index.retrieval.embedded.searcher import Searcher

TODAY = dt.date(2022, 6, 1)
_WORDS = ("ferry", "harbour", "mayor", "brewery", "school", "bridge", "museum", "strike", "island")
_NAMES = ["Norway", "Jane Doe", "“not at all”", "in 1921", "40 people", "$300", "nothing", "it"]


def _searcher(seed: int, size: int) -> Searcher:
    """Articles of sentences that share words, and hold answers of some kind, or none."""
    dice = random.Random(seed)  # noqa: S311 - no secret

    def sentence() -> str:
        words = " ".join(dice.choices(_WORDS, k=dice.randint(2, 6)))
        return f"The {words} saw {dice.choice(_NAMES)}."

    def paragraph() -> str:
        return " ".join(sentence() for _ in range(dice.randint(1, 4)))

    return Searcher.of(
        (
            Article(str(at), dice.choice(_WORDS), "", "", "", "", brief=False, paragraphs=size),
            [paragraph() for _ in range(size)],
        )
        for at in range(size)
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "question",
    [
        "Who saw the ferry in the harbour?",
        "Which country saw the mayor of the island?",
        "How many saw the school strike?",
        "When did the museum see the bridge?",
        "the budget of the brewery",
    ],
)
def test_the_order_is_the_same_as_with_all_texts_at_once(
    monkeypatch: pytest.MonkeyPatch, seed: int, question: str
) -> None:
    searcher = _searcher(seed, 9)
    query = parse_question(searcher, question, TODAY)

    def ranked() -> list[tuple[float, int, str]]:
        return [
            (-one.score, one.article * 1_000 + one.number, one.sentence.of(one.text))
            for one in rank(searcher, query)
        ]

    in_batches = ranked()
    monkeypatch.setattr(ranking, "_MIN_BATCH", 1_000)
    assert in_batches == ranked() == sorted(in_batches)
    assert len({position for _, position, _ in in_batches}) == len(in_batches) > 40


def test_few_texts_are_fetched_for_the_first_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    searcher = _searcher(1, 12)
    fetched: list[tuple[int, int]] = []
    texts = searcher.texts

    def record(keys: Sequence[tuple[int, int]]) -> list[str]:
        fetched.extend(keys)
        return texts(keys)

    monkeypatch.setattr(searcher, "texts", record)
    ranked = rank(searcher, parse_question(searcher, "ferry harbour mayor bridge", TODAY))
    firsts = [*islice(ranked, 5)]
    assert len(fetched) < 15
    again = [*ranked]
    assert again[:5] == firsts
    assert len(fetched) == len(set(fetched)) == len(again)
