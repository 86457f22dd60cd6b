"""A second `Retriever`: plain Python and rank_bm25, which looks at every passage for each query."""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.analysis.analyzer import Analyzer, Token, lower_if_all_caps
from index.analysis.forward_index import ForwardIndex
from index.analysis.languages import ENGLISH, LANGUAGES, language_of_article
from index.analysis.lexicon import FIRST_TERM, stop_word_id
from index.analysis.sentences import split_sentences
from index.analysis.vocabulary import UNKNOWN
from index.analysis.words import words
from index.dates import first_day
from index.model import Article, Passage, Span
from index.periods.period import Period
from index.retrieval.filters import Filter
from index.retrieval.metadata import Metadata
from index.retrieval.retriever import Candidates, PassageKey
from index.retrieval.sources import Sources

_SIMILAR = 3  # letters by which similar words may differ in length


class PlainRetriever:
    """The coverage in lists and dictionaries. Articles have the positions in which they are given.

    Every method does what its docstring in `Retriever` says, in the simplest way.
    """

    def __init__(self, coverage: Iterable[tuple[Article, Sequence[str]]]) -> None:
        self._coverage = [*coverage]
        self.analyzer_of = cache(Analyzer)
        self._in_language = in_language = [
            language_of_article(one.title, texts) for one, texts in self._coverage
        ]
        self.languages = sorted(
            {*in_language},
            key=lambda language: (-in_language.count(language), LANGUAGES.index(language)),
        )
        self.analyzer = self.analyzer_of(next(iter(self.languages), ENGLISH))
        self._articles = [article for article, _ in self._coverage]
        self.sources = Sources(
            ((one.publisher, one.author) for one in self._articles),
            mentions=lambda word: self.word_frequency(word) > 0,
        )
        names = [name for one in self._articles for name in (one.publisher, one.author)]
        self.metadata = Metadata(names, (one.published for one in self._articles))
        self._ids: dict[str, int] = {}
        self._forms: dict[str, Token] = {}
        self._keys = [
            (at, number)
            for at, (_, texts) in enumerate(self._coverage)
            for number in range(1, len(texts) + 1)
        ]
        self._texts = [text for _, texts in self._coverage for text in texts]
        self._analyzed = [
            self._analyze(text, language)
            for (_, texts), language in zip(self._coverage, in_language, strict=True)
            for text in texts
        ]
        self._headlines = [
            self._analyze(article.title, language)
            for article, language in zip(self._articles, in_language, strict=True)
        ]
        self._passages = [self._content(one) for one in self._analyzed]
        whole = [self._content(one) for one in self._headlines]
        for (at, _), tokens in zip(self._keys, self._passages, strict=True):
            whole[at] += tokens
        self._passage_bm25 = _bm25(self._passages, k1=0.9, b=0.4)
        self._article_bm25 = _bm25(whole, k1=1.2, b=0.75)

    def _analyze(self, text: str, language: str) -> list[tuple[Span, list[int]]]:
        """The sentences of a text, with the ids of their terms, which are numbered as they come."""
        found = []
        analyzer = self.analyzer_of(language)
        for span in split_sentences(text, language) or [Span(0, len(text))]:
            tokens = analyzer.tokens(span.of(text))
            for token in tokens:
                if not token.is_stop_word:
                    self._ids.setdefault(token.term, FIRST_TERM + len(self._ids))
            for word in words(lower_if_all_caps(span.of(text))):
                token = analyzer.token(word)
                if not token.is_stop_word:
                    self._forms.setdefault(word.lower(), token)
            found.append((span, [self.term_id(token) for token in tokens]))
        return found

    def _content(self, sentences: list[tuple[Span, list[int]]]) -> list[int]:
        return [number for _, ids in sentences for number in ids if number >= FIRST_TERM]

    def term_id(self, token: Token) -> int:
        return stop_word_id(token.term) if token.is_stop_word else self.find(token.term)

    def find(self, term: str) -> int:
        return self._ids.get(term, UNKNOWN)

    def frequency(self, term: str) -> int:
        return self._holding(self.find(term))

    def occurs(self, term: str) -> bool:
        return self.find(term) != UNKNOWN

    def metadata_of(self, articles: Sequence[int]) -> list[Metadata]:
        about = [self._articles[at] for at in articles]
        return [Metadata([one.publisher, one.author], [one.published]) for one in about]

    def idf(self, term: str) -> float:
        return self._idf(self.frequency(term))

    def period_idf(self, period: Period) -> float:
        published = [self._articles[at].published for at, _ in self._keys]
        return self._idf(
            sum(period.first <= first_day(day) <= period.last for day in published if day)
        )

    def relative_idf(self, term_ids: NDArray[np.int32]) -> NDArray[np.float64]:
        return np.array([self._idf(self._holding(one)) / self._idf(1) for one in term_ids.tolist()])

    def _holding(self, term_id: int) -> int:
        return sum(term_id in passage for passage in self._passages)

    def _idf(self, holding: int) -> float:
        size, holding = len(self._passages), max(1, holding)
        return math.log1p((size - holding + 0.5) / (holding + 0.5))

    def surface_form(self, word: str) -> Token:
        return self._forms[word]

    def word_frequency(self, word: str) -> int:
        return self.frequency(self._forms[word].term) if word in self._forms else 0

    def similar_words(self, word: str) -> list[str]:
        return [
            other
            for other in sorted(self._forms)
            if other[0] == word[0]
            and abs(len(other) - len(word)) <= _SIMILAR
            and self.word_frequency(other)
        ]

    def are_adjacent(self, term_id: int, next_id: int) -> bool:
        return any((term_id, next_id) in pairwise(passage) for passage in self._passages)

    @property
    def size(self) -> int:
        return len(self._texts)

    def holds_run(self, term_ids: Sequence[int]) -> bool:
        return any(_has_run(text, term_ids) for text in self._analyzed)

    def retrieve(
        self,
        term_ids: Sequence[int],
        wanted: Filter,
        k: int,
        *,
        at_least: int = 0,
        runs: Iterable[Sequence[int]] = (),
    ) -> Candidates:
        article_scores = self._article_bm25(term_ids)
        passage_scores = self._passage_bm25(term_ids)
        admitted = self._admitted(wanted)
        found = [
            (-(passage_scores[order] + article_scores[self._keys[order][0]]), order)
            for order in admitted
            if not {*term_ids}.isdisjoint(self._passages[order])
        ]
        found = sorted(found)[:k]
        for run in runs:
            chosen = {order for _, order in found}
            holding = [order for order in admitted if _has_run(self._analyzed[order], run)]
            found += [(0.0, order) for order in holding if order not in chosen][:k]
        chosen = {order for _, order in found}
        others = [(0.0, order) for order in admitted if order not in chosen]
        found += others[: max(0, at_least - len(found))]
        return self._candidates(found, article_scores)

    def _admitted(self, wanted: Filter) -> list[int]:
        """The passages of articles that pass the filter, in order."""
        return [
            order
            for order, (at, _) in enumerate(self._keys)
            if wanted.admits_source(self._articles[at].publisher, self._articles[at].author)
            and wanted.admits_date(self._articles[at].published)
        ]

    def _candidates(
        self, found: Sequence[tuple[float, int]], article_scores: Sequence[float]
    ) -> Candidates:
        """The passages found, each with its negated score."""
        article_scores = article_scores or [0.0] * len(self._articles)
        orders = [order for _, order in found]
        positions = [self._keys[order][0] for order in orders]
        articles = sorted({*positions})
        days = [self._articles[at].published for at in articles]
        return Candidates(
            numbers=np.array([self._keys[order][1] for order in orders], np.int64),
            scores=np.array([-negated for negated, _ in found], np.float64),
            source_order=np.array(orders, np.int64),
            passages=_forward_index([self._analyzed[order] for order in orders]),
            articles=np.array(articles, np.int32),
            article_of=np.array([articles.index(at) for at in positions], np.intp),
            best_of=np.array([positions.index(at) for at in articles], np.intp),
            article_scores=np.array([article_scores[at] for at in articles], np.float64),
            headlines=_forward_index([self._headlines[at] for at in articles]),
            languages=np.array(
                [LANGUAGES.index(self._in_language[at]) for at in articles], np.uint8
            ),
            published_days=np.array(
                [first_day(day).toordinal() if day else 0 for day in days], np.int32
            ),
        )

    @property
    def published(self) -> Period | None:
        days = [first_day(one.published) for one in self._articles if one.published]
        return Period(min(days), max(days)) if days else None

    def newest(self, wanted: Filter, k: int) -> Candidates:
        def is_older(order: int) -> tuple[int, int, int]:
            at, number = self._keys[order]
            day = self._articles[at].published
            return number, -first_day(day).toordinal() if day else 0, at

        admitted = self._admitted(wanted)
        return self._candidates([(0.0, order) for order in sorted(admitted, key=is_older)[:k]], [])

    def texts(self, keys: Sequence[PassageKey]) -> list[str]:
        return [self._coverage[at][1][number - 1] for at, number in keys]

    def preceding_texts(self, keys: Sequence[PassageKey]) -> list[str]:
        return ["\n".join(self._coverage[at][1][: number - 1]) for at, number in keys]

    def alike(self, key: PassageKey) -> list[PassageKey]:
        own = {*self._passages[self._keys.index(key)]}
        return [
            other
            for other, tokens in zip(self._keys, self._passages, strict=True)
            if other[0] != key[0] and 2 * len(own & {*tokens}) >= len(own | {*tokens}) > 0
        ]

    def articles_at(self, positions: Sequence[int]) -> list[Article]:
        return [self._articles[at] for at in positions]

    def passages_in(self, article: int) -> list[Passage]:
        about, texts = self._coverage[article]
        return [Passage(about, number, text) for number, text in enumerate(texts, start=1)]

    def positions_of(self, article_id: str) -> list[int]:
        return [at for at, article in enumerate(self._articles) if article.id == article_id]


def _bm25(
    documents: list[list[int]], *, k1: float, b: float
) -> Callable[[Sequence[int]], list[float]]:
    """A function that scores all documents for terms."""
    if not any(documents):  # rank_bm25 cannot count nothing
        return lambda _: [0.0] * len(documents)
    okapi = BM25Okapi(documents, k1=k1, b=b)
    return lambda term_ids: okapi.get_scores(term_ids).tolist()


def _has_run(text: list[tuple[Span, list[int]]], run: Sequence[int]) -> bool:
    size = len(run)
    return any(
        ids[at : at + size] == [*run] for _, ids in text for at in range(len(ids) - size + 1)
    )


def _forward_index(texts: Sequence[list[tuple[Span, list[int]]]]) -> ForwardIndex:
    tokens: list[int] = []
    sentences, spans, starts = [0], [], [0]
    for text in texts:
        for span, ids in text:
            tokens += ids
            spans.append((span.start, span.end))
            sentences.append(len(tokens))
        starts.append(len(spans))
    return ForwardIndex(
        np.array(tokens, np.int32),
        np.array(sentences, np.int64),
        np.array(spans, np.int32).reshape(-1, 2),
        np.array(starts, np.int64),
    )
