"""A gate for the quality of answers.

The floors are the current figures, as printed by `figures.py`. If a change loses questions of one
kind and gains more of another, say so in its commit and adjust the floors; if it only gains, raise
them. `mutate.py` shows that no weight can be zeroed or negated without a failure here.
"""

import asyncio
import json

import pytest

from index.answers import pipeline
from index.evaluation import contains
from quality.figures import COVERAGE, Figures, Run, ask_all, count, overall, read_questions

# Questions, hit1, hit3, sentence, ahead, articles, passages, outcome, shown: see `Figures`.
FLOORS = {
    "direct": Figures(81, 52, 70, 49, 1, 11, 81, 76, 80),
    "paraphrase": Figures(29, 3, 10, 1, 1, 0, 10, 5, 13),
    "chat": Figures(29, 15, 22, 13, 3, 7, 31, 22, 27),
    "source": Figures(19, 19, 19, 17, 0, 1, 24, 17, 19),
    "time": Figures(22, 17, 21, 16, 10, 8, 30, 20, 22),
    "compare": Figures(12, 8, 11, 8, 0, 7, 22, 8, 12),
    "german": Figures(15, 11, 13, 8, 0, 1, 14, 11, 14),
    "absent": Figures(33, 0, 0, 0, 0, 0, 0, 26, 10),
}
MRR, AUROC = 0.692, 0.832

# With readers: half of the paraphrases are found, and most others come first more often.
FLOORS_READ = {
    "direct": Figures(81, 66, 76, 60, 2, 14, 91, 72, 81),
    "paraphrase": Figures(29, 11, 16, 7, 1, 1, 17, 7, 28),
    "chat": Figures(29, 19, 26, 16, 4, 10, 38, 22, 28),
    "source": Figures(19, 19, 19, 17, 0, 1, 25, 16, 19),
    "time": Figures(22, 16, 21, 14, 10, 7, 29, 20, 22),
    "compare": Figures(12, 10, 11, 9, 0, 10, 25, 10, 12),
    "german": Figures(15, 11, 13, 8, 0, 1, 14, 11, 14),
    "absent": Figures(33, 0, 0, 0, 0, 0, 0, 29, 2),
}
MRR_READ, AUROC_READ = 0.8, 0.873


@pytest.fixture(scope="module")
def run() -> Run:
    return asyncio.run(ask_all(read_questions()))


@pytest.fixture(scope="module")
def run_read() -> Run:
    """With readers, who take the time that they need."""
    pytest.importorskip("onnxruntime", reason="there is no onnxruntime for this platform")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "READ_WITHIN_S", 600.0)
        return asyncio.run(ask_all(read_questions(), readers=True))


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
    assert not _below(count(run)[kind], FLOORS[kind])


@pytest.mark.long
@pytest.mark.parametrize("kind", FLOORS_READ)
def test_no_figure_with_readers_falls(run_read: Run, kind: str) -> None:
    assert not _below(count(run_read)[kind], FLOORS_READ[kind])


@pytest.mark.long
def test_no_mean_with_readers_falls(run_read: Run) -> None:
    evaluation = overall(run_read)
    assert evaluation.auroc is not None
    assert round(evaluation.mrr, 3) >= MRR_READ
    assert round(evaluation.auroc, 3) >= AUROC_READ


def _below(figures: Figures, floors: Figures) -> dict[str, str]:
    """The figures below their floors."""
    return {
        name: f"{figure}, was {floor}"
        for name, figure, floor in zip(Figures._fields, figures, floors, strict=True)
        if figure < floor
    }


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
