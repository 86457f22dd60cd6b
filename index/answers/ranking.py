"""The passages that were found, in the order of all that speaks for them."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from index.answers import highlight
from index.answers.evidence import WEIGHTS, Evidence, Found, evidence
from index.answers.matches import Matches
from index.corpus.corpus import Corpus
from index.model import Span
from index.queries.question import Flags, Query

_AT_ONCE = 8  # passages that are read together
_COVERAGE, _KIND = map(Evidence._fields.index, ("coverage", "kind"))


class Candidate(NamedTuple):
    """A passage by its position in the corpus and number in its article; what speaks for it.

    `article` is that one's position, and `sentence` the one that answers.
    `held` flags the terms of the question that the passage or its headline holds, and `headline`
    those that the headline does, in the order of `Query.weights`. `score` orders the candidates of
    one question.
    """

    position: int
    article: int
    number: int
    text: str
    sentence: Span
    held: Flags
    headline: Flags
    evidence: Evidence
    score: float


# A passage that was read: its score below zero, where it stands in order and its place among those
# found; its text, and the place of its answering sentence among the possible ones.
_Read = tuple[float, int, int, str, int]


class Ranking:
    """Passages that were found for a question, best first by all evidence.

    Those that are equally good come as the sources have them.

    Whether a sentence holds an answer of the kind that is asked for, only its text tells, and to
    read it takes longer than all else. So a passage is read when it could be the next one if it
    held such an answer: some dozen of eighty, where the first five are asked for.

    `coverage` is the most of the question that any of the passages holds with its headline.
    """

    def __init__(
        self, corpus: Corpus, query: Query, found: Found, weights: Evidence = WEIGHTS
    ) -> None:
        matches = Matches(corpus, query, found.positions)
        possible, values = highlight.possible_sentences(query, matches)
        signs = evidence(corpus, query, found, matches, possible)
        self.coverage = float(signs[:, _COVERAGE].max(initial=0))
        starts = possible.searchsorted(matches.text.texts)
        scores = (signs * weights).sum(axis=1)  # see `Query.worth`
        # What a passage comes to at most: that of its best sentence, with the kind of answer.
        most = np.maximum.reduceat(scores, starts[:-1]) + (weights.kind if query.kind else 0.0)
        self._unread = np.argsort(-most).tolist()
        self._most = most.tolist()
        self._read: list[_Read] = []  # a heap
        self._ranked: list[Candidate] = []
        self._corpus, self._query, self._worth_of_kind = corpus, query, weights.kind
        self._positions, self._places = found.positions.tolist(), corpus.places(found.positions)
        self._in_order = corpus.places_in_order(found.positions).tolist()
        self._held, self._headlines = matches.held, matches.headlines
        self._signs, self._scores = signs, scores.tolist()
        self._values, self._starts = values.tolist(), starts.tolist()
        self._spans = matches.text.spans[possible].tolist()

    def __iter__(self) -> Iterator[Candidate]:
        """The candidates in order; they are remembered for the next time."""
        for rank in range(len(self._positions)):
            if rank == len(self._ranked):
                self._ranked.append(self._next())
            yield self._ranked[rank]

    def _next(self) -> Candidate:
        while self._unread and not (self._read and -self._read[0][0] > self._most[self._unread[0]]):
            # Where many are alike, many must be read: more and more at once.
            size = _AT_ONCE + len(self._read) + len(self._ranked)
            self._look_at(self._unread[:size])
            del self._unread[:size]
        worse, _, at, text, sentence = heappop(self._read)
        return Candidate(
            self._positions[at],
            *self._places[at],
            text,
            Span(*self._spans[sentence]),
            self._held[at],
            self._headlines[at],
            Evidence(*self._signs[sentence].tolist()),
            -worse,
        )

    def _look_at(self, passages: list[int]) -> None:
        texts = self._corpus.texts([self._places[at] for at in passages])
        for at, text in zip(passages, texts, strict=True):
            sentence, kind = self._answering(at, text)
            self._signs[sentence, _KIND] = kind
            score = self._scores[sentence] + self._worth_of_kind * kind
            heappush(self._read, (-score, self._in_order[at], at, text, sentence))

    def _answering(self, passage: int, text: str) -> tuple[int, bool]:
        """The place of the sentence that answers best, the earliest of equals; and its `kind`."""
        first, after = self._starts[passage : passage + 2]
        values, kinds = self._values[first:after], [False] * (after - first)
        if self._query.kind:
            kinds = [
                self._query.may_be_answered_by(text[start:end])
                for start, end in self._spans[first:after]
            ]
            worth = highlight.WEIGHTS.kind
            values = [value + worth * kind for value, kind in zip(values, kinds, strict=True)]
        best = values.index(max(values))
        return first + best, kinds[best]
