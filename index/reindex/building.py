"""Writing the index file of what is stored; see `apart` for the process that does it.

What was analysed for the index file that is there is taken from it, article by article, by the
digest of what the article says.
"""

import hashlib
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.child import REINDEXES, die_with_parent, give_way
from index.corpus.arrays import DamagedFileError, OtherFileError, load, save
from index.corpus.generation import NONE, Generation, make_generation
from index.reindex.analysing import Stored, Told, analyse
from index.reindex.revising import Revision, paragraphs_of
from index.storage.database import newest_generation, open_readonly
from index.terms.lexicon import ANALYSIS, Lexicon
from index.terms.read import take_read

_WORTH_KEEPING = 0.5  # share of what was analysed that must still be there

_VERSION = "3"  # of what the file holds; other files are not read
_MADE_BY = {"version": _VERSION, "analysis": ANALYSIS}


def about(generation: str, sources: Sequence[str]) -> dict[str, str]:
    """What the index file of that generation of those sources says that it is of."""
    of = hashlib.blake2b("\n".join(sources).encode(errors="surrogateescape"), digest_size=16)
    return {**_MADE_BY, "generation": generation, "sources": of.hexdigest()}


def index_file(database: Path) -> Path:
    """Where the index file is of what is stored in a database."""
    return database.with_name(f"{database.name}.index")


def build(database: Path, path: Path, sources: Sequence[str], told: Told) -> None:
    """Write the index file at `path` of the articles of `sources` as they are stored now.

    Raises sqlite3.Error and OSError; then the file is as before.
    """
    with closing(open_readonly(database)) as db:
        db.execute("BEGIN")  # all is read as it is at one moment
        generation = newest_generation(db)
        articles = [*_stored(db, sources)]
        before = _before(path, {article.digest for article in articles})
        new = [article for article in articles if article.digest not in before.places]
        new = list({article.digest: article for article in new}.values())
        revision = Revision(db, new, paragraphs_of(db, before.without(articles)))
        lexicon = Lexicon()
        analysed = analyse(database, db, revision.articles, lexicon, told)
    vocabulary, ids = before.generation.vocabulary.with_met(lexicon.met)
    analysed = revision.completed(analysed.renumbered(ids), before.generation.passages)
    places = {article.digest: at for at, article in enumerate(new, len(before.generation))}
    places |= before.places
    order = np.array([places[article.digest] for article in articles], np.int64)
    arrays = make_generation(
        take_read([before.generation.read, analysed], order),
        vocabulary,
        [article.about for article in articles],
        before.generation.kept(order),
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


@dataclass(frozen=True, slots=True)
class _Before:
    """The generation of before, and where the articles with each digest are in it.

    `rows` are those of its articles, in order.
    """

    generation: Generation
    places: dict[str, int]
    rows: NDArray[np.int64]

    def without(self, articles: Iterable[Stored]) -> list[tuple[int, str, int]]:
        """The articles that are gone where there are but `articles`; see `paragraphs_of`."""
        gone = self.places.keys() - {article.digest for article in articles}
        first = self.generation.first
        return [
            (int(self.rows[at]), digest, int(first[at]))
            for digest in gone
            for at in [self.places[digest]]
        ]


_NOTHING = _Before(NONE, {}, np.empty(0, np.int64))


def _before(path: Path, wanted: set[str]) -> _Before:
    """What was analysed before, if articles with the digests that are wanted are most of it."""
    try:
        _, arrays = load(path, _MADE_BY)
    except (DamagedFileError, OtherFileError, OSError):
        return _NOTHING
    places = {digest.decode(): at for at, digest in enumerate(arrays["digests"].tolist())}
    if len(places.keys() & wanted) < len(places) * _WORTH_KEEPING:
        return _NOTHING  # what is gone leaves its words behind
    return _Before(Generation.from_arrays(arrays), places, arrays["rows"])


def main() -> None:
    """Build as the arguments say; tell how far it is, a line `DONE TOTAL` for each part."""
    give_way(REINDEXES)
    die_with_parent()
    database, path, *sources = sys.argv[1:]
    build(Path(database), Path(path), sources, partial(print, flush=True))
