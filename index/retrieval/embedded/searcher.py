"""The embedded retriever: a snapshot of the coverage, ready to be searched."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache, partial
from typing import overload

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import ArticleTexts, analyze_with
from index.analysis.analyzer import Analyzer, Token
from index.analysis.forward_index import ForwardIndex
from index.analysis.languages import ENGLISH, LANGUAGES
from index.analysis.lexicon import FIRST_TERM, Lexicon, stop_word_id
from index.analysis.vocabulary import UNKNOWN, new_vocabulary
from index.dates import first_day
from index.model import Article, Passage
from index.periods.period import Period
from index.retrieval.bm25.kernels import DocumentGroups
from index.retrieval.embedded.documents import DocumentStore, InMemoryDocuments
from index.retrieval.embedded.segment import SegmentedTexts, make_segment
from index.retrieval.embedded.snapshot import Snapshot, make_snapshot
from index.retrieval.embedded.surface_forms import SurfaceForms
from index.retrieval.filters import Filter
from index.retrieval.metadata import Metadata
from index.retrieval.retriever import Candidates, PassageKey
from index.retrieval.sources import Sources

_CACHED_TERMS = 10_000  # looking a term up takes longer than all else done with it
_CACHED_PASSAGES = 1_000  # whose copies were looked for: most questions are about the same news
_CACHED_RUNS = 10  # of terms: looked for twice by a question, at 100 ms for 20 M tokens
_NUMBER_BITS = 32  # low bits of a source order, for the number of the paragraph
_ARTICLES_AT_ONCE = 1_000  # fetched together when iterating over all
_NEIGHBOURS_CHECKED = 20  # passages with both terms in which adjacency is looked for
_MANY_COPIES = 20  # among the candidates: so many places are worth another search
_COPIES = 8  # copies of each passage that are looked through for others
_RAREST = 7  # terms by which passages of nearly the same words are found
_MAX_POSTINGS = 50_000  # of these terms: more are not worth the time
_MAX_ALIKE = 512
_MAX_TIMES_LONGER = 3  # of a copy, in terms


class Searcher:
    """The embedded `Retriever`: one snapshot of the coverage in memory-mapped arrays.

    Passages are numbered by position, those of an article consecutively; `article_of` has the
    position of each one's article. Removed articles keep their positions, but are never found:
    `order` has the positions of the present ones in the order of the sources, and `size` counts
    their passages. Raises IndexError where `article_of` does not ascend from 0.
    """

    def __init__(self, snapshot: Snapshot, documents: DocumentStore) -> None:
        segments = snapshot.segments
        self.analyzer_of = cache(Analyzer)
        self.vocabularies = [segment.vocabulary for segment in segments]
        self.passage_ranker = snapshot.passage_ranker
        self.article_ranker = snapshot.article_ranker
        self.tokens = SegmentedTexts([segment.passages for segment in segments])
        self.headlines = SegmentedTexts([segment.headlines for segment in segments])
        self.first = snapshot.first
        self.article_of = snapshot.article_of
        self._groups = DocumentGroups(self.article_of)
        self.order = snapshot.order
        self.articles = Articles(snapshot.order, documents)
        self._rank_in_sources = np.full(snapshot.size, -1, np.int64)  # -1: removed
        self._rank_in_sources[self.order] = np.arange(len(self.order))
        self.size = int(np.diff(self.first)[self.order].sum())
        self.find = lru_cache(_CACHED_TERMS)(self._find)
        self.frequency = lru_cache(_CACHED_TERMS)(self._frequency)
        self.occurs = lru_cache(_CACHED_TERMS)(self._occurs)
        self.idf = lru_cache(_CACHED_TERMS)(self._idf)
        self.alike = lru_cache(_CACHED_PASSAGES)(self._alike)
        self._holding_run = lru_cache(_CACHED_RUNS)(self.tokens.containing)
        self.surface_forms = SurfaceForms(self.vocabularies, self.passage_ranker)
        self._snapshot = snapshot
        self._languages = snapshot.languages
        self._documents = documents

    @classmethod
    def of(cls, articles: Iterable[tuple[Article, Sequence[str]]]) -> "Searcher":
        """Index articles and their paragraphs in memory."""
        given = list(articles)
        lexicon = Lexicon()
        read = analyze_with(lexicon, (ArticleTexts(one.title, texts) for one, texts in given))
        about = ((one.publisher, one.author, one.published) for one, _ in given)
        vocabulary, ids = new_vocabulary([], lexicon.seen)
        segment = make_segment(read.renumbered(ids), vocabulary, about)
        everything = np.arange(len(given))
        return cls(make_snapshot([segment], everything, everything), InMemoryDocuments(given))

    def retrieve(
        self,
        term_ids: Sequence[int],
        wanted: Filter,
        k: int,
        *,
        at_least: int = 0,
        runs: Iterable[Sequence[int]] = (),
    ) -> Candidates:
        """The `k` best passages; see `Retriever.retrieve`.

        A paragraph need not repeat what its article is about. Ranked by both scores, 80 candidates
        hold as many answers as 150 ranked by the passage alone. Where many are copies of each
        other, others take their places.
        """
        article_scores = self.article_ranker.scores(term_ids)
        admitted = self._admitted(wanted)
        top = partial(
            self.passage_ranker.top,
            term_ids,
            groups=self._groups,
            prior=article_scores,
            mask=admitted,
        )
        positions, scores = top(k)
        texts = self.tokens.take(positions)
        if len(positions) == k and _has_many_copies(texts):
            positions, scores = top(k * _COPIES)
            texts = self.tokens.take(positions)
            firsts = np.array(_first_of_copies(texts)[:k])
            positions, scores, texts = positions[firsts], scores[firsts], texts.take(firsts)
        for run in runs:
            holding = np.zeros(len(self.article_of), np.bool_)
            holding[self._holding_run(tuple(run))] = True
            others = self._others(positions, holding, admitted)[:k]
            positions = np.concatenate([positions, others])
        if len(positions) < at_least:
            others = self._others(positions, np.ones(len(self.article_of), np.bool_), admitted)
            positions = np.concatenate([positions, others[: at_least - len(positions)]])
        if len(positions) == len(scores):
            return self.candidates(positions, scores, article_scores, texts)
        scores = np.append(scores, np.zeros(len(positions) - len(scores)))
        return self.candidates(positions, scores, article_scores)

    def newest(self, wanted: Filter, k: int) -> Candidates:
        """The first passages of the newest articles; see `Retriever.newest`."""
        admitted = self._admitted(wanted)
        articles = self.order[admitted[self.order]] if len(admitted) else self.order
        articles = articles[np.argsort(-self._published_days[articles], kind="stable")]
        size = np.diff(self.first)[articles]
        articles, size = articles[size > 0][:k], size[size > 0][:k]
        columns = [
            self.first[articles[size > number]] + number
            for number in range(min(k, int(size.max(initial=0))))
        ]
        positions = np.concatenate([*columns, np.empty(0, np.int64)])[:k].astype(np.int32)
        return self.candidates(
            positions, np.zeros(len(positions)), np.zeros(len(self._rank_in_sources))
        )

    def _others(
        self,
        positions: NDArray[np.int32],
        chosen: NDArray[np.bool_],
        admitted: NDArray[np.bool_],
    ) -> NDArray[np.int32]:
        """The other chosen passages of admitted articles, in the order of the sources.

        Overwrites `chosen`, a mask of all passages.
        """
        if len(admitted):
            chosen &= admitted[self.article_of]
        chosen[positions] = False
        others = np.flatnonzero(chosen).astype(np.int32)
        order = np.argsort(self._rank_in_sources[self.article_of[others]], kind="stable")
        return np.asarray(others[order])

    def candidates(
        self,
        positions: NDArray[np.int32],
        scores: NDArray[np.float64],
        article_scores: NDArray[np.float64],
        texts: ForwardIndex | None = None,
    ) -> Candidates:
        """Candidates at those positions with these scores; `article_scores` covers all articles.

        `texts` are their texts, if these were taken before.
        """
        articles, best_of, article_of = np.unique(
            self.article_of[positions], return_index=True, return_inverse=True
        )
        numbers = positions - self.first[articles[article_of]] + 1
        return Candidates(
            numbers=numbers,
            scores=scores,
            source_order=(self._rank_in_sources[articles][article_of] << _NUMBER_BITS) + numbers,
            passages=self.tokens.take(positions) if texts is None else texts,
            articles=articles,
            article_of=article_of,
            best_of=best_of,
            article_scores=article_scores[articles],
            headlines=self.headlines.take(articles),
            published_days=self._published_days[articles],
            languages=self._languages[articles],
        )

    def texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The text of each passage."""
        return self._documents.texts(keys)

    def preceding_texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The paragraphs before each passage in its article, joined by line breaks."""
        return self._documents.before(keys)

    def _alike(self, key: PassageKey) -> list[PassageKey]:
        """The passages that share most terms with one; see `Retriever.alike`.

        They are found by the rarest terms that other articles have, and have more than half of
        these: on news, 98 % of those that are near-identical.
        """
        article, number = key
        tokens = self.tokens.tokens_of(int(self.first[article]) + number - 1)
        terms = np.array(sorted({*tokens[tokens >= FIRST_TERM].tolist()}), np.int32)
        elsewhere = terms[self.article_ranker.document_frequencies(terms) > 1]
        if 2 * len(elsewhere) < len(terms):
            return []
        frequencies = self.passage_ranker.document_frequencies(elsewhere)
        rarest = np.argsort(frequencies, kind="stable")[:_RAREST]
        rarest = rarest[frequencies[rarest].cumsum() <= _MAX_POSTINGS]
        positions = np.sort(self.passage_ranker.positions(*elsewhere[rarest].tolist()))
        half = len(rarest) // 2  # so many more, of the same position, follow in the sorted array
        is_alike = positions[half:] == positions[: len(positions) - half]
        own = range(*self.first[article : article + 2].tolist())
        found = {*positions[half:][is_alike].tolist()}.difference(own)
        return self._sharing_most(terms, np.array(sorted(found)[:_MAX_ALIKE])) if found else []

    def _sharing_most(
        self, terms: NDArray[np.int32], positions: NDArray[np.int64]
    ) -> list[PassageKey]:
        """The keys of those present passages that have half of the terms, and not many others."""
        texts = self.tokens.take(positions)
        is_shared = terms.take(terms.searchsorted(texts.tokens), mode="clip") == texts.tokens
        shared, content = (
            np.add.reduceat(flags, texts.starts[:-1], dtype=np.int64)
            for flags in (is_shared, texts.tokens >= FIRST_TERM)
        )
        articles = self.article_of[positions]
        is_present = self._rank_in_sources[articles] >= 0
        kept = is_present & (2 * shared >= len(terms)) & (_MAX_TIMES_LONGER * shared >= content)
        numbers = positions - self.first[articles] + 1
        return [*zip(articles[kept].tolist(), numbers[kept].tolist(), strict=True)]

    def articles_at(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions, in that order."""
        return self._documents.articles(positions)

    def passages_in(self, article: int) -> list[Passage]:
        """All passages of the article at that position, in order."""
        [about], texts = self.articles_at([article]), self._documents.paragraphs(article)
        return [Passage(about, number, text) for number, text in enumerate(texts, start=1)]

    def positions_of(self, article_id: str) -> Sequence[int]:
        """The positions of the articles with that id, in order; ids are unique per source only."""
        positions = self._documents.positions_of(article_id)
        return sorted(positions, key=self._rank_in_sources.__getitem__)

    @cached_property
    def languages(self) -> list[str]:
        """The languages of the present articles, most frequent first."""
        counts = np.bincount(self._languages[self.order], minlength=len(LANGUAGES))
        return [LANGUAGES[at] for at in np.argsort(-counts, kind="stable").tolist() if counts[at]]

    @property
    def analyzer(self) -> Analyzer:
        """The analyzer of the most frequent language; of English where nothing is indexed."""
        return self.analyzer_of(next(iter(self.languages), ENGLISH))

    @cached_property
    def _source_names(self) -> list[str]:
        return [source for one in self._snapshot.segments for source in one.sources]

    @cached_property
    def _dates(self) -> list[str]:
        return [date for one in self._snapshot.segments for date in one.dates]

    @cached_property
    def sources(self) -> Sources:
        """The publishers and authors of all articles."""
        return Sources(
            (source.partition("\t")[::2] for source in self._present_sources),
            mentions=lambda word: self.word_frequency(word) > 0,
        )

    @property
    def _present_sources(self) -> list[str]:
        present = np.flatnonzero(np.bincount(self._snapshot.source_of[self.order]))
        return [self._source_names[at] for at in present.tolist()]

    @cached_property
    def _published_days(self) -> NDArray[np.int32]:
        """The ordinal of the first day on which each article may be published; 0 if unknown."""
        days = [first_day(date).toordinal() if date else 0 for date in self._dates]
        return np.array(days, np.int32)[self._snapshot.date_of]

    @cached_property
    def published(self) -> Period | None:
        """The days from the oldest to the newest article; None if no article has a date."""
        days = self._published_days[self.order]
        days = days[days > 0]
        if not len(days):
            return None
        return Period(*(dt.date.fromordinal(int(day)) for day in (days.min(), days.max())))

    def _admitted(self, wanted: Filter) -> NDArray[np.bool_]:
        """A mask of the articles that are present and pass the filter; empty where all do."""
        if wanted == Filter():
            return self._present
        sources = [wanted.admits_source(*one.split("\t")) for one in self._source_names]
        dates = [wanted.admits_date(date) for date in self._dates]
        by_source: NDArray[np.bool_] = np.array(sources, bool)[self._snapshot.source_of]
        by_date: NDArray[np.bool_] = np.array(dates, bool)[self._snapshot.date_of]
        return by_source & by_date & (self._rank_in_sources >= 0)

    @cached_property
    def _present(self) -> NDArray[np.bool_]:
        """A mask of the articles that were not removed; empty where none was."""
        if len(self.order) == len(self._rank_in_sources):
            return np.empty(0, bool)
        return self._rank_in_sources >= 0

    def term_id(self, token: Token) -> int:
        """The id of a token's term; `UNKNOWN` for one that is not indexed."""
        return stop_word_id(token.term) if token.is_stop_word else self.find(token.term)

    def _find(self, term: str) -> int:
        found = (one.find(term) for one in self.vocabularies)
        return next((number for number in found if number != UNKNOWN), UNKNOWN)

    def _frequency(self, term: str) -> int:
        found = self.find(term)
        return 0 if found == UNKNOWN else self.passage_ranker.document_frequency(found)

    def _occurs(self, term: str) -> bool:
        found = self.find(term)
        return found != UNKNOWN and self.article_ranker.document_frequency(found) > 0

    @cached_property
    def metadata(self) -> Metadata:
        """The words of the publishers, authors and dates of all articles."""
        dates = np.flatnonzero(np.bincount(self._snapshot.date_of[self.order])).tolist()
        return Metadata(self._present_sources, (self._dates[at] for at in dates))

    def metadata_of(self, articles: Sequence[int]) -> list[Metadata]:
        """The words of the publisher, author and date of each article at those positions."""
        about = self._snapshot
        return [
            Metadata([self._source_names[about.source_of[at]]], [self._dates[about.date_of[at]]])
            for at in articles
        ]

    def _idf(self, term: str) -> float:
        """log(1 + (N - n + 0.5) / (n + 0.5)), with n of N passages holding the term.

        The idf of Lucene's BM25. Unlike Okapi's, it stays positive for terms in most passages, so
        it can be summed and divided. An unknown term gets the idf of one in a single passage: in a
        small coverage, its absence says little.
        """
        return float(self._idf_of(np.array(self._frequency(term))))

    def period_idf(self, period: Period) -> float:
        """The rarity of news of a period; see `Retriever.period_idf`."""
        days = self._published_days[self.order]
        is_within = (days > 0) & (period.days_from(days) == 0)
        return float(self._idf_of(np.diff(self.first)[self.order[is_within]].sum()))

    def relative_idf(self, term_ids: NDArray[np.int32]) -> NDArray[np.float64]:
        """The idf of each term as a share of that of a term in a single passage."""
        holding = self.passage_ranker.document_frequencies(term_ids)
        return self._idf_of(holding) / self._idf_of(np.array(1))

    def _idf_of(self, holding: NDArray[np.integer]) -> NDArray[np.float64]:
        holding = np.maximum(1, holding)
        return np.log1p((self.size - holding + 0.5) / (holding + 0.5))

    def surface_form(self, word: str) -> Token:
        """The token of a word, spelled as the coverage does. Raises KeyError."""
        return self.surface_forms[word]

    def word_frequency(self, word: str) -> int:
        """The number of passages that hold a word or another form of its term; 0 for none."""
        return self.surface_forms.frequency(word)

    def similar_words(self, word: str) -> list[str]:
        """The words of the coverage with the same first letter and about the same length."""
        return self.surface_forms.similar(word)

    def are_adjacent(self, term_id: int, next_id: int) -> bool:
        """True if one term follows the other, stop words aside; checks some passages only."""
        holding, next_holding = map(self._positions_holding, (term_id, next_id))
        both = np.intersect1d(holding, next_holding, assume_unique=True)
        passages = self.tokens.take(both[:_NEIGHBOURS_CHECKED])
        content = np.flatnonzero(passages.tokens >= FIRST_TERM)
        tokens, passage_of = (
            passages.tokens[content],
            passages.starts.searchsorted(content, "right"),
        )
        follows = (tokens[:-1] == term_id) & (tokens[1:] == next_id)
        return bool(np.any(follows & (passage_of[:-1] == passage_of[1:])))

    def holds_run(self, term_ids: Sequence[int]) -> bool:
        """True if a sentence of some passage has these terms in a row, stop words included."""
        found = self._holding_run(tuple(term_ids))
        return bool(np.any(self._rank_in_sources[self.article_of[found]] >= 0))

    def _positions_holding(self, term_id: int) -> NDArray[np.int32]:
        positions = self.passage_ranker.positions(term_id)
        return positions[self._rank_in_sources[self.article_of[positions]] >= 0]


def _has_many_copies(texts: ForwardIndex) -> bool:
    """True if many of the texts may be copies of others; fast."""
    sums = np.add.reduceat(texts.tokens, texts.starts[:-1], dtype=np.int64)
    return len(sums) - len({*sums.tolist()}) >= _MANY_COPIES


def _first_of_copies(texts: ForwardIndex) -> list[int]:
    """The first of the texts that have the same terms at the same places, in order."""
    tokens, spans = texts.starts.tolist(), texts.texts.tolist()
    firsts: dict[tuple[bytes, bytes], int] = {}
    for at in range(len(texts)):
        own_tokens = texts.tokens[tokens[at] : tokens[at + 1]]
        own_spans = texts.spans[spans[at] : spans[at + 1]]
        firsts.setdefault((own_tokens.tobytes(), own_spans.tobytes()), at)
    return [*firsts.values()]


class Articles(Sequence[Article]):
    """All articles in the order of the sources, fetched on access."""

    def __init__(self, order: NDArray[np.int64], documents: DocumentStore) -> None:
        self._order = order
        self._documents = documents

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, at: int) -> Article: ...
    @overload
    def __getitem__(self, at: slice) -> list[Article]: ...
    def __getitem__(self, at: int | slice) -> Article | list[Article]:
        if isinstance(at, slice):
            return self._documents.articles(self._order[at].tolist())
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self._documents.articles([int(self._order[at])])[0]

    def __iter__(self) -> Iterator[Article]:
        for first in range(0, len(self), _ARTICLES_AT_ONCE):
            yield from self[first : first + _ARTICLES_AT_ONCE]
