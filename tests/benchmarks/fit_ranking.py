"""Fit the weights of the evidence and of the confidence, and tell what each sign is worth.

    uv run --group benchmarks python tests/benchmarks/fit_ranking.py [EVAL_FOLDER]

Ranking: a softmax over the candidates of a question (ListNet with one right list), fitted to news
questions, and to wiki questions with the paragraphs of a page as one article, so that what news
does (the first paragraphs answer most quiz questions) does not count for everything. Confidence:
logistic regression on covered and uncovered news questions. All figures are of five-fold
cross-validation by week and by page. The questions' days are not used: `fresh` is left out.
"""

# ruff: noqa: T201 - to print is what it is for

import asyncio
import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index import MEMORY, Article, Source, open_desk
from index.answering import rank
from index.confidence import Signs, signs
from index.corpus import Corpus
from index.evaluation import Judged, contains, read_judged
from index.evidence import Evidence
from index.question import parse_question

Floats = NDArray[np.float64]

MIX = {"news": 1.0, "wiki": 0.5}  # how much each kind of question counts
FOLDS = 5
RIDGE = 0.003
CONFIDENCE_RIDGE = 0.0003  # weaker: shrunk weights would make every answer look unsure
LONG_AGO = dt.date(1900, 1, 1)
FITTED = [name for name in Evidence._fields if name != "fresh"]


@dataclass(frozen=True)
class Case:
    """A question: what kind, the fold's group, its candidates' signs, and which are right."""

    kind: str
    group: str
    evidence: Floats
    right: NDArray[np.bool_]
    signs: Floats
    covered: bool


def main() -> None:
    """Print the fitted weights and what is lost without each sign."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval").resolve()
    archive = asyncio.run(load(folder / "news_articles.jsonl.gz"))
    news = read_judged(folder / "news_questions.jsonl.gz")
    paragraphs = asyncio.run(load(folder / "wiki_paragraphs.jsonl.gz"))
    wiki = [one for one in read_judged(folder / "wiki_questions.jsonl.gz") if one.in_coverage]
    ids = {passage.text: passage.article.id for passage in paragraphs.passages}
    cases = [
        *gather("news", archive, news, lambda one, text: contains(text, one.answers)),
        *gather("wiki", as_pages(paragraphs), wiki, lambda one, text: ids[text] == one.paragraph),
    ]
    fit_evidence([case for case in cases if case.covered])
    fit_confidence([case for case in cases if case.kind == "news"])


async def load(coverage: Path) -> Corpus:
    """Index an archive."""
    async with open_desk(MEMORY, [Source(str(coverage))]) as desk:
        await desk.reindex()
        return desk.corpus


def as_pages(corpus: Corpus) -> Corpus:
    """Put the paragraphs of one title together as an article."""
    pages: defaultdict[str, list[str]] = defaultdict(list)
    for passage in corpus.passages:
        pages[passage.article.title].append(passage.text)
    return Corpus(
        (Article(title, title, "", "", "", "", brief=False, paragraphs=len(texts)), texts)
        for title, texts in pages.items()
    )


def gather(
    kind: str,
    corpus: Corpus,
    questions: Iterable[Judged],
    is_right: Callable[[Judged, str], bool],
) -> Iterator[Case]:
    """The cases of some questions on a corpus, with what makes a passage's text right."""
    for judged in questions:
        query = parse_question(corpus, judged.question, LONG_AGO)
        if candidates := rank(corpus, query):
            texts = [corpus.passages[candidate.position].text for candidate in candidates]
            yield Case(
                kind,
                judged.date or judged.paragraph.partition("#")[0],
                np.array([candidate.evidence[: len(FITTED)] for candidate in candidates]),
                np.array([is_right(judged, text) for text in texts]),
                np.array(signs(corpus, query, candidates)),
                judged.in_coverage,
            )


def fit_evidence(cases: Sequence[Case]) -> None:
    """Print the weights of the evidence, and the figures with and without each sign."""
    every = np.arange(len(FITTED))
    weights = softmax(cases, every)
    print("Evidence:", ", ".join(f"{n}={w:.1f}" for n, w in zip(FITTED, weights, strict=True)))
    print("cross-validated    news hit@1   MRR   wiki hit@1   MRR")
    print(f"{'all signs':18}{figures(cases, every)}")
    for sign in every:
        print(f"{'without ' + FITTED[sign]:18}{figures(cases, np.delete(every, sign))}")


def figures(cases: Sequence[Case], columns: NDArray[np.intp]) -> str:
    """hit@1 and MRR@10 on news and on wiki, each question ranked by weights fitted without it."""
    ranks: dict[str, list[float]] = {kind: [] for kind in MIX}
    for training, held_back in folds(cases):
        weights = softmax(training, columns)
        for case in held_back:
            order = np.argsort(-(case.evidence[:, columns] @ weights), kind="stable")
            first = np.flatnonzero(case.right[order][:10])
            ranks[case.kind].append(first[0] + 1 if len(first) else np.inf)
    cells = [
        f"{np.mean(np.array(found) == 1):11.3f}{np.mean(1 / np.array(found)):8.3f}"
        for found in ranks.values()
    ]
    return "  ".join(cells)


def folds(cases: Sequence[Case]) -> Iterator[tuple[list[Case], list[Case]]]:
    """Cases to fit on and cases to measure, with no group in both."""
    groups = sorted({case.group for case in cases})
    for fold in range(FOLDS):
        held_back = set(groups[fold::FOLDS])
        yield (
            [case for case in cases if case.group not in held_back],
            [case for case in cases if case.group in held_back],
        )


def softmax(cases: Sequence[Case], columns: NDArray[np.intp]) -> Floats:
    """The weights under which the right candidates are the likeliest."""
    usable = [case for case in cases if case.right.any()]
    number = {kind: sum(case.kind == kind for case in usable) for kind in MIX}
    importance = np.array([MIX[case.kind] / number[case.kind] for case in usable])
    evidence = np.concatenate([case.evidence[:, columns] for case in usable])
    right = np.concatenate([case.right for case in usable])
    sizes = [len(case.right) for case in usable]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    question = np.repeat(np.arange(len(usable)), sizes)

    def loss(weights: Floats) -> tuple[float, Floats]:
        raw = evidence @ weights
        likely = np.exp(raw - np.maximum.reduceat(raw, starts)[question])
        total = np.add.reduceat(likely, starts)
        won = np.add.reduceat(likely * right, starts)
        value = -(importance * np.log(won / total)).sum() + RIDGE * (weights @ weights) / 2
        pull = (likely / total[question] - likely * right / won[question]) * importance[question]
        return value, evidence.T @ pull + RIDGE * weights

    return np.asarray(minimize(loss, np.ones(len(columns)), jac=True).x)


def fit_confidence(cases: Sequence[Case]) -> None:
    """Print the weights and the bias of the confidence, and its cross-validated AUROC."""
    weights = logistic(cases)
    shown = ", ".join(f"{n}={w:.2f}" for n, w in zip(Signs._fields, weights, strict=False))
    print(f"Confidence: {shown}, bias {weights[-1]:.2f}")
    sure = {True: [], False: []}  # type: dict[bool, list[float]]
    for training, held_back in folds(cases):
        fitted = logistic(training)
        for case in held_back:
            sure[case.covered].append(case.signs @ fitted[:-1] + fitted[-1])
    wins = [(one > other) + (one == other) / 2 for one in sure[True] for other in sure[False]]
    print(f"cross-validated AUROC {np.mean(wins):.3f}")
    line = np.quantile(sure[True], 0.1)
    refused = np.mean(np.array(sure[False]) < line)
    print(f"with 90 % answered (at {1 / (1 + np.exp(-line)):.2f}), {refused:.0%} refused")


def logistic(cases: Sequence[Case]) -> Floats:
    """The weights of the signs, and the bias last, by logistic regression."""
    signs_of = np.array([[*case.signs, 1.0] for case in cases])
    target = np.array([case.covered for case in cases])

    def loss(weights: Floats) -> tuple[float, Floats]:
        chance = 1 / (1 + np.exp(-signs_of @ weights))
        value = -np.log(np.where(target, chance, 1 - chance)).mean()
        ridge = CONFIDENCE_RIDGE * (weights[:-1] @ weights[:-1]) / 2
        slope = signs_of.T @ (chance - target) / len(target)
        return value + ridge, slope + CONFIDENCE_RIDGE * np.append(weights[:-1], 0)

    return np.asarray(minimize(loss, np.zeros(signs_of.shape[1]), jac=True).x)


if __name__ == "__main__":
    main()
