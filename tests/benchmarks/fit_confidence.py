"""Fit the weights of the confidence, measure each feature, and draw the reliability diagram.

    PYTHONPATH=tests uv run --group benchmarks python tests/benchmarks/fit_confidence.py [FOLDER]

A logistic regression separates covered questions from others; its log-odds are then scaled and
shifted (Platt 1999) to the chance that one of the first three passages is right. News questions are
mixed with those on the two articles, where the shares of so few paragraphs are coarser. All figures
are of five-fold cross-validation by week. `fresh` questions are those with a right article of the
last 30 days before they were asked, or of the week after: only there can the figures be trusted,
since an old article may hold an answer by chance. Writes the reliability diagram that the README
shows.
"""

# ruff: noqa: T201 - to print is what it is for

import asyncio
import datetime as dt
import gzip
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.fit_ranking import LONG_AGO, SMALL, ask, hit_of, load
from benchmarks.learning import Floats, auroc, folds, logistic
from index.answers.confidence import ConfidenceFeatures, confidence_features
from index.answers.pipeline import rank
from index.dates import first_day
from index.evaluation import Judged, read_judged
from index.retrieval.embedded.searcher import Searcher

MIX = {"news": 1.0, "small": 0.25}
SHOWN = 3  # passages, one of which should be right
ANSWERED = 0.9  # of the covered questions
PICTURE = Path(__file__).parents[2] / ".github" / "reliability.png"


@dataclass(frozen=True)
class Question:
    """A question with the features of its ranking, and its judgments."""

    kind: str
    group: str
    features: ConfidenceFeatures
    covered: bool
    fresh: bool
    shown: bool  # whether one of the passages shown is right


def main() -> None:
    """Print the weights and the figures, and draw the diagram."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval").resolve()
    questions = asyncio.run(gather_all(folder))
    every = np.arange(len(ConfidenceFeatures._fields))
    print("cross-validated on news      AUROC  fresh  refused    of two articles: AUROC")
    print(f"{'all features':26}{figures(questions, every)}")
    for feature, name in enumerate(ConfidenceFeatures._fields):
        print(f"{'without ' + name:26}{figures(questions, np.delete(every, feature))}")
    weights = fit(questions, every)
    named = zip((*ConfidenceFeatures._fields, "bias"), weights, strict=True)
    print(", ".join(f"{name}={weight:.2f}" for name, weight in named))
    confidences = held_back(questions, every)
    news = np.array([one.kind == "news" for one in questions])
    covered = np.array([one.covered for one in questions])
    print("news        threshold  answered  refused")
    for threshold in np.arange(0.1, 0.9, 0.05):
        answered = (confidences[news & covered] >= threshold).mean()
        refused = (confidences[news & ~covered] < threshold).mean()
        print(f"{threshold:21.2f}{answered:10.1%}{refused:9.1%}")
    draw(confidences[news], np.array([one.shown for one in questions])[news])


async def gather_all(folder: Path) -> list[Question]:
    """The news questions and those on the two articles."""
    archive, quiz = folder / "news_articles.jsonl.gz", folder / "news_questions.jsonl.gz"
    fresh = fresh_questions(archive, quiz)
    async with load(archive) as searcher:
        questions = [*gather("news", searcher, read_judged(quiz), fresh)]
    async with load(folder.parent / "coverage") as searcher:
        questions += gather("small", searcher, read_judged(SMALL), set())
    return questions


def fresh_questions(archive: Path, quiz: Path) -> set[str]:
    """The questions with a right article of the last 30 days, or of the week after."""
    with gzip.open(archive) as lines:
        rows = [msgspec.json.decode(line) for line in lines]
    published = {row["id"]: first_day(row["source_date"]) for row in rows if row["source_date"]}
    fresh = set()
    with gzip.open(quiz) as lines:
        for row in map(msgspec.json.decode, lines):
            asked = dt.date.fromisoformat(row["date"])
            dates = [published[one] for one in row["gold_articles"] if one in published]
            if any(-7 <= (asked - date).days <= 30 for date in dates):
                fresh.add(row["question"])
    return fresh


def gather(
    kind: str, searcher: Searcher, judged: Sequence[Judged], fresh: set[str]
) -> Iterator[Question]:
    """Each question with candidates, on one coverage."""
    for one, query in ask(searcher, judged, LONG_AGO):
        ranking = rank(searcher, query)
        if found := [*ranking]:
            hits = [hit_of(searcher, candidate) for candidate in found[:SHOWN]]
            yield Question(
                kind,
                one.date or one.question,
                confidence_features(query, found, ranking.coverage),
                one.in_coverage,
                one.question in fresh,
                one.in_coverage and any(map(one.right, hits)),
            )


def fit(questions: Sequence[Question], columns: NDArray[np.intp]) -> Floats:
    """The weights of the features in `columns`, and the bias last."""
    rows = np.array([one.features for one in questions])[:, columns]
    kinds = [one.kind for one in questions]
    importance = np.array([MIX[kind] / kinds.count(kind) for kind in kinds])
    covered = np.array([one.covered for one in questions])
    shown = np.array([one.shown for one in questions])
    telling = logistic(rows, covered, importance)
    odds = rows @ telling[:-1] + telling[-1]
    scale, shift = logistic(odds[:, None], shown, importance)
    return np.append(telling[:-1] * scale, telling[-1] * scale + shift)


def held_back(questions: Sequence[Question], columns: NDArray[np.intp]) -> Floats:
    """The confidence of each question, by weights fitted without its week."""
    rows = np.array([one.features for one in questions])[:, columns]
    odds = np.zeros(len(questions))
    for training, rest in folds([one.group for one in questions]):
        weights = fit([questions[at] for at in training], columns)
        odds[rest] = rows[rest] @ weights[:-1] + weights[-1]
    return np.asarray(1 / (1 + np.exp(-odds)))


def figures(questions: Sequence[Question], columns: NDArray[np.intp]) -> str:
    """AUROC on news, all and fresh; the share refused with nine in ten answered; AUROC of small."""
    confidences = held_back(questions, columns)

    def those(kind: str, *, covered: bool, fresh: bool = False) -> Floats:
        pairs = zip(questions, confidences, strict=True)
        return np.array(
            [
                value
                for one, value in pairs
                if one.kind == kind and one.covered == covered and one.fresh >= fresh
            ]
        )

    others = those("news", covered=False)
    all_covered = those("news", covered=True)
    fresh = auroc(those("news", covered=True, fresh=True), others)
    refused = (others < np.quantile(all_covered, 1 - ANSWERED)).mean()
    small = auroc(those("small", covered=True), those("small", covered=False))
    return f"{auroc(all_covered, others):8.3f}{fresh:7.3f}{refused:9.1%}{small:17.3f}"


def draw(confidences: Floats, right: NDArray[np.bool_]) -> None:
    """Write the reliability diagram: the share of right answers by confidence."""
    edges = np.quantile(confidences, np.linspace(0, 1, 9))
    bins = np.clip(np.searchsorted(edges, confidences, side="right") - 1, 0, len(edges) - 2)
    figure, axes = plt.subplots(figsize=(4.2, 4), dpi=150)
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    means = [
        (confidences[bins == each].mean(), right[bins == each].mean()) for each in np.unique(bins)
    ]
    axes.plot(*zip(*means, strict=True), marker="o", color="#5865f2")
    axes.set(
        xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share of answers that are right"
    )
    axes.set_title(f"{len(confidences)} news questions, held back", fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(PICTURE)


if __name__ == "__main__":
    main()
