"""Writing the index files of what is stored; see `apart` for the process that does it.

What was analysed for the files that are there is taken from them, article by article, by the digest
of what the article says. While little has changed since the main segment was made, it stays, and
only the delta is written.
"""

import sys
from contextlib import closing
from functools import partial, reduce
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import take_read
from index.analysis.lexicon import Lexicon
from index.analysis.vocabulary import Vocabulary, added
from index.indexing.analyze import OnProgress, analyse
from index.indexing.diff import (
    NEW,
    ArticleListing,
    PreviousIndex,
    compare_with,
    list_articles,
    stored,
)
from index.indexing.paragraph_reuse import ParagraphReuse, paragraphs_of
from index.retrieval.embedded.index_files import IndexFiles
from index.retrieval.embedded.segment import make_segment
from index.retrieval.embedded.snapshot import make_snapshot
from index.store.database import newest_generation, open_readonly
from index.workers.worker import REINDEXES, die_with_parent, give_way

_LITTLE = 0.125  # of the main segment, in passages; see `_stay`


def build(database: Path, files: IndexFiles, told: OnProgress) -> None:
    """Write the index files of the articles of their sources as they are stored now.

    Raises sqlite3.Error, OSError and StoreError; then the files are as before.
    """
    with closing(open_readonly(database)) as db:
        db.execute("BEGIN")  # all is read as it is at one moment
        name = newest_generation(db)
        listed = list_articles(db, files.sources)
        before = compare_with(files.newest(), listed)
        stay = _stay(before, listed)
        others = [*stored(db, listed.rows[~stay].tolist())]
        places = before.places[~stay]
        is_new = (places == NEW).tolist()
        new = list({one.digest: one for one in compress(others, is_new)}.values())
        revision = ParagraphReuse(db, new, paragraphs_of(db, before.gone))
        lexicon = Lexicon()
        analysed = analyse(database, db, revision.articles, lexicon, told)
    vocabulary, ids = added([one.vocabulary for one in before.segments], lexicon.met)
    analysed = revision.completed(analysed.renumbered(ids), before.segments)
    numbers = {one.digest: at for at, one in enumerate(new, before.size)}
    places[is_new] = [numbers[one.digest] for one in compress(others, is_new)]
    kept = before.segments[:1] if np.any(stay) else ()
    last = make_segment(
        take_read([*(one.read for one in before.segments), analysed], places),
        reduce(
            Vocabulary.joined,
            [*(one.vocabulary for one in before.segments[len(kept) :]), vocabulary],
        ),
        [one.about for one in others],
        [one.digest for one in others],
    )
    order = before.places.copy()
    order[~stay] = np.arange(len(others)) + sum(map(len, kept))
    files.write(name, make_snapshot([*kept, last], order, listed.rows))


def _stay(before: PreviousIndex, listed: ArticleListing) -> NDArray[np.bool_]:
    """Which articles stay in the main segment: none where it is to be made anew.

    That is where much is new, or gone. To let it stay for longer would make each small change cost
    more than a new main segment does now and then.
    """
    stay = np.zeros(len(listed.rows), np.bool_)
    if before.segments:
        main = before.segments[0]
        _, firsts = np.unique(before.places, return_index=True)  # one of those that say the same
        stay[firsts] = (before.places[firsts] != NEW) & (before.places[firsts] < len(main))
        passages = int(listed.sizes[stay].sum())
        new, gone = int(listed.sizes.sum()) - passages, len(main.passages) - passages
        if new + gone > len(main.passages) * _LITTLE:
            stay[:] = False
    return stay


def main() -> None:
    """Build as the arguments say; tell how far it is, a line `DONE TOTAL` for each part."""
    give_way(REINDEXES)
    die_with_parent()
    database, path, *sources = sys.argv[1:]
    files = IndexFiles(Path(path), sources)
    build(Path(database), files, partial(print, flush=True))
