"""Analysing articles that are stored: in processes of its own where that is much."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.analysis.analyzed_articles import Read, join_read, read_articles
from index.analysis.lexicon import STOP_WORD_IDS, Lexicon, SeenTerms
from index.store.database import open_readonly

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PART = 500  # articles that are analysed at once, in one of the processes
WORTH_PROCESSES = 20_000  # paragraphs; fewer are analysed faster than a process starts

OnProgress = Callable[[int, int], None]  # how many articles are analysed, and how many there are


class Stored(NamedTuple):
    """An article that is stored, by its row, with what is needed of it beside its paragraphs.

    `about` is its publisher, author and publication. `wanted` are the places of the paragraphs that
    are to be analysed, from 0; None for all of them.
    """

    row: int
    digest: str
    paragraphs: int
    title: str
    about: tuple[str, str, str]
    wanted: Sequence[int] | None = None

    @property
    def to_do(self) -> int:
        """How many paragraphs are to be analysed."""
        return self.paragraphs if self.wanted is None else len(self.wanted)


def analyse(
    database: Path,
    db: sqlite3.Connection,
    articles: Sequence[Stored],
    lexicon: Lexicon,
    told: OnProgress,
) -> Read:
    """What the lexicon reads of articles; in several processes where there is much to read."""
    parts: list[Read] = []
    chunks = [articles[at : at + _PART] for at in range(0, len(articles), _PART)]
    done = 0
    for chunk, read in zip(chunks, _read(database, db, chunks, lexicon), strict=True):
        parts.append(read)
        done += len(chunk)
        told(done, len(articles))
    return join_read(parts)


def _read(
    database: Path, db: sqlite3.Connection, chunks: Sequence[Sequence[Stored]], lexicon: Lexicon
) -> Iterator[Read]:
    paragraphs = sum(article.to_do for chunk in chunks for article in chunk)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if paragraphs < WORTH_PROCESSES or (workers or 1) == 1:
        for chunk in chunks:
            yield read_articles(lexicon, _wanted(db, chunk))
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - slow to import
    from multiprocessing import get_context  # noqa: PLC0415 - as above

    with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (database,)) as pool:
        ids: dict[int, NDArray[np.int32]] = {}
        for process, read, fresh in pool.map(_read_apart, chunks):
            ids[process] = lexicon.take_in(fresh, ids.get(process, STOP_WORD_IDS))
            yield read.renumbered(ids[process])


class _Worker:
    """A process of the pool: it numbers terms on its own, and tells each of them once."""

    def __init__(self, database: Path) -> None:
        self._db = open_readonly(database)
        self._lexicon = Lexicon()
        self._terms_told = self._words_told = 0

    def read(self, chunk: Sequence[Stored]) -> tuple[Read, SeenTerms]:
        """What is read of some articles, and the terms and words that were not told of yet."""
        read = read_articles(self._lexicon, _wanted(self._db, chunk))
        met = self._lexicon.met
        fresh = SeenTerms(
            dict(islice(met.terms.items(), self._terms_told, None)),
            dict(islice(met.words.items(), self._words_told, None)),
            met.term_of[self._words_told :],
        )
        self._terms_told, self._words_told = len(met.terms), len(met.words)
        return read, fresh


_worker: _Worker


def _begin(database: Path) -> None:
    global _worker  # noqa: PLW0603 - a process of a pool has no other place for what it keeps
    _worker = _Worker(database)


def _read_apart(chunk: Sequence[Stored]) -> tuple[int, Read, SeenTerms]:
    return os.getpid(), *_worker.read(chunk)


def texts_of(db: sqlite3.Connection, article: Stored) -> list[str]:
    """The paragraphs of an article."""
    rows = db.execute("SELECT text FROM passage WHERE article = ? ORDER BY number", [article.row])
    return [text for (text,) in rows]


def _wanted(db: sqlite3.Connection, articles: Sequence[Stored]) -> Iterator[tuple[str, list[str]]]:
    for article in articles:
        texts = texts_of(db, article)
        if article.wanted is not None:
            texts = [texts[place] for place in article.wanted]
        yield article.title, texts
