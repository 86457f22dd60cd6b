"""Analyzes stored articles: many of them in several processes."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.analysis.analyzed_articles import (
    AnalyzedArticles,
    ArticleTexts,
    analyze_with,
    join_analyzed,
)
from index.analysis.lexicon import STOP_WORD_IDS, Lexicon, SeenTerms
from index.store.database import open_readonly

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CHUNK = 500  # articles that one process analyzes at a time
PARALLEL_FROM = 20_000  # paragraphs; fewer are analyzed faster than a process starts

OnProgress = Callable[[int, int], None]  # called with the articles done and their total


class StoredArticle(NamedTuple):
    """A stored article: its row, and what the index needs of it besides its paragraphs.

    `about` is its publisher, author and publication date. `to_analyze` are the positions of the
    paragraphs to analyze, from 0; None for all of them.
    """

    row: int
    digest: str
    paragraphs: int
    title: str
    about: tuple[str, str, str]
    to_analyze: Sequence[int] | None = None

    @property
    def work(self) -> int:
        """The number of paragraphs to analyze."""
        return self.paragraphs if self.to_analyze is None else len(self.to_analyze)


def analyze_articles(
    database: Path,
    db: sqlite3.Connection,
    articles: Sequence[StoredArticle],
    lexicon: Lexicon,
    on_progress: OnProgress,
) -> AnalyzedArticles:
    """Analyze articles with the lexicon; in several processes where there are many paragraphs."""
    analyzed: list[AnalyzedArticles] = []
    chunks = [articles[at : at + _CHUNK] for at in range(0, len(articles), _CHUNK)]
    done = 0
    for chunk, one in zip(chunks, _analyze(database, db, chunks, lexicon), strict=True):
        analyzed.append(one)
        done += len(chunk)
        on_progress(done, len(articles))
    return join_analyzed(analyzed)


def _analyze(
    database: Path,
    db: sqlite3.Connection,
    chunks: Sequence[Sequence[StoredArticle]],
    lexicon: Lexicon,
) -> Iterator[AnalyzedArticles]:
    paragraphs = sum(article.work for chunk in chunks for article in chunk)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if paragraphs < PARALLEL_FROM or (workers or 1) == 1:
        for chunk in chunks:
            yield analyze_with(lexicon, _texts_to_analyze(db, chunk))
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - slow to import
    from multiprocessing import get_context  # noqa: PLC0415 - as above

    with ProcessPoolExecutor(workers, get_context("spawn"), _start, (database,)) as pool:
        ids: dict[int, NDArray[np.int32]] = {}
        for process, one, new in pool.map(_analyze_in_process, chunks):
            ids[process] = lexicon.merge(new, ids.get(process, STOP_WORD_IDS))
            yield one.renumbered(ids[process])


class _Worker:
    """A worker of the process pool, which numbers terms itself and sends each only once."""

    def __init__(self, database: Path) -> None:
        self._db = open_readonly(database)
        self._lexicon = Lexicon()
        self._terms_sent = self._words_sent = 0

    def analyze(self, chunk: Sequence[StoredArticle]) -> tuple[AnalyzedArticles, SeenTerms]:
        """Analyze some articles; also return the terms and words not sent yet."""
        read = analyze_with(self._lexicon, _texts_to_analyze(self._db, chunk))
        seen = self._lexicon.seen
        new = SeenTerms(
            dict(islice(seen.terms.items(), self._terms_sent, None)),
            dict(islice(seen.words.items(), self._words_sent, None)),
            seen.term_of[self._words_sent :],
        )
        self._terms_sent, self._words_sent = len(seen.terms), len(seen.words)
        return read, new


_worker: _Worker


def _start(database: Path) -> None:
    global _worker  # noqa: PLW0603 - a process of a pool can keep its state nowhere else
    _worker = _Worker(database)


def _analyze_in_process(chunk: Sequence[StoredArticle]) -> tuple[int, AnalyzedArticles, SeenTerms]:
    return os.getpid(), *_worker.analyze(chunk)


def texts_of(db: sqlite3.Connection, article: StoredArticle) -> list[str]:
    """The paragraphs of an article."""
    rows = db.execute("SELECT text FROM passage WHERE article = ? ORDER BY number", [article.row])
    return [text for (text,) in rows]


def _texts_to_analyze(
    db: sqlite3.Connection, articles: Sequence[StoredArticle]
) -> Iterator[ArticleTexts]:
    for article in articles:
        yield ArticleTexts(article.title, texts_of(db, article), article.to_analyze)
