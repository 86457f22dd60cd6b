"""The passages that were found, in the order of all that speaks for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from index import highlight
from index.answer_kinds import holds
from index.corpus import Corpus
from index.evidence import WEIGHTS, Evidence, Found, evidence
from index.matches import Matches
from index.model import Span
from index.question import Flags, Query

_AT_ONCE = 8  # passages that are read together


@dataclass(frozen=True, slots=True)
class Candidate:
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


class Ranking:
    """Passages that were found for a question, best first by all evidence, ties by position.

    Whether a sentence holds an answer of the kind that is asked for, only its text tells, and to
    read it takes longer than all else. So a passage is read when it could be the next one if it
    held such an answer: some dozen of eighty, where the first five are asked for.

    `coverage` is the most of the question that any of the passages holds with its headline.
    """

    def __init__(
        self, corpus: Corpus, query: Query, found: Found, weights: Evidence = WEIGHTS
    ) -> None:
        matches = Matches(corpus, query, found.positions)
        self._sentences, self._values = highlight.possible_sentences(query, matches)
        self._starts = self._sentences.searchsorted(matches.text.texts)
        self._signs = evidence(corpus, query, found, matches, self._sentences)
        self.coverage = float(self._signs[:, Evidence._fields.index("coverage")].max(initial=0))
        # What a passage comes to, at most; where the others hold the kind of answer, too.
        most = np.maximum.reduceat((self._signs * weights).sum(axis=1), self._starts[:-1])
        self._most = most.tolist()
        self._unread = np.argsort(-most).tolist()
        self._read: list[tuple[float, int, Candidate]] = []  # a heap
        self._ranked: list[Candidate] = []
        self._corpus, self._query, self._weights = corpus, query, weights
        self._positions, self._matches = found.positions, matches

    def __iter__(self) -> Iterator[Candidate]:
        """The candidates in order; they are remembered for the next time."""
        for rank in range(len(self._positions)):
            if rank == len(self._ranked):
                self._ranked.append(self._next())
            yield self._ranked[rank]

    def _next(self) -> Candidate:
        while self._unread and not (
            self._read and -self._read[0][0] > self._most[self._unread[0]]
        ):
            for one in self._look_at(self._unread[:_AT_ONCE]):
                heappush(self._read, (-one.score, one.position, one))
            del self._unread[:_AT_ONCE]
        return heappop(self._read)[-1]

    def _look_at(self, passages: list[int]) -> Iterator[Candidate]:
        positions = self._positions[passages]
        texts = self._corpus.texts(positions)
        answering, kinds = zip(*map(self._answering, passages, texts), strict=True)
        rows = [*answering]
        signs = self._signs[rows]
        signs[:, Evidence._fields.index("kind")] = kinds
        return map(
            Candidate,
            positions.tolist(),
            self._corpus.article_of[positions].tolist(),
            self._corpus.numbers(positions).tolist(),
            texts,
            (Span(*span) for span in self._matches.text.spans[self._sentences[rows]].tolist()),
            self._matches.held[passages],
            self._matches.headlines[passages],
            map(Evidence._make, signs.tolist()),
            (signs * self._weights).sum(axis=1).tolist(),  # see `Query.worth`
        )

    def _answering(self, passage: int, text: str) -> tuple[int, bool]:
        """The row of the sentence that answers best, the earliest of equals; and its `kind`."""
        rows = range(self._starts[passage], self._starts[passage + 1])
        kinds = [self._holds_answer(text, row) for row in rows]
        values = [
            value + highlight.WEIGHTS.kind * kind
            for value, kind in zip(self._values[rows.start : rows.stop].tolist(), kinds, strict=True)
        ]
        best = values.index(max(values))
        return rows[best], kinds[best]

    def _holds_answer(self, text: str, row: int) -> bool:
        """Whether a sentence of that text holds an answer of the kind that is asked for."""
        if self._query.kind is None:
            return False
        start, end = self._matches.text.spans[self._sentences[row]].tolist()
        return holds(self._query.kind, text[start:end], self._query.text.casefold())
