"""Writing the index file of what is stored: in a process of its own, where that takes long.

What was analysed for the index file that is there is taken from it, article by article, by the
digest of what the article says.
"""

import asyncio
import hashlib
import os
import sqlite3
import sys
from asyncio import StreamReader
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from index.arrays import DamagedFileError, OtherFileError, load, save
from index.database import newest_generation, open_readonly
from index.errors import StoreError
from index.generation import Generation, Read, join_read, make_generation, read_articles
from index.lexicon import ANALYSIS, COMMON_IDS, Lexicon, Met
from index.processes import REINDEXES, die_with_parent, give_way, python_process
from index.vocabulary import EMPTY, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PART = 500  # articles that are analysed at once, in one of the processes
_WORTH_PROCESSES = 20_000  # paragraphs; fewer are analysed faster than a process starts
_WORTH_KEEPING = 0.5  # share of what was analysed that must still be there

_VERSION = "2"  # of what the file holds; other files are not read
_MADE_BY = {"version": _VERSION, "analysis": ANALYSIS}

_RUN = f"from {__name__} import main; main()"

Told = Callable[[int, int], None]  # how many articles are analysed, and how many there are


@dataclass(frozen=True, slots=True)
class Stored:
    """An article that is stored, by its row, with what is needed of it beside its paragraphs."""

    row: int
    digest: str
    paragraphs: int
    title: str
    about: tuple[str, str, str]  # publisher, author, publication


def about(generation: str, sources: Sequence[str]) -> dict[str, str]:
    """What the index file of that generation of those sources says that it is of."""
    of = hashlib.blake2b("\n".join(sources).encode(errors="surrogateescape"), digest_size=16)
    return {**_MADE_BY, "generation": generation, "sources": of.hexdigest()}


def index_file(database: Path) -> Path:
    """Where the index file is of what is stored in a database."""
    return database.with_name(f"{database.name}.index")


async def build_index(database: Path, path: Path, sources: Sequence[str], told: Told) -> None:
    """Run `build`, in another process if there is much to do. Raises OSError and StoreError."""
    with closing(open_readonly(database)) as db:
        [(paragraphs,)] = db.execute("SELECT total(paragraphs) FROM article WHERE NOT removed")
    if paragraphs < _WORTH_PROCESSES:
        await asyncio.to_thread(build, database, path, sources, lambda *_: None)
        return
    async with python_process(_RUN, str(database), str(path), *sources) as process:
        async for line in cast("StreamReader", process.stdout):
            told(*map(int, line.split()))
        if await process.wait():
            raise StoreError("Indexing failed; the lines above say why. Try again.")


def build(database: Path, path: Path, sources: Sequence[str], told: Told) -> None:
    """Write the index file at `path` of the articles of `sources` as they are stored now.

    Raises sqlite3.Error and OSError; then the file is as before.
    """
    with closing(open_readonly(database)) as db:
        db.execute("BEGIN")  # all is read as it is at one moment
        generation = newest_generation(db)
        articles = [*_stored(db, sources)]
        known, analysed, vocabulary = _known(path, {article.digest for article in articles})
        new = [article for article in articles if article.digest not in known]
        new = list({article.digest: article for article in new}.values())
        lexicon = Lexicon(vocabulary.terms[:])
        parts = _analyse(database, db, new, lexicon, told)
    new_from = len(analysed.counts)
    known |= {article.digest: at for at, article in enumerate(new, start=new_from)}
    read = join_read([analysed, *parts]).take(
        np.array([known[article.digest] for article in articles], np.int64)
    )
    arrays = make_generation(
        read, vocabulary.with_met(lexicon.met), [article.about for article in articles]
    ).arrays()
    rows = {
        "rows": np.array([article.row for article in articles], np.int64),
        "digests": np.array([article.digest for article in articles], "S32"),
    }
    save(path, about(generation, sources), {**rows, **arrays})


def _stored(db: sqlite3.Connection, sources: Sequence[str]) -> Iterator[Stored]:
    """The articles of the sources, in the order of the corpus."""
    for source in sources:
        for row, digest, title, paragraphs, *origin in db.execute(
            "SELECT article.row, article.digest, title, paragraphs, publisher, author, published"
            " FROM article JOIN item ON item.row = article.item"
            " WHERE item.source = ? AND NOT removed ORDER BY item.path, article.position",
            [source],
        ):
            yield Stored(row, digest, paragraphs, title, (*origin,))


def _known(path: Path, wanted: set[str]) -> tuple[dict[str, int], Read, Vocabulary]:
    """What was analysed before: the places of articles by their digests, and what was read."""
    nothing: tuple[dict[str, int], Read, Vocabulary] = ({}, join_read([]), EMPTY)
    try:
        _, arrays = load(path, _MADE_BY)
    except (DamagedFileError, OtherFileError, OSError):
        return nothing
    known = {digest.decode(): at for at, digest in enumerate(arrays["digests"].tolist())}
    if len(known.keys() & wanted) < len(known) * _WORTH_KEEPING:
        return nothing  # what is gone leaves its words behind
    before = Generation.from_arrays(arrays)
    read = Read(before.headlines, before.passages, np.diff(before.first))
    return known, read, before.vocabulary


def _analyse(
    database: Path,
    db: sqlite3.Connection,
    articles: Sequence[Stored],
    lexicon: Lexicon,
    told: Told,
) -> list[Read]:
    """What the lexicon reads of articles, in parts."""
    parts: list[Read] = []
    chunks = [articles[at : at + _PART] for at in range(0, len(articles), _PART)]
    done = 0
    for chunk, read in zip(chunks, _read(database, db, chunks, lexicon), strict=True):
        parts.append(read)
        done += len(chunk)
        told(done, len(articles))
    return parts


def _read(
    database: Path, db: sqlite3.Connection, chunks: Sequence[Sequence[Stored]], lexicon: Lexicon
) -> Iterator[Read]:
    paragraphs = sum(article.paragraphs for chunk in chunks for article in chunk)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if paragraphs < _WORTH_PROCESSES or (workers or 1) == 1:
        for chunk in chunks:
            yield read_articles(lexicon, _texts(db, chunk))
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (database,)) as pool:
        ids: dict[int, NDArray[np.int32]] = {}
        for process, read, fresh in pool.map(_read_apart, chunks):
            ids[process] = lexicon.take_in(fresh, ids.get(process, COMMON_IDS))
            yield read.renumbered(ids[process])


class _Worker:
    """A process of the pool: it numbers terms on its own, and tells each of them once."""

    def __init__(self, database: Path) -> None:
        self._db = open_readonly(database)
        self._lexicon = Lexicon()
        self._terms_told = self._words_told = 0

    def read(self, chunk: Sequence[Stored]) -> tuple[Read, Met]:
        """What is read of some articles, and the terms and words that were not told of yet."""
        read = read_articles(self._lexicon, _texts(self._db, chunk))
        met = self._lexicon.met
        words = islice(met.words.items(), self._words_told, None)
        fresh = Met(met.terms[self._terms_told :], dict(words))
        self._terms_told, self._words_told = len(met.terms), len(met.words)
        return read, fresh


_worker: _Worker


def _begin(database: Path) -> None:
    global _worker  # noqa: PLW0603 - a process of a pool has no other place for what it keeps
    _worker = _Worker(database)


def _read_apart(chunk: Sequence[Stored]) -> tuple[int, Read, Met]:
    return os.getpid(), *_worker.read(chunk)


def _texts(db: sqlite3.Connection, articles: Sequence[Stored]) -> Iterator[tuple[str, list[str]]]:
    for article in articles:
        rows = db.execute(
            "SELECT text FROM passage WHERE article = ? ORDER BY number", [article.row]
        )
        yield article.title, [text for (text,) in rows]


def main() -> None:
    """Build as the arguments say; tell how far it is, a line `DONE TOTAL` for each part."""
    give_way(REINDEXES)
    die_with_parent()
    database, path, *sources = sys.argv[1:]
    build(Path(database), Path(path), sources, partial(print, flush=True))
