"""Measure whole answers in an archive, from the file of articles to the highlighted sentence.

    PYTHONPATH=tests uv run python tests/benchmarks/whole.py [EVAL_FOLDER] [COPIES]

The archive is the news of the evaluation pack and copies of it that tell other stories: a copied
article has about two in three of its own sentences, and others of an article met by chance, and
words that five articles or fewer have are renamed throughout it. Each phase runs in a process of
its own. Prints the time to index, to bring one in a hundred articles up to date, from opening to
the first answer, per answer, and the memory; with the compiled loops of the ranking and without.
"""

# ruff: noqa: T201 - to print is what it is for

import asyncio
import gzip
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

_NAME = re.compile(r"[A-Za-z]+")
_SENTENCE = re.compile(r"(?<=[.!?]) ")
_RARE = 5  # articles
_SHARED = 0.75  # of the renamed words are called alike throughout a copy

Json = dict[str, Any]


def main() -> None:
    """Print the time of each phase."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval")
    copies = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with TemporaryDirectory() as name:
        archive, database = Path(name) / "news.jsonl", Path(name) / "clipdesk.db"
        with gzip.open(folder / "news_articles.jsonl.gz", "rt", encoding="utf-8") as lines:
            articles = [json.loads(line) for line in lines]
        grown = [
            *articles,
            *(one for number in range(1, copies) for one in _copied(articles, number)),
        ]
        _write(archive, grown)
        options = ["--coverage", str(archive), "--database", str(database)]
        print(f"{_size(archive):.0f} MB of articles; indexing: {_timed('reindex', *options):.1f} s")
        index = Path(f"{database}.index")
        print(f"database {_size(database):.0f} MB, {_size(index):.0f} MB index")
        for seed in range(3):
            _change(grown, seed)
            _write(archive, grown)
            print(f"one article in a hundred changed: {_timed('reindex', *options):.1f} s")
        print(f"{_size(Path(f'{index}.delta')):.0f} MB delta")
        _change(grown, 4)
        _write(archive, grown)
        subprocess.run(
            [sys.executable, __file__, "--reindex", str(archive), str(database)], check=True
        )
        print(f"nothing changed: {_timed('reindex', *options):.1f} s")
        for how in ("plain", "compiled"):
            asked = [str(folder / "news_questions.jsonl.gz"), str(archive), str(database), how]
            subprocess.run([sys.executable, __file__, "--ask", *asked], check=True)


def _copied(articles: list[Json], seed: int) -> Iterator[Json]:
    """Copies of the articles with other names, as further stories."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    frequency = Counter(
        name for one in articles for name in set(_NAME.findall(f"{one['title']} {one['text']}"))
    )
    for number, article in enumerate(articles):
        names: dict[str, str] = {}

        def renamed(found: re.Match[str], names: dict[str, str] = names) -> str:
            name = found[0]
            if frequency[name] > _RARE:
                return name
            if name not in names:
                shared = dice.random() < _SHARED
                names[name] = _other(name, f"{seed}" if shared else f"{dice.random()}")
            return names[name]

        other = dice.choice(articles)["text"].split("\n")
        paragraphs = [
            " ".join(
                sentence if dice.random() < 2 / 3 else dice.choice(_SENTENCE.split(theirs))
                for sentence in _SENTENCE.split(own)
            )
            for at, own in enumerate(article["text"].split("\n"))
            for theirs in [other[at % len(other)]]
        ]
        yield article | {
            "id": f"{article.get('id', number)}-{seed}",
            "title": _NAME.sub(renamed, article["title"]),
            "text": _NAME.sub(renamed, "\n".join(paragraphs)),
        }


def _other(name: str, seed: str) -> str:
    """A name like `name`: vowels for vowels, consonants for consonants."""
    dice = random.Random(f"{name.lower()} {seed}")  # noqa: S311 - no secret
    letters = (
        dice.choice("aeiou" if letter in "aeiou" else "bcdfghjklmnprstvwz")
        for letter in name.lower()
    )
    other = "".join(letters)
    return other.capitalize() if name[0].isupper() else other


def _change(articles: list[Json], seed: int) -> None:
    """Add a paragraph to one article in a hundred."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    for number in dice.sample(range(len(articles)), len(articles) // 100):
        articles[number]["text"] += f"\nThis has been changed since {seed}."


def _write(path: Path, articles: list[Json]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(article)}\n" for article in articles)


def _size(path: Path) -> float:
    return path.stat().st_size / 1e6


def _timed(*arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", *arguments], check=True, capture_output=True)
    return time.perf_counter() - begun


async def reindex(archive: Path, database: Path) -> None:
    """Reindex in a process that answers questions, as the bot does."""
    from index import Source, open_engine  # noqa: PLC0415 - as below

    async with open_engine(str(database), [Source(str(archive))]) as engine:
        await engine.load()
        engine.keep_fresh(dedicated_process=True)
        report = await engine.reindex()
        print(f"the same in a bot: {report.took_s:.1f} s, {report.changed} articles")


async def ask(questions: Path, archive: Path, database: Path, how: str) -> None:
    """Open the archive, ask all questions twice, and print the times."""
    from index import Source, open_engine  # noqa: PLC0415 - its import is measured with numpy's apart
    from index.retrieval.bm25 import kernels  # noqa: PLC0415

    if how == "plain":
        kernels._library = None  # noqa: SLF001 - as where it was not built
    with gzip.open(questions, "rt", encoding="utf-8") as lines:
        asked = [json.loads(line)["question"] for line in lines]
    begun = time.perf_counter()
    async with open_engine(str(database), [Source(str(archive))]) as engine:
        await engine.load()
        await engine.ask(asked[0])
        first = time.perf_counter() - begun
        print(
            f"{engine.searcher.size:,} paragraphs, {how}: first answer after {first * 1000:.0f} ms"
        )
        for _ in range(2):
            took = [(await engine.ask(question)).took_ms for question in asked]
            figures = ", ".join(f"p{at} {np.percentile(took, at):.1f}" for at in (50, 95, 99))
            print(f"  an answer: {figures}, at most {max(took):.1f} ms")
        long = " ".join(asked)[:2_000]
        print(f"  a question of 2,000 characters: {(await engine.ask(long)).took_ms:.0f} ms")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"  {memory:.0f} MB of memory")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        questions, archive, database, how = sys.argv[2:]
        asyncio.run(ask(Path(questions), Path(archive), Path(database), how))
    elif sys.argv[1:2] == ["--reindex"]:
        asyncio.run(reindex(*map(Path, sys.argv[2:])))
    else:
        main()
