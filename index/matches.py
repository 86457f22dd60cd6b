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

    `sentences` has a row for each sentence of the passages, one passage after another, `first` the
    row of the first one of each passage, and `passage_of` the passage that each of them is of;
    `passages` and `headlines` have a row for each passage, for its own text and for what stands
    above it, and `held` for both together. `articles` are those of the passages, each once, `best`
    has the first passage of each, and `article_of` the place of each passage's article among them.
    """

    def __init__(self, corpus: Corpus, query: Query, positions: NDArray[np.int32]) -> None:
        self.text = corpus.tokens.take(positions)
        self.first = self.text.texts[:-1]
        self.passage_of = np.repeat(np.arange(len(positions)), np.diff(self.text.texts))
        self._sentence_of = np.repeat(np.arange(len(self.text.spans)), np.diff(self.text.sentences))
        self._content = np.flatnonzero(self.text.tokens >= COMMON)
        self._query = query
        size = len(query.ids)
        self._at, self._columns = occurrences(self.text.tokens, query.ids)
        rows = self._sentence_of[self._at]
        self.sentences = flags(rows, self._columns, len(self.text.spans), size)
        self.passages = np.logical_or.reduceat(self.sentences, self.first, axis=0)
        self.articles, self.best, self.article_of = np.unique(
            corpus.article_of[positions], return_index=True, return_inverse=True
        )
        self.above = corpus.headlines.take(self.articles)
        self.above_of = np.repeat(np.arange(len(self.articles)), np.diff(self.above.starts))
        at, named = occurrences(self.above.tokens, query.ids)
        named_in = flags(self.above_of[at], named, len(self.articles), size)
        self.headlines = named_in[self.article_of]
        self.held = self.passages | self.headlines

    @cached_property
    def words(self) -> Floats:
        """The share of all words of the question that each sentence holds, function words too."""
        ids = self._query.word_ids
        at, column = occurrences(self.text.tokens, ids)
        held = flags(self._sentence_of[at], column, len(self.sentences), len(ids))
        return np.asarray(held.sum(axis=1) / len(ids))

    def in_order(self) -> Floats:
        """The worth of the question's pairs of neighbours that are neighbours in each passage."""
        order = self._at.argsort()
        at, column = self._at[order], self._columns[order]
        passage, place = self.passage_of[self._sentence_of[at]], self._content.searchsorted(at)
        beside = (place[1:] == place[:-1] + 1) & (passage[1:] == passage[:-1])
        neighbours = np.stack([passage[1:], column[:-1], column[1:]])[:, beside].tolist()
        worth = np.zeros(len(self.passages))
        for where, one, other in set(zip(*neighbours, strict=True)):
            worth[where] += self._query.pairs.get((one, other), 0.0)
        return worth

    def worth_in(self, sentences: Places, ids: NDArray[np.int32], worths: Floats) -> Floats:
        """For each of the sentences, the sum of what the distinct terms are worth that it holds.

        `ids` are those of the terms, ascending.
        """
        row_of = np.full(len(self.sentences), -1)
        row_of[sentences] = np.arange(len(sentences))
        rows, tokens = row_of[self._sentence_of[self._content]], self.text.tokens[self._content]
        at = ids.searchsorted(tokens)
        found = (rows >= 0) & (np.append(ids, -1)[at] == tokens)
        held = flags(rows[found], at[found], len(sentences), len(ids))
        return np.asarray((held * worths).sum(axis=1))


def occurrences(tokens: NDArray[np.int32], ids: NDArray[np.int32]) -> tuple[Places, Places]:
    """Where any of the ids stands among the tokens, and its place in `ids`; id after id."""
    # To compare all with all is faster than to look each token up: a question has few terms.
    found = np.flatnonzero(ids[:, np.newaxis] == tokens)
    place, at = np.divmod(found, max(1, len(tokens)))
    return at, place


def flags(row_of: Places, column_of: Places, rows: int, size: int) -> Flags:
    """Flags at those rows and columns."""
    made = np.zeros((rows, size), bool)
    made[row_of, column_of] = True
    return made
