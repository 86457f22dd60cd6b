"""A gate for the quality of answers.

The floors are the current figures, as printed by `figures.py`. If a change loses questions of one
kind and gains more of another, say so in its commit and adjust the floors; if it only gains, raise
them. `mutate.py` shows that no weight can be zeroed or negated without a failure here.
"""

import asyncio
import json

import pytest

from index.evaluation import contains
from quality.figures import COVERAGE, Figures, Run, ask_all, count, overall, read_questions

# Questions, hit1, hit3, sentence, ahead, articles, passages, outcome, shown: see `Figures`.
FLOORS = {
    "direct": Figures(81, 53, 70, 50, 1, 11, 81, 76, 80),
    "paraphrase": Figures(29, 3, 10, 1, 1, 0, 10, 5, 13),
    "chat": Figures(29, 15, 22, 13, 3, 7, 31, 22, 27),
    "source": Figures(19, 19, 19, 17, 0, 1, 24, 17, 19),
    "time": Figures(22, 17, 21, 16, 10, 8, 30, 20, 22),
    "compare": Figures(12, 8, 11, 8, 0, 7, 22, 8, 12),
    "german": Figures(15, 8, 12, 7, 0, 0, 12, 9, 14),
    "absent": Figures(33, 0, 0, 0, 0, 0, 0, 26, 10),
}
MRR, AUROC = 0.684, 0.818


@pytest.fixture(scope="module")
def run() -> Run:
    return asyncio.run(ask_all(read_questions()))


@pytest.fixture(scope="module")
def texts() -> dict[tuple[str, int], str]:
    """The paragraphs of the coverage, by their article and number."""
    lines = b"".join(path.read_bytes() for path in COVERAGE.iterdir()).splitlines()
    return {
        (article["id"], number): text
        for article in map(json.loads, lines)
        for number, text in enumerate(article["text"].split("\n"), start=1)
    }


@pytest.mark.parametrize("kind", FLOORS)
def test_no_figure_falls(run: Run, kind: str) -> None:
    figures, floors = count(run)[kind], FLOORS[kind]
    below = {
        name: f"{figure}, was {floor}"
        for name, figure, floor in zip(Figures._fields, figures, floors, strict=True)
        if figure < floor
    }
    assert not below


def test_every_judged_passage_contains_an_answer(
    run: Run, texts: dict[tuple[str, int], str]
) -> None:
    for question, _ in run:
        for key in question.paragraphs:
            text = texts[key.article, key.paragraph]
            assert contains(text, question.answers), (question.question, key)
        assert not {*question.paragraphs} & {*question.wrong}
        assert {(key.article, key.paragraph) for key in question.wrong} <= texts.keys()
        assert bool(question.paragraphs) == question.in_coverage == (question.kind != "absent")


def test_the_mean_reciprocal_rank_does_not_fall(run: Run) -> None:
    assert round(overall(run).mrr, 3) >= MRR


def test_confidence_separates_covered_questions_from_others(run: Run) -> None:
    auroc = overall(run).auroc
    assert auroc is not None
    assert round(auroc, 3) >= AUROC


def test_misspelt_words_are_corrected(run: Run) -> None:
    corrected = {typed: meant for _, answer in run for typed, meant in answer.corrected.items()}
    meant = {"tunel": "tunnel", "orreltunnel": "orrel tunnel"}
    assert corrected.items() >= meant.items()
    # Short words have too many similar ones: these are not corrected to "lose", "ferry" or "kind".
    assert not corrected.keys() & {"love", "fery", "king"}


def test_only_long_unknown_words_get_suggestions(run: Run) -> None:
    suggested = {typed: words for _, answer in run for typed, words in answer.suggested.items()}
    assert suggested["counters"] == ("counted", "country")
    assert not suggested.keys() & {"local", "trial", "reopen"}
