"""Measure the lag of the event loop, with and without a full reindex.

    PYTHONPATH=tests uv run python tests/benchmarks/reindexing.py FOLDER [NAME …]

FOLDER holds news_articles.jsonl.gz and pages.jsonl.gz of the evaluation pack; a NAME is one of
`COVERAGES`, all of them by default. One engine, over the news, is asked 20 questions a second,
while another one of the same process indexes the coverage. A probe sleeps for 10 ms at a time; lag
is how much later than that it wakes up.
"""

# ruff: noqa: T201 - to print is what it is for

import asyncio
import gzip
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np

from index import MEMORY, SearchEngine, Source, open_engine

PROBE_S = 0.01
PAUSE_S = 1 / 20  # between two questions
ALONE_S = 10


def news(copies: int) -> Callable[[Path, Path], None]:
    """Write an archive with that many copies of the news, each with its own ids."""

    def write(data: Path, folder: Path) -> None:
        with gzip.open(folder / "news.jsonl.gz", "wt", compresslevel=1, encoding="utf-8") as file:
            for copy in range(copies):
                for line in _lines(data / "news_articles.jsonl.gz"):
                    article = msgspec.json.decode(line)
                    article["id"] = f"{copy}:{article['id']}"
                    article["text"] = article["text"].replace(". ", f" {copy}. ", 1)
                    file.write(msgspec.json.encode(article).decode() + "\n")

    return write


def pages(data: Path, folder: Path) -> None:
    """Write saved pages, ten copies of each."""
    for number, line in enumerate(_lines(data / "pages.jsonl.gz")):
        html = msgspec.json.decode(line)["html"]
        for copy in range(10):
            (folder / f"{number}-{copy}.html").write_text(html, "utf-8")


COVERAGES = {"news": news(1), "news x 7": news(7), "pages": pages}


def _lines(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        yield from file


class Probe:
    """The lag of the event loop, by stage of the reindex. `tell` is its progress callback."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._lags: dict[str, list[float]] = {}

    def tell(self, what: str, _done: int, _total: int) -> None:
        self._doing = what

    @asynccontextmanager
    async def measured(self, title: str) -> AsyncIterator[None]:
        """Measure the block, then print the lag and the duration of each stage."""
        probe = asyncio.create_task(self._probe())
        try:
            yield
        finally:
            probe.cancel()
        print(title)
        for doing, lags in self._lags.items():
            p50, p99, most = np.quantile(lags, [0.5, 0.99, 1]) * 1000
            took = sum(lags) + PROBE_S * len(lags)
            print(f"  {doing}: {took:.1f} s; p50 {p50:.1f}, p99 {p99:.1f}, max {most:.0f} ms")
        sys.stdout.flush()

    async def _probe(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PROBE_S)
            lag = time.perf_counter() - before - PROBE_S
            self._lags.setdefault(self._doing, []).append(lag)


async def ask(engine: SearchEngine, questions: Iterator[str]) -> None:
    """Ask at a steady pace, without waiting for answers."""
    async with asyncio.TaskGroup() as group:
        while True:
            group.create_task(engine.ask(next(questions)))
            await asyncio.sleep(PAUSE_S)


async def main() -> None:
    """Print a line for the questions alone, and some for each coverage."""
    data, names = Path(sys.argv[1]), sys.argv[2:] or list(COVERAGES)
    lines = _lines(data / "news_questions.jsonl.gz")
    questions = cycle([msgspec.json.decode(line)["question"] for line in lines])
    async with open_engine(MEMORY, [Source(str(data / "news_articles.jsonl.gz"))]) as engine:
        await engine.reindex()
        asking = asyncio.create_task(ask(engine, questions))
        async with Probe("asking").measured("Questions alone"):
            await asyncio.sleep(ALONE_S)
        for name in names:
            with TemporaryDirectory() as folder:
                await asyncio.to_thread(COVERAGES[name], data, Path(folder))
                await reindexed(name, Path(folder))
        asking.cancel()


async def reindexed(name: str, folder: Path) -> None:
    """Index a coverage from nothing."""
    probe = Probe("beginning")
    async with (
        open_engine(str(folder / "clipdesk.db"), [Source(str(folder))]) as fresh,
        probe.measured(f"A reindex of {name}"),
    ):
        report = await fresh.reindex(probe.tell)
    print(f"  {report.articles:,} articles in {report.took_s:.1f} s")


if __name__ == "__main__":
    asyncio.run(main())
