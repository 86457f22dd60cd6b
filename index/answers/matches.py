"""Which terms of a question, and of the headlines found, stand in which sentences."""

from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.analysis.lexicon import FIRST_TERM
from index.queries.query import Flags, Floats, Query
from index.retrieval.retriever import Candidates

Indices: TypeAlias = NDArray[np.intp]


class Matches:
    """What the candidates hold of a question, as flags: a column for each of `query.weights`.

    Rows are sentences in `sentences` (those of one passage after another), passages in `passages`
    (their own text), `headlines` (the title above each) and `matched` (either). `first` has the
    first sentence of each passage, `passage_of` the passage of each sentence.

    `terms` are the ids of all terms that matter, ascending: those of the question, its stop words,
    and those of the headlines. `all_sentences` and `all_headlines` have a column for each of these,
    and a row for each sentence and for each of `candidates.articles`; `asked` are the columns of
    the question's terms.
    """

    def __init__(self, query: Query, candidates: Candidates) -> None:
        titles, text = candidates.headlines, candidates.passages
        content = np.flatnonzero(titles.tokens >= FIRST_TERM)
        ids = np.sort(np.concatenate([query.ids, query.word_ids, titles.tokens[content]]))
        # np.unique does the same, but imports what takes as long as three questions.
        self.terms = ids[np.append(True, ids[1:] != ids[:-1])[: len(ids)]]
        self.asked = self.terms.searchsorted(query.ids)
        self.all_headlines = _flags(
            _owner_of_each(titles.starts)[content],
            self.terms.searchsorted(titles.tokens[content]),
            (len(candidates.articles), len(self.terms)),
        )
        self.text = text
        self.first = text.texts[:-1]
        self.passage_of = _owner_of_each(text.texts)
        self._at, self._column = occurrences(text.tokens, self.terms)
        self._row = _owner_of_each(text.sentences)[self._at]
        shape = len(self.passage_of), len(self.terms)
        self.all_sentences = _flags(self._row, self._column, shape)
        self.sentences = self.all_sentences[:, self.asked]
        self.passages = np.logical_or.reduceat(self.sentences, self.first, axis=0)
        self.headlines = self.all_headlines[:, self.asked][candidates.article_of]
        self.matched = self.passages | self.headlines
        self._query = query

    @cached_property
    def word_share(self) -> Floats:
        """The share of all words of the question, stop words too, that each sentence holds."""
        ids = self._query.word_ids
        matched = self.all_sentences[:, self.terms.searchsorted(ids)]
        return np.asarray(matched.sum(axis=1) / len(ids))

    def adjacent_pairs(self) -> Floats:
        """For each passage, the weight of the question's term pairs that are adjacent there too.

        Stop words may stand between them. See `Query.pair_weights`.
        """
        size = len(self.asked)
        number = np.full(len(self.terms), -1)
        number[self.asked] = np.arange(size)
        term = number[self._column]
        asked = np.flatnonzero(term >= 0)
        term, passage = term[asked], self.passage_of[self._row[asked]]
        place = np.flatnonzero(self.text.tokens >= FIRST_TERM).searchsorted(self._at[asked])
        beside = (place[1:] == place[:-1] + 1) & (passage[1:] == passage[:-1])
        pairs = (passage[:-1] * size + term[:-1]) * size + term[1:]
        once = np.array(sorted({*pairs[beside].tolist()}), np.int64)
        passage, pair = np.divmod(once, max(1, size * size))
        weights = self._query.pair_weights.ravel()[pair]
        return np.asarray(np.bincount(passage, weights, len(self.passages)), np.float64)


def occurrences(tokens: NDArray[np.int32], ids: NDArray[np.int32]) -> tuple[Indices, Indices]:
    """Where any of the ascending `ids` stands among the tokens, and its index in `ids`."""
    # The last 16 bits rule most tokens out for less than a search costs.
    sieve = np.zeros(1 << 16, bool)
    sieve[ids.astype(np.uint16)] = True
    at = np.flatnonzero(sieve[tokens.astype(np.uint16)])
    place = ids.searchsorted(tokens[at])
    found = ids.take(place, mode="clip") == tokens[at]
    return at[found], place[found]


def _owner_of_each(starts: NDArray[np.int64]) -> Indices:
    """For items in consecutive lists that begin at `starts`: the number of the list of each."""
    return np.repeat(np.arange(len(starts) - 1), starts[1:] - starts[:-1])


def _flags(rows: Indices, columns: Indices, shape: tuple[int, int]) -> Flags:
    flags = np.zeros(shape, bool)
    flags[rows, columns] = True
    return flags
