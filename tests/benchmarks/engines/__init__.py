"""Engines to compare: each indexes analysed paragraphs, saves the index, and searches.

All get the same term ids: as numbers where they take them, else as words between spaces, so that
none is measured by its tokeniser. All search on one thread, and open what they kept in the way that
is fastest. A module is one engine, imported where that runs, since memory is measured, too:

    build(collection, folder)   index, and keep the index in the folder
    open_index(folder)          what answers, from there
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

# Terms and how many passages are wanted, to the positions of the best.
Search: TypeAlias = Callable[[list[int], int], Sequence[int]]

K1, B = 0.9, 0.4  # clipdesk's for passages

CLIPDESK = "clipdesk"
NAMES = {
    CLIPDESK: "clipdesk",
    "clipdesk_articles": "clipdesk, 80 by passage and article",
    "bm25s_numba": "bm25s (numba)",
    "bm25s_numpy": "bm25s (numpy)",
    "tantivy_": "tantivy",
    "fts5": "SQLite FTS5",
    "rank_bm25_": "rank-bm25",
}
QUESTIONS = {"fts5": 50, "rank_bm25_": 5}  # of the slow ones, how many are asked
