"""Which terms of a question the sentences of some passages hold."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.corpus import Corpus
from index.lexicon import COMMON
from index.question import Flags, Floats, Query

Places = NDArray[np.intp]


class Matches:
    """What passages hold of a question: rows of flags, a column for each term of `query.weights`.

    `sentences` has a row for each sentence of the passages, one passage after another, and
    `passage_of` the passage that each of them is of; `passages` and `headlines` have a row for each
    passage, for its own text and for what stands above it.
    """

    def __init__(self, corpus: Corpus, query: Query, positions: NDArray[np.int32]) -> None:
        self.text = corpus.tokens.take(positions)
        self._query = query
        self._sentence_of = np.repeat(np.arange(len(self.text.spans)), np.diff(self.text.sentences))
        self.passage_of = np.repeat(np.arange(len(positions)), np.diff(self.text.texts))
        self._columns = columns(self.text.tokens, query.ids)
        size = len(query.ids)
        self.sentences = flags(self._sentence_of, self._columns, len(self.text.spans), size)
        self.passages = flags(
            self.passage_of[self._sentence_of], self._columns, len(positions), size
        )
        self.articles = corpus.article_of[positions]
        above = corpus.headlines.take(self.articles)
        below = np.repeat(np.arange(len(positions)), np.diff(above.starts))
        self.headlines = flags(below, columns(above.tokens, query.ids), len(positions), size)

    @cached_property
    def words(self) -> Floats:
        """The share of all words of the question that each sentence holds, function words too."""
        at = columns(self.text.tokens, self._query.word_ids)
        size = len(self._query.word_ids)
        held = flags(self._sentence_of, at, len(self.sentences), size)
        return np.asarray(held.sum(axis=1) / size)

    def in_order(self) -> Floats:
        """The worth of the question's pairs of neighbours that are neighbours in each passage."""
        content = self.text.tokens >= COMMON
        at, passage = self._columns[content], self.passage_of[self._sentence_of[content]]
        beside = (at[:-1] >= 0) & (at[1:] >= 0) & (passage[:-1] == passage[1:])
        found = np.column_stack([passage[:-1], at[:-1], at[1:]])[beside].tolist()
        worth = np.zeros(len(self.passages))
        for where, one, other in set(map(tuple, found)):
            worth[where] += self._query.pairs.get((one, other), 0.0)
        return worth

    def worth_in(self, sentences: Places, ids: NDArray[np.int32], worths: Floats) -> Floats:
        """For each of the sentences, the sum of what the distinct terms are worth that it holds."""
        chosen = np.full(len(self.sentences), -1)
        chosen[sentences] = np.arange(len(sentences))
        row_of = chosen[self._sentence_of]
        inside = row_of >= 0
        at = columns(self.text.tokens[inside], ids)
        held = flags(row_of[inside], at, len(sentences), len(ids))
        return np.asarray((held * worths).sum(axis=1))


def columns(tokens: NDArray[np.int32], ids: NDArray[np.int32]) -> Places:
    """The place in `ids` of each of the tokens; -1 for one that is not there."""
    if not len(ids):
        return np.full(len(tokens), -1)
    order = np.argsort(ids)
    at = np.searchsorted(ids, tokens, sorter=order).clip(max=len(ids) - 1)
    places = order[at]
    return np.where(ids[places] == tokens, places, -1)


def flags(row_of: Places, column_of: Places, rows: int, size: int) -> Flags:
    """Flags at those rows and columns, but for columns below zero."""
    made = np.zeros((rows, size), bool)
    found = column_of >= 0
    made[row_of[found], column_of[found]] = True
    return made
