"""Which terms of a question, and of the headlines found, the sentences of some passages hold."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.corpus.corpus import Corpus
from index.queries.question import Flags, Floats, Query
from index.terms.lexicon import COMMON

Places = NDArray[np.intp]


class Matches:
    """What passages hold of a question: rows of flags, a column for each term of `query.weights`.

    `sentences` has a row for each sentence of the passages, one passage after another, `first` the
    row of the first one of each passage, and `passage_of` the passage that each of them is of;
    `passages` and `headlines` have a row for each passage, for its own text and for what stands
    above it, and `held` for both together. `articles` are those of the passages, each once, `best`
    has the first passage of each, and `article_of` the place of each passage's article among them.

    `terms` are all that matter, by their ids, ascending: those of the question, its other words,
    and what the headlines say. `all_sentences` and `all_headlines` have a column for each of these,
    and a row for each sentence and each of `articles`; `asked` are the columns of the question's.
    """

    def __init__(self, corpus: Corpus, query: Query, positions: NDArray[np.int32]) -> None:
        self.articles, self.best, self.article_of = np.unique(
            corpus.article_of[positions], return_index=True, return_inverse=True
        )
        above = corpus.headlines.take(self.articles)
        said = np.flatnonzero(above.tokens >= COMMON)
        ids = np.sort(np.concatenate([query.ids, query.word_ids, above.tokens[said]]))
        # As `np.unique` has it, which would import what takes as long as three questions.
        self.terms = ids[np.append(True, ids[1:] != ids[:-1])[: len(ids)]]
        self.asked = self.terms.searchsorted(query.ids)
        self.all_headlines = _flags(
            _list_of(above.starts)[said],
            self.terms.searchsorted(above.tokens[said]),
            (len(self.articles), len(self.terms)),
        )
        self.text = corpus.tokens.take(positions)
        self.first = self.text.texts[:-1]
        self.passage_of = _list_of(self.text.texts)
        self._at, self._column = occurrences(self.text.tokens, self.terms)
        self._row = _list_of(self.text.sentences)[self._at]
        shape = len(self.passage_of), len(self.terms)
        self.all_sentences = _flags(self._row, self._column, shape)
        self.sentences = self.all_sentences[:, self.asked]
        self.passages = np.logical_or.reduceat(self.sentences, self.first, axis=0)
        self.headlines = self.all_headlines[:, self.asked][self.article_of]
        self.held = self.passages | self.headlines
        self._query = query

    @cached_property
    def words(self) -> Floats:
        """The share of all words of the question that each sentence holds, function words too."""
        ids = self._query.word_ids
        held = self.all_sentences[:, self.terms.searchsorted(ids)]
        return np.asarray(held.sum(axis=1) / len(ids))

    def in_order(self) -> Floats:
        """The worth of the question's pairs of neighbours that are neighbours in each passage."""
        size = len(self.asked)
        number = np.full(len(self.terms), -1)
        number[self.asked] = np.arange(size)
        term = number[self._column]
        asked = np.flatnonzero(term >= 0)
        term, passage = term[asked], self.passage_of[self._row[asked]]
        # Function words stand between neighbours.
        place = np.flatnonzero(self.text.tokens >= COMMON).searchsorted(self._at[asked])
        beside = (place[1:] == place[:-1] + 1) & (passage[1:] == passage[:-1])
        pairs = (passage[:-1] * size + term[:-1]) * size + term[1:]
        once = np.array(sorted({*pairs[beside].tolist()}), np.int64)
        passage, pair = np.divmod(once, max(1, size * size))
        worths = self._query.pairs.ravel()[pair]
        return np.asarray(np.bincount(passage, worths, len(self.passages)), np.float64)


def occurrences(tokens: NDArray[np.int32], ids: NDArray[np.int32]) -> tuple[Places, Places]:
    """Where any of the ids, which ascend, stands among the tokens, and its place in `ids`."""
    # Most tokens are none of them, as their last 16 bits tell for less than it takes to search.
    sieve = np.zeros(1 << 16, bool)
    sieve[ids.astype(np.uint16)] = True
    at = np.flatnonzero(sieve[tokens.astype(np.uint16)])
    place = ids.searchsorted(tokens[at])
    found = ids.take(place, mode="clip") == tokens[at]
    return at[found], place[found]


def _list_of(starts: NDArray[np.int64]) -> Places:
    """The number of the list that each item is of, where lists begin that follow each other."""
    return np.repeat(np.arange(len(starts) - 1), starts[1:] - starts[:-1])


def _flags(row_of: Places, column_of: Places, shape: tuple[int, int]) -> Flags:
    """Flags at those rows and columns."""
    made = np.zeros(shape, bool)
    made[row_of, column_of] = True
    return made
