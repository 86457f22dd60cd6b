"""Ask the judged questions on the coverage beside this file, and count the right answers.

    PYTHONPATH=tests uv run python tests/quality/figures.py [--readers] [--questions]

prints the figures, of answers by words alone or with readers, and with `--questions` each question
that is not answered right. All places,
people, outlets and events of the coverage are invented.

`clipdesk eval` reads the question file as well. In addition, each question has a `kind`:

    direct      in words of the coverage
    paraphrase  in other words; most of these are missed today
    chat        as people type, with chatter and typing errors
    source      filtered by a publisher or an author
    time        about a period, or asked when one of several articles was the newest
    compare     answered by several articles
    german      about the German coverage
    absent      not covered
"""

# ruff: noqa: T201 - a script that prints

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from index import MEMORY, Answer, AnswerConfig, Outcome, Source, open_engine
from index.evaluation import Evaluation, Judged, evaluate

_HERE = Path(__file__).parent
COVERAGE = _HERE / "coverage"
QUESTIONS = _HERE / "questions.jsonl"

TOP = 3  # passages that an answer shows by default


class Question(Judged, frozen=True, kw_only=True):
    """A judged question of some kind."""

    kind: str


class Figures(NamedTuple):
    """The number of questions of a kind, and for how many of them each condition is true."""

    questions: int
    hit1: int  # the first passage is right
    hit3: int  # a right passage is among the first three
    sentence: int  # the right sentence of the first passage is highlighted
    ahead: int  # a right passage comes before all that are judged wrong
    articles: int  # right passages of two articles are among the first three
    passages: int  # the number of right passages among the first three, summed
    outcome: int  # it counts as answered exactly if it is covered
    shown: int  # passages are shown exactly if it is covered


Run = Sequence[tuple[Question, Answer]]


def read_questions() -> list[Question]:
    """The judged questions, in order."""
    lines = QUESTIONS.read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Question) for line in lines]


async def ask_all(questions: Iterable[Question], *, readers: bool = False) -> Run:
    """The questions with the answers from the coverage, by words alone or with readers."""
    config = AnswerConfig(reader=readers)
    async with open_engine(MEMORY, [Source(str(COVERAGE))], config) as engine:
        report = await engine.reindex()
        if report.skipped:
            raise ValueError(report.skipped)
        return [
            (one, await engine.ask(one.question, top=TOP, asked_on=one.day)) for one in questions
        ]


def count(run: Run) -> dict[str, Figures]:
    """The figures of each kind."""
    kinds: dict[str, list[Figures]] = defaultdict(list)
    for question, answer in run:
        kinds[question.kind].append(_judge(question, answer))
    return {kind: Figures(*map(sum, zip(*rows, strict=True))) for kind, rows in kinds.items()}


def overall(run: Run) -> Evaluation:
    """The figures of all questions together, as of `clipdesk eval`."""
    return evaluate(run)


def _judge(question: Question, answer: Answer) -> Figures:
    right = [question.right(hit) for hit in answer.hits]
    wrong = [question.known_wrong(hit) for hit in answer.hits]
    articles = {hit.passage.article.id for hit in answer.hits if question.right(hit)}
    covered = question.in_coverage
    return Figures(
        questions=1,
        hit1=any(right[:1]),
        hit3=any(right),
        sentence=any(question.right_sentence(hit) for hit in answer.hits[:1]),
        ahead=bool(question.wrong) and [*right, True].index(True) < [*wrong, True].index(True),
        articles=len(articles) > 1,
        passages=sum(right),
        outcome=answer.answered == covered,
        shown=(answer.outcome is not Outcome.ABSENT) == covered,
    )


def main() -> None:
    """Print the figures."""
    run = asyncio.run(ask_all(read_questions(), readers="--readers" in sys.argv))
    for kind, figures in count(run).items():
        print(f'    "{kind}": Figures{tuple(figures)},')
    evaluation = overall(run)
    print(f"MRR {evaluation.mrr:.3f}, AUROC {evaluation.auroc:.3f}")
    if "--questions" in sys.argv:
        for question, answer in run:
            judged = _judge(question, answer)
            if not (judged.hit1 or not question.in_coverage) or not judged.outcome:
                print(f"{question.kind:10} {answer.confidence:.2f} {question.question}")


if __name__ == "__main__":
    main()
