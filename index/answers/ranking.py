"""The candidates in their final order: by the weighted sum of all features."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

import numpy as np

from index.answers import highlight
from index.answers.features import WEIGHTS, Features, compute_features
from index.answers.matches import Matches
from index.model import Span
from index.queries.query import Flags, Query
from index.retrieval.retriever import Candidates, Retriever

_READ_AT_ONCE = 8  # passages
_COVERAGE, _KIND = map(Features._fields.index, ("coverage", "kind"))


class RankedPassage(NamedTuple):
    """A passage in the ranking: paragraph `number` of the article at position `article`.

    `sentence` is the answering one, as character offsets into `text`. `matched` flags the terms of
    the question that the passage or its headline holds, `headline` those that the headline holds,
    both in the order of `Query.weights`. `score` orders the passages of one question.
    """

    article: int
    number: int
    text: str
    sentence: Span
    matched: Flags
    headline: Flags
    features: Features
    score: float


# A passage whose text was read: its negated score, source order and index among the candidates,
# its text, and the index of its answering sentence among the candidate sentences.
_Scored: TypeAlias = tuple[float, int, int, str, int]


class Ranking:
    """The candidates of a question, best first; ties in the order of the sources.

    Only the text shows whether a sentence holds an answer of the kind that is asked for, and to
    read texts takes longer than all else. So a passage is read only when it could come next if it
    held such an answer: some dozen of eighty, where the first five are asked for.

    `coverage` is the highest `Features.coverage` of any candidate; 0 where there are none.
    """

    def __init__(
        self,
        retriever: Retriever,
        query: Query,
        candidates: Candidates,
        weights: Features = WEIGHTS,
    ) -> None:
        matches = Matches(query, candidates)
        sentences, values = highlight.candidate_sentences(query, matches)
        features = compute_features(retriever, query, candidates, matches, sentences)
        self.coverage = float(features[:, _COVERAGE].max(initial=0))
        starts = sentences.searchsorted(matches.text.texts)
        scores = (features * weights).sum(axis=1)  # not a matrix product: see `Query.idf_share`
        # The most that a passage can come to: its best sentence, with the kind of answer.
        most = np.maximum.reduceat(scores, starts[:-1]) + (weights.kind if query.kind else 0.0)
        self._unread = np.argsort(-most).tolist()
        self._most = most.tolist()
        self._scored: list[_Scored] = []  # a heap
        self._ranked: list[RankedPassage] = []
        self._retriever, self._query, self._kind_weight = retriever, query, weights.kind
        self._keys = candidates.keys()
        self._source_order = candidates.source_order.tolist()
        self._matched, self._headlines = matches.matched, matches.headlines
        self._features, self._scores = features, scores.tolist()
        self._values, self._starts = values.tolist(), starts.tolist()
        self._spans = matches.text.spans[sentences].tolist()

    def __iter__(self) -> Iterator[RankedPassage]:
        """The passages in order; what was ranked once is remembered."""
        for rank in range(len(self._keys)):
            if rank == len(self._ranked):
                self._ranked.append(self._next())
            yield self._ranked[rank]

    def _next(self) -> RankedPassage:
        while self._unread and not (
            self._scored and -self._scored[0][0] > self._most[self._unread[0]]
        ):
            # Where many are alike, many must be read: more and more at once.
            size = _READ_AT_ONCE + len(self._scored) + len(self._ranked)
            self._read(self._unread[:size])
            del self._unread[:size]
        negated, _, at, text, sentence = heappop(self._scored)
        return RankedPassage(
            *self._keys[at],
            text,
            Span(*self._spans[sentence]),
            self._matched[at],
            self._headlines[at],
            Features(*self._features[sentence].tolist()),
            -negated,
        )

    def _read(self, passages: list[int]) -> None:
        texts = self._retriever.texts([self._keys[at] for at in passages])
        for at, text in zip(passages, texts, strict=True):
            sentence, kind = self._answering_sentence(at, text)
            self._features[sentence, _KIND] = kind
            score = self._scores[sentence] + self._kind_weight * kind
            heappush(self._scored, (-score, self._source_order[at], at, text, sentence))

    def _answering_sentence(self, passage: int, text: str) -> tuple[int, bool]:
        """The index of the best sentence, the earliest of equals, and whether its kind fits."""
        first, after = self._starts[passage : passage + 2]
        values, kinds = self._values[first:after], [False] * (after - first)
        if self._query.kind:
            kinds = [
                self._query.may_be_answered_by(text[start:end])
                for start, end in self._spans[first:after]
            ]
            weight = highlight.WEIGHTS.kind
            values = [value + weight * kind for value, kind in zip(values, kinds, strict=True)]
        best = values.index(max(values))
        return first + best, kinds[best]
