"""Writing the index files of what is stored; see `apart` for the process that does it.

What was analysed for the files that are there is taken from them, article by article, by the digest
of what the article says. While little has changed since the main segment was made, it stays, and
only the delta is written.
"""

import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial, reduce
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.child import REINDEXES, die_with_parent, give_way
from index.corpus.generation import Generation, make_generation
from index.corpus.index_files import IndexFiles
from index.corpus.segment import Segment, make_segment
from index.corpus.texts import Texts
from index.reindex.analysing import Stored, Told, analyse
from index.reindex.revising import Revision, paragraphs_of
from index.storage.database import newest_generation, open_readonly
from index.terms.lexicon import Lexicon
from index.terms.read import Read, take_read
from index.terms.vocabulary import Vocabulary, added

_WORTH_KEEPING = 0.5  # share of what was analysed that must still be there
# Share of the main segment, in passages, up to which others may be new or gone. More would make
# each small change cost more than making a new main segment now and then does.
_LITTLE = 0.125

_NEW = -1  # the place of an article that was not there before


def build(database: Path, path: Path, sources: Sequence[str], told: Told) -> None:
    """Write the index files at `path` of the articles of `sources` as they are stored now.

    Raises sqlite3.Error and OSError; then the files are as before.
    """
    files = IndexFiles(path, sources)
    with closing(open_readonly(database)) as db:
        db.execute("BEGIN")  # all is read as it is at one moment
        name = newest_generation(db)
        articles = [*_stored(db, sources)]
        segments, places, gone = _before(files, articles)
        new = [one for one, place in zip(articles, places.tolist(), strict=True) if place == _NEW]
        new = list({article.digest: article for article in new}.values())
        revision = Revision(db, new, paragraphs_of(db, gone))
        lexicon = Lexicon()
        analysed = analyse(database, db, revision.articles, lexicon, told)
    vocabulary, ids = added([one.vocabulary for one in segments], lexicon.met)
    analysed = analysed.renumbered(ids)
    if segments:
        analysed = revision.completed(analysed, Texts([one.passages for one in segments]))
    numbers = {article.digest: at for at, article in enumerate(new, sum(map(len, segments)))}
    for at in np.flatnonzero(places == _NEW).tolist():
        places[at] = numbers[articles[at].digest]
    files.write(name, _generation(segments, analysed, vocabulary, articles, places))


def _generation(
    segments: Sequence[Segment],
    analysed: Read,
    vocabulary: Vocabulary,
    articles: Sequence[Stored],
    places: NDArray[np.int64],
) -> Generation:
    """The articles by their places in the segments, and after these in what was analysed now.

    `vocabulary` has what no segment has.
    """
    rows = np.array([article.row for article in articles], np.int64)
    reads = [*(one.read for one in segments), analysed]
    kept = segments[:1] if _is_like(segments, articles, places) else ()
    size = sum(map(len, kept))
    _, firsts = np.unique(places, return_index=True)
    stays = np.zeros(len(places), np.bool_)
    stays[firsts] = places[firsts] < size  # of those that say the same, one
    others = [article for article, there in zip(articles, stays.tolist(), strict=True) if not there]
    last = make_segment(
        take_read(reads, places[~stays]),
        reduce(Vocabulary.joined, [*(one.vocabulary for one in segments[len(kept) :]), vocabulary]),
        [article.about for article in others],
        [article.digest for article in others],
    )
    order = places.copy()
    order[~stays] = np.arange(len(others)) + size
    return make_generation([*kept, last], order, rows)


def _is_like(
    segments: Sequence[Segment], articles: Sequence[Stored], places: NDArray[np.int64]
) -> bool:
    """Whether the first segment has most of the articles, and little else."""
    if not segments:
        return False
    main = segments[0]
    sizes = np.array([article.paragraphs for article in articles], np.int64)
    stay = int(sizes[places < len(main)].sum())
    new, gone = int(sizes.sum()) - stay, len(main.passages) - stay
    return new + gone <= len(main.passages) * _LITTLE


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


# Articles that are gone: the row of each, its digest, and the place of its first paragraph.
_Gone = list[tuple[int, str, int]]


def _before(
    files: IndexFiles, articles: Sequence[Stored]
) -> tuple[Sequence[Segment], NDArray[np.int64], _Gone]:
    """The segments of before, the places of the articles in them, and what is gone since.

    None of all this where what was analysed for them is mostly gone: its words would stay.
    """
    places = np.full(len(articles), _NEW, np.int64)
    before = files.newest()
    if before is None:
        return (), places, []
    digests = [*chain.from_iterable(one.digests.tolist() for one in before.segments)]
    there = defaultdict(list)  # places by the digest of what is there
    for place in reversed(range(before.size)):
        there[digests[place]].append(place)
    for at, article in enumerate(articles):
        if some := there.get(article.digest.encode()):
            places[at] = some.pop() if len(some) > 1 else some[0]
    stay = np.isin(before.order, places)
    if np.count_nonzero(stay) < len(before.order) * _WORTH_KEEPING:
        return (), np.full(len(articles), _NEW, np.int64), []
    first = before.first
    left = zip(before.rows[~stay].tolist(), before.order[~stay].tolist(), strict=True)
    gone = [(row, digests[place].decode(), int(first[place])) for row, place in left]
    return before.segments, places, gone


def main() -> None:
    """Build as the arguments say; tell how far it is, a line `DONE TOTAL` for each part."""
    give_way(REINDEXES)
    die_with_parent()
    database, path, *sources = sys.argv[1:]
    build(Path(database), Path(path), sources, partial(print, flush=True))
