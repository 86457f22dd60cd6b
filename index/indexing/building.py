"""Writes the index files of what is stored; `dispatch` runs this in a process where that pays.

Analyzed articles are reused from the present files, looked up by the digest of what they say. While
little has changed since the main segment was built, that stays, and only the delta is written.
"""

import sys
from contextlib import closing
from functools import partial, reduce
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import take_analyzed
from index.analysis.lexicon import Lexicon
from index.analysis.vocabulary import Vocabulary, new_vocabulary
from index.indexing.analyze import OnProgress, analyze_articles
from index.indexing.diff import (
    NEW,
    ArticleListing,
    PreviousIndex,
    compare_with,
    list_articles,
    load_articles,
)
from index.indexing.paragraph_reuse import ParagraphReuse, paragraphs_of
from index.retrieval.embedded.index_files import IndexFiles
from index.retrieval.embedded.segment import make_segment
from index.retrieval.embedded.snapshot import make_snapshot
from index.store.database import newest_snapshot_id, open_readonly
from index.workers.worker import REINDEX_NICENESS, die_with_parent, lower_priority

_LITTLE = 0.125  # share of the main segment's passages that the delta may differ by


def build(database: Path, files: IndexFiles, on_progress: OnProgress) -> None:
    """Write the index files of the articles that are stored now for the sources of the files.

    Raises sqlite3.Error, OSError and StoreError, and then leaves the files unchanged.
    """
    with closing(open_readonly(database)) as db:
        db.execute("BEGIN")  # a consistent view of the database
        snapshot_id = newest_snapshot_id(db)
        listed = list_articles(db, files.sources)
        previous = compare_with(files.newest(), listed)
        stays = _stays_in_main(previous, listed)
        delta = [*load_articles(db, listed.rows[~stays].tolist())]
        positions = previous.positions[~stays]
        is_new = (positions == NEW).tolist()
        new = list({one.digest: one for one in compress(delta, is_new)}.values())
        reuse = ParagraphReuse(db, new, paragraphs_of(db, previous.removed))
        lexicon = Lexicon()
        analyzed = analyze_articles(database, db, reuse.articles, lexicon, on_progress)
    vocabulary, ids = new_vocabulary([one.vocabulary for one in previous.segments], lexicon.seen)
    analyzed = reuse.complete(analyzed.renumbered(ids), previous.segments)
    position_of = {one.digest: at for at, one in enumerate(new, previous.size)}
    positions[is_new] = [position_of[one.digest] for one in compress(delta, is_new)]
    kept = previous.segments[:1] if np.any(stays) else ()
    last = make_segment(
        take_analyzed([*(one.read for one in previous.segments), analyzed], positions),
        reduce(
            Vocabulary.joined,
            [*(one.vocabulary for one in previous.segments[len(kept) :]), vocabulary],
        ),
        [one.about for one in delta],
        [one.digest for one in delta],
    )
    order = previous.positions.copy()
    order[~stays] = np.arange(len(delta)) + sum(map(len, kept))
    files.write(snapshot_id, make_snapshot([*kept, last], order, listed.rows))


def _stays_in_main(previous: PreviousIndex, listed: ArticleListing) -> NDArray[np.bool_]:
    """Tell for each article whether it stays in the main segment; none where that is rebuilt.

    It is rebuilt once much is new or gone. Kept for longer, it would make each small change cost
    more than rebuilding it now and then.
    """
    stays = np.zeros(len(listed.rows), np.bool_)
    if previous.segments:
        main = previous.segments[0]
        _, firsts = np.unique(previous.positions, return_index=True)  # one of identical articles
        stays[firsts] = (previous.positions[firsts] != NEW) & (
            previous.positions[firsts] < len(main)
        )
        passages = int(listed.sizes[stays].sum())
        new, gone = int(listed.sizes.sum()) - passages, len(main.passages) - passages
        if new + gone > len(main.passages) * _LITTLE:
            stays[:] = False
    return stays


def main() -> None:
    """Build the files named by the arguments; print progress as lines of `DONE TOTAL`."""
    lower_priority(REINDEX_NICENESS)
    die_with_parent()
    database, path, *sources = sys.argv[1:]
    files = IndexFiles(Path(path), sources)
    build(Path(database), files, partial(print, flush=True))
