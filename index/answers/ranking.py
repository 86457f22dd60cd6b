"""The candidates in their final order: by the weighted sum of all features."""

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.analysis.languages import LANGUAGES
from index.answers import highlight
from index.answers.features import WEIGHTS, Features, compute_features
from index.answers.matches import Matches
from index.model import Span
from index.queries.query import Flags, Query
from index.retrieval.retriever import Candidates, Retriever

_MIN_BATCH = 8  # passages whose texts are fetched together
# What a passage in another language than the question loses: as much as a feature is worth.
_OTHER_LANGUAGE = 3.0
_COVERAGE, _KIND = map(Features._fields.index, ("coverage", "kind"))


class RankedPassage(NamedTuple):
    """A passage in the ranking: paragraph `number` of the article at position `article`.

    `sentence` is the answering one, as character offsets into `text`. `matched` flags the terms of
    the query that occur in the passage or its headline, `headline` those in the headline, both in
    the order of `Query.idf_of`. `score` orders the passages of one question; the reader's `logit`
    is part of it, if the passage was read. `day` is the ordinal of the first day on which its
    article may have come out, 0 if unknown, and `title` has the term ids of its headline. It is
    `overtaken` if a newer passage gives another figure.
    """

    article: int
    number: int
    text: str
    sentence: Span
    matched: Flags
    headline: Flags
    features: Features
    score: float
    logit: float | None = None
    day: int = 0
    title: NDArray[np.int32] = np.empty(0, np.int32)
    overtaken: bool = False


# A passage with its text: its negated score, its source order and index among the candidates, the
# text, and the index of its answering sentence among the candidate sentences.
_Scored: TypeAlias = tuple[float, int, int, str, int]


class Ranking:
    """The candidates of a question, best first; ties in the order of the sources.

    Only the text shows whether a sentence contains an answer of the expected kind, and fetching
    texts is the slowest step. So a text is fetched only if its passage could come next with such
    an answer: about a dozen of eighty for the first five passages.

    `coverage` is the highest `Features.coverage` of any candidate; 0 without candidates.
    """

    def __init__(
        self,
        retriever: Retriever,
        query: Query,
        candidates: Candidates,
        weights: Features = WEIGHTS,
    ) -> None:
        matches = Matches(query, candidates, _matched_by_metadata(retriever, query, candidates))
        sentences, values = highlight.candidate_sentences(query, matches)
        features = compute_features(retriever, query, candidates, matches, sentences)
        self.coverage = float(features[:, _COVERAGE].max(initial=0))
        starts = sentences.searchsorted(matches.text.texts)
        scores = (features * weights).sum(axis=1)  # not a matrix product: see `Query.idf_share`
        is_other = candidates.languages != LANGUAGES.index(query.language)
        if is_other.any():
            of_sentences = candidates.article_of[matches.passage_of[sentences]]
            scores -= _OTHER_LANGUAGE * is_other[of_sentences]
        # The upper bound of each passage: its best sentence, with an answer of the expected kind.
        bounds = np.maximum.reduceat(scores, starts[:-1]) + (weights.kind if query.kind else 0.0)
        self._unscored = np.argsort(-bounds).tolist()
        self._bounds = bounds.tolist()
        self._scored: list[_Scored] = []  # a heap
        self._ranked: list[RankedPassage] = []
        self._retriever, self._query, self._kind_weight = retriever, query, weights.kind
        self._keys = candidates.keys()
        self._source_order = candidates.source_order.tolist()
        self._matched, self._headlines = matches.matched, matches.headlines
        self._article_of = candidates.article_of.tolist()
        self._days = candidates.published_days.tolist()
        self._terms, self._titles = matches.terms, matches.all_headlines
        self._features, self._scores = features, scores.tolist()
        self._values, self._starts = values.tolist(), starts.tolist()
        self._spans = matches.text.spans[sentences].tolist()

    def __iter__(self) -> Iterator[RankedPassage]:
        """The passages in order; each is ranked once, when it is first needed."""
        for rank in range(len(self._keys)):
            if rank == len(self._ranked):
                self._ranked.append(self._next())
            yield self._ranked[rank]

    def _next(self) -> RankedPassage:
        while self._unscored and not (
            self._scored and -self._scored[0][0] > self._bounds[self._unscored[0]]
        ):
            # Growing batches: with many similar passages, many texts are needed.
            size = _MIN_BATCH + len(self._scored) + len(self._ranked)
            self._score(self._unscored[:size])
            del self._unscored[:size]
        negated, _, index, text, sentence = heappop(self._scored)
        article = self._article_of[index]
        return RankedPassage(
            *self._keys[index],
            text,
            Span(*self._spans[sentence]),
            self._matched[index],
            self._headlines[index],
            Features(*self._features[sentence].tolist()),
            -negated,
            day=self._days[article],
            title=self._terms[self._titles[article]],
        )

    def _score(self, passages: list[int]) -> None:
        texts = self._retriever.texts([self._keys[index] for index in passages])
        for index, text in zip(passages, texts, strict=True):
            sentence, kind = self._answering_sentence(index, text)
            self._features[sentence, _KIND] = kind
            score = self._scores[sentence] + self._kind_weight * kind
            heappush(self._scored, (-score, self._source_order[index], index, text, sentence))

    def _answering_sentence(self, passage: int, text: str) -> tuple[int, bool]:
        """The index of the best sentence, the earliest of equals, and whether its kind fits."""
        first, end = self._starts[passage : passage + 2]
        values, kinds = self._values[first:end], [False] * (end - first)
        if self._query.kind:
            kinds = [
                self._query.may_be_answered_by(text[start:stop], text[:start])
                for start, stop in self._spans[first:end]
            ]
            weight = highlight.WEIGHTS.kind
            values = [value + weight * kind for value, kind in zip(values, kinds, strict=True)]
        best = values.index(max(values))
        return first + best, kinds[best]


def _matched_by_metadata(retriever: Retriever, query: Query, candidates: Candidates) -> Flags:
    """For each article, the terms of the query that its publisher, author or date has."""
    flags = np.zeros((len(candidates.articles), len(query.idf_of)), bool)
    if query.metadata:
        for row, words in enumerate(retriever.metadata_of(candidates.articles.tolist())):
            flags[row] = [query.metadata.get(term, "\n") in words for term in query.idf_of]
    return flags
