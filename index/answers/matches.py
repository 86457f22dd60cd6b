"""Finds the terms of a query, and of the retrieved headlines, in the sentences of passages."""

from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.analysis.lexicon import FIRST_TERM
from index.queries.query import Flags, Floats, Query
from index.retrieval.retriever import Candidates

Indices: TypeAlias = NDArray[np.intp]


class Matches:
    """The matched terms of all candidates, as flags with one column for each of `query.term_ids`.

    Rows are sentences in `sentences` (those of one passage after another), and passages in
    `passages` (their own text), `headlines` (their article's title) and `matched` (either, or the
    day of the article if the term names the period of the question).
    `first` has the first sentence of each passage, `passage_of` the passage of each sentence.

    `terms` are the ids of all relevant terms, ascending: those of the query, its stop words, and
    those of the headlines. `all_sentences` and `all_headlines` have a column for each of these, and
    a row for each sentence and for each of `candidates.articles`. `query_columns` are the columns
    of `query.term_ids`.
    """

    def __init__(self, query: Query, candidates: Candidates, metadata: Flags | None = None) -> None:
        """Match the texts and titles; `metadata` has flags of each article for `matched`."""
        titles, text = candidates.headlines, candidates.passages
        content = np.flatnonzero(titles.tokens >= FIRST_TERM)
        ids = np.sort(np.concatenate([query.term_ids, query.word_ids, titles.tokens[content]]))
        # As np.unique, whose first import takes as long as three questions.
        self.terms = ids[np.append(True, ids[1:] != ids[:-1])[: len(ids)]]
        self.query_columns = self.terms.searchsorted(query.term_ids)
        self.all_headlines = _flags(
            _owner_of_each(titles.starts)[content],
            self.terms.searchsorted(titles.tokens[content]),
            (len(candidates.articles), len(self.terms)),
        )
        self.text = text
        self.first = text.texts[:-1]
        self.passage_of = _owner_of_each(text.texts)
        self._token, self._column = occurrences(text.tokens, self.terms)
        self._sentence = _owner_of_each(text.sentences)[self._token]
        shape = len(self.passage_of), len(self.terms)
        self.all_sentences = _flags(self._sentence, self._column, shape)
        self.sentences = self.all_sentences[:, self.query_columns]
        self.passages = np.logical_or.reduceat(self.sentences, self.first, axis=0)
        self.headlines = self.all_headlines[:, self.query_columns][candidates.article_of]
        self.matched = self.passages | self.headlines
        if metadata is not None:
            self.matched |= metadata[candidates.article_of]
        if query.time_terms.any():  # news of the period need not name it
            is_dated = query.period.days_from(candidates.published_days) == 0
            self.matched |= np.outer(is_dated[candidates.article_of], query.time_terms)
        self._query = query

    @cached_property
    def word_share(self) -> Floats:
        """For each sentence, the share of all words of the question, stop words included."""
        ids = self._query.word_ids
        matched = self.all_sentences[:, self.terms.searchsorted(ids)]
        return np.asarray(matched.sum(axis=1) / len(ids))

    def adjacent_pairs(self) -> Floats:
        """For each passage, the sum of `Query.pair_weights` over the term pairs adjacent in it.

        Each pair counts once. Stop words between the two terms are ignored.
        """
        size = len(self.query_columns)
        query_term = np.full(len(self.terms), -1)
        query_term[self.query_columns] = np.arange(size)
        term = query_term[self._column]
        in_query = np.flatnonzero(term >= 0)
        term, passage = term[in_query], self.passage_of[self._sentence[in_query]]
        position = np.flatnonzero(self.text.tokens >= FIRST_TERM).searchsorted(
            self._token[in_query]
        )
        adjacent = (position[1:] == position[:-1] + 1) & (passage[1:] == passage[:-1])
        pairs = (passage[:-1] * size + term[:-1]) * size + term[1:]
        distinct = np.array(sorted({*pairs[adjacent].tolist()}), np.int64)
        passage, pair = np.divmod(distinct, max(1, size * size))
        weights = self._query.pair_weights.ravel()[pair]
        return np.asarray(np.bincount(passage, weights, len(self.passages)), np.float64)


def occurrences(tokens: NDArray[np.int32], ids: NDArray[np.int32]) -> tuple[Indices, Indices]:
    """The indices of the tokens that are any of the ascending `ids`, and the index of each id."""
    # A bitmap of the last 16 bits rules most tokens out at less than the cost of a search.
    bitmap = np.zeros(1 << 16, bool)
    bitmap[ids.astype(np.uint16)] = True
    at = np.flatnonzero(bitmap[tokens.astype(np.uint16)])
    index = ids.searchsorted(tokens[at])
    found = ids.take(index, mode="clip") == tokens[at]
    return at[found], index[found]


def _owner_of_each(starts: NDArray[np.int64]) -> Indices:
    """For each item of consecutive lists that begin at `starts`, the index of its list."""
    return np.repeat(np.arange(len(starts) - 1), starts[1:] - starts[:-1])


def _flags(rows: Indices, columns: Indices, shape: tuple[int, int]) -> Flags:
    flags = np.zeros(shape, bool)
    flags[rows, columns] = True
    return flags
