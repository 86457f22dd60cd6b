"""Measure search in an archive: clipdesk's and others', on the same paragraphs and questions.

    PYTHONPATH=tests uv run --group benchmarks python tests/benchmarks/archive.py \
        [--data FOLDER] [--json FILE] [SIZE …]

A size is a number of paragraphs, or `all` of the news; what is beyond that is grown, see
`growing.py`. Each engine builds in a process of its own, and answers in another, on one thread;
they take turns in rounds, one at a time. Of each question counts the median over the rounds, so
that what else the machine does now and then does not show. Top 10; analysis is not included. Memory
is what the process has grown by, its libraries and what it read of its files included.

Prints a table for each size, and how the times grow; draws the picture that the README shows.
"""

# ruff: noqa: T201 - to print is what it is for

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import PIPE, Popen, run
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from benchmarks.collection import Collection
from benchmarks.engines import CLIPDESK, NAMES, QUESTIONS
from benchmarks.growing import grow, heaps, read_news, zipf
from index.analysis.analyzer import Analyzer

ROUNDS = 5
ASKED = 500
LONG = 1000  # distinct terms of a long question
PICTURE = Path(__file__).parents[2] / ".github" / "latency.png"

HEAD = "| | p50 ms | p95 | p99 | × p50 | build s | imports s | open ms | MB | on disk |"


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of an engine on so many paragraphs.

    `open_ms` is from what is on disk to the first answer.
    """

    engine: str
    paragraphs: int
    postings: float  # that a question touches, at the median
    p50_ms: float
    p95_ms: float
    p99_ms: float
    build_s: float
    imports_s: float
    open_ms: float
    memory_mb: float
    disk_mb: float


class Served:
    """An engine that answers questions in its own process."""

    def __init__(self, process: "Popen[str]", first: list[int]) -> None:
        self._process = process
        self.opened = self._tell(first)

    def ask(self, questions: Sequence[list[int]]) -> dict[str, Any]:
        """The time of each question, and the size of the process afterwards."""
        return self._tell(questions)

    def _tell(self, what: object) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(what), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())  # type: ignore[no-any-return]


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", default=["10000", "100000", "all", "734489"])
    parser.add_argument("--data", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    news, ids = read_news(options.data / "news_articles.jsonl.gz")
    questions = read_questions(options.data, ids)
    sizes = sorted({news.paragraphs if size == "all" else int(size) for size in options.sizes})
    largest = grow(news, sizes[-1]) if sizes[-1] > news.paragraphs else news
    for name, collection in (("news", news), ("largest", largest)):
        print(
            f"{name}: {collection.paragraphs:,} paragraphs of {len(collection.articles()) - 1:,} "
            f"articles, {len(collection.tokens):,} terms, {collection.vocabulary:,} distinct; "
            f"power of Heaps' law {heaps(collection)[1]:.2f}, of Zipf's {zipf(collection):.2f}"
        )
    measured: list[Measured] = []
    for size in sizes:
        measured += measure(largest.first(size), questions)
    print_growth(measured)
    draw(measured)
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in measured], indent=1) + "\n")


def read_questions(folder: Path, ids: Mapping[str, int]) -> list[list[int]]:
    """The distinct terms of the news questions, and of as many others as are wanted."""
    analyzer = Analyzer()
    questions = []
    for name in ("news_questions.jsonl.gz", "wiki_questions.jsonl.gz"):
        with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                terms = dict.fromkeys(analyzer.terms(json.loads(line)["question"]))
                questions.append([ids[term] for term in terms if term in ids])
    return questions[:ASKED]


def measure(collection: Collection, asked: Sequence[list[int]]) -> list[Measured]:
    """The figures of all engines, printed as a table."""
    frequencies = document_frequencies(collection)
    questions = [
        [term for term in terms if term < len(frequencies) and frequencies[term]] for terms in asked
    ]
    touched = np.median([frequencies[terms].sum() for terms in questions])
    dice = np.random.default_rng(LONG)
    weights = frequencies / frequencies.sum()
    long = [dice.choice(len(weights), LONG, replace=False, p=weights).tolist() for _ in range(9)]
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        collection.save(folder)
        built = {engine: build(engine, folder) for engine in NAMES}
        served = {
            engine: stack.enter_context(serving(engine, folder, questions[0])) for engine in NAMES
        }
        times = take_turns(served, questions)
        served["clipdesk_articles"].ask(long)  # reads much of the files for the first time
        long_ms = np.median(served["clipdesk_articles"].ask(long)["times"])
        measured = [
            Measured(
                engine,
                collection.paragraphs,
                float(touched),
                p50_ms=float(np.percentile(times[engine], 50)),
                p95_ms=float(np.percentile(times[engine], 95)),
                p99_ms=float(np.percentile(times[engine], 99)),
                build_s=built[engine],
                imports_s=one.opened["imports"],
                open_ms=one.opened["open"] * 1000,
                memory_mb=one.ask([])["memory"],
                disk_mb=sum(file.stat().st_size for file in (folder / engine).rglob("*.*")) / 1e6,
            )
            for engine, one in served.items()
        ]
    terms = np.median([len(terms) for terms in questions])
    print(
        f"\n{collection.paragraphs:,} paragraphs; a question of {terms:.0f} terms touches "
        f"{touched:,.0f} postings (medians); one of {LONG:,} terms takes clipdesk {long_ms:.1f} ms "
        f"for 80 by passage and article\n\n{HEAD}"
    )
    print("|---" * HEAD.count("|", 1) + "|")
    for one in measured:
        show(one, measured[0])
    return measured


def document_frequencies(collection: Collection) -> NDArray[np.int64]:
    """The number of paragraphs with each term."""
    paragraph = np.repeat(np.arange(collection.paragraphs), np.diff(collection.offsets))
    pairs = np.unique(paragraph * collection.vocabulary + collection.tokens)
    return np.bincount(pairs % collection.vocabulary, minlength=collection.vocabulary)


def build(engine: str, folder: Path) -> float:
    """Index the collection in `folder` with an engine, into its own folder; returns seconds."""
    (folder / engine).mkdir()
    command = [
        sys.executable,
        "-m",
        "benchmarks.engines",
        engine,
        str(folder / engine),
        str(folder),
    ]
    answer = run(command, check=True, stdout=PIPE, text=True).stdout
    return float(json.loads(answer.splitlines()[-1])["build"])


@contextmanager
def serving(engine: str, folder: Path, first: list[int]) -> Iterator[Served]:
    """An engine that has opened its index, and answered a first question."""
    command = [sys.executable, "-m", "benchmarks.engines", engine, str(folder / engine)]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield Served(process, first)


def take_turns(
    served: Mapping[str, Served], questions: Sequence[list[int]]
) -> dict[str, NDArray[np.float64]]:
    """The milliseconds of each engine for each question, medians of the rounds."""
    rounds: dict[str, list[list[float]]] = {engine: [] for engine in served}
    for _ in range(ROUNDS):
        for engine, one in served.items():
            some = questions[: QUESTIONS.get(engine, len(questions))]
            rounds[engine].append(one.ask(some)["times"])
    return {engine: np.median(times, axis=0) for engine, times in rounds.items()}


def show(one: Measured, clipdesk: Measured) -> None:
    """Print a line of the table."""
    print(
        f"| {NAMES[one.engine]} | {one.p50_ms:.3f} | {one.p95_ms:.3f} | {one.p99_ms:.3f} "
        f"| {one.p50_ms / clipdesk.p50_ms:.2f} | {one.build_s:.1f} | {one.imports_s:.1f} "
        f"| {one.open_ms:.0f} | {one.memory_mb:.0f} | {one.disk_mb:.0f} |",
        flush=True,
    )


def print_growth(measured: Sequence[Measured]) -> None:
    """Print the time of clipdesk beside the number of postings that it touches."""
    print("\n| paragraphs | postings a question touches | p50 µs | ns a posting | µs a range |")
    print("|---|---|---|---|---|")
    own = [one for one in measured if one.engine == CLIPDESK]
    for one in own:
        ranges = -(-one.paragraphs // 4096)
        print(
            f"| {one.paragraphs:,} | {one.postings:,.0f} | {one.p50_ms * 1000:.0f} "
            f"| {one.p50_ms * 1e6 / one.postings:.2f} | {one.p50_ms * 1000 / ranges:.2f} |"
        )
    for engine, name in NAMES.items():
        sizes, times = zip(
            *((one.paragraphs, one.p50_ms) for one in measured if one.engine == engine), strict=True
        )
        if len(sizes) > 1:
            power = np.log(times[-1] / times[0]) / np.log(sizes[-1] / sizes[0])
            print(
                f"{name}: from the smallest to the largest, p50 grows as paragraphs ^ {power:.2f}"
            )


def draw(measured: Sequence[Measured]) -> None:
    """Draw the times against the number of paragraphs."""
    figure, axes = plt.subplots(figsize=(6, 4), dpi=150)
    for engine, name in NAMES.items():
        points = [(one.paragraphs, one.p50_ms) for one in measured if one.engine == engine]
        width = 2.5 if engine == CLIPDESK else 1.2
        axes.plot(*zip(*points, strict=True), marker="o", markersize=3, linewidth=width, label=name)
    axes.set(xscale="log", yscale="log", xlabel="paragraphs", ylabel="ms a question, p50")
    axes.grid(color="0.9")
    axes.legend(fontsize=7, frameon=False)
    figure.tight_layout()
    figure.savefig(PICTURE)


if __name__ == "__main__":
    main()
