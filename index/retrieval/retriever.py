"""The seam between answering questions and the index of the coverage.

Everything above this module (queries, answers) uses a `Retriever` and nothing else. The embedded
`Searcher` is one; `tests/unit/test_retriever.py` is the contract test of every implementation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzer import Analyzer, Token
from index.analysis.forward_index import ForwardIndex, Runs
from index.model import Article, Passage
from index.periods.period import Period
from index.retrieval.filters import Filter
from index.retrieval.metadata import Metadata
from index.retrieval.sources import Sources

# A passage: the position of its article, and the number of its paragraph there, from 1.
PassageKey: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that match a query, best first by their first-stage score.

    For each passage: its paragraph `numbers` (from 1), its first-stage `scores`, and
    `source_order`, which ascends as the sources list the passages and breaks ties. `passages` has
    the term ids of the texts, sentence by sentence, stop words included.

    `articles` are the positions of their distinct articles, ascending, and `article_of` the index
    into these for each passage. For each article: its `headlines` (the term ids of the title), its
    `article_scores` (BM25 of the article as a whole), `published_days` (ordinal of the first day on
    which it may have come out, 0 if unknown), `languages` (the index of its language in
    `languages.LANGUAGES`), and `best_of`, the index of its best passage.
    """

    numbers: NDArray[np.int64]
    scores: NDArray[np.float64]
    source_order: NDArray[np.int64]
    passages: ForwardIndex
    articles: NDArray[np.int32]
    article_of: NDArray[np.intp]
    best_of: NDArray[np.intp]
    article_scores: NDArray[np.float64]
    headlines: ForwardIndex
    published_days: NDArray[np.int32]
    languages: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.numbers)

    def merged(self, runs: Runs) -> "Candidates":
        """Replace runs of terms in passages and headlines, see `ForwardIndex.merged`."""
        return replace(
            self, passages=self.passages.merged(runs), headlines=self.headlines.merged(runs)
        )

    def keys(self) -> list[PassageKey]:
        """The key of each passage."""
        articles = self.articles[self.article_of].tolist()
        return [*zip(articles, self.numbers.tolist(), strict=True)]


class Retriever(Protocol):
    """Finds passages in the coverage. Immutable: a reindex creates another one.

    Term ids differ between retrievers; only those of stop words are the same everywhere, see
    `lexicon.stop_word_id`. Articles are known by positions, whose order and gaps carry no meaning.
    Positions, keys and ids that are passed in must come from this retriever. Methods that fetch
    texts or articles raise StaleIndexError once the coverage has been indexed again.
    """

    @property
    def analyzer(self) -> Analyzer:
        """As `analyzer_of` the most frequent language."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages of the articles, most frequent first; see `languages.LANGUAGES`."""

    def analyzer_of(self, language: str) -> Analyzer:
        """Analyzes questions in the way that passages in that language were analyzed."""

    @property
    def size(self) -> int:
        """The number of passages."""

    @property
    def sources(self) -> Sources:
        """The publishers and authors of all articles."""

    @property
    def metadata(self) -> Metadata:
        """The words of the publishers, authors and dates of all articles."""

    def metadata_of(self, articles: Sequence[int]) -> list[Metadata]:
        """The words of the publisher, author and date of each article at those positions."""

    @property
    def published(self) -> Period | None:
        """The days from the oldest to the newest article; None if no article has a date.

        Of an article with a month or a year, its first day counts.
        """

    def term_id(self, token: Token) -> int:
        """The id of a token's term, stop word or not; `UNKNOWN` as in `find`."""

    def find(self, term: str) -> int:
        """The id of a term that is not a stop word.

        `UNKNOWN` unless a passage or a title has it; an implementation may know further terms, of
        frequency 0.
        """

    def frequency(self, term: str) -> int:
        """The number of passages that hold a term; 0 for an unknown one."""

    def occurs(self, term: str) -> bool:
        """True if any passage or title holds a term that is not a stop word."""

    def idf(self, term: str) -> float:
        """The rarity of a term: log(1 + (N - n + 0.5) / (n + 0.5)); n of N passages hold it.

        n is at least 1, so that the idf is above zero wherever there are passages.
        """

    def period_idf(self, period: Period) -> float:
        """The rarity of news of a period: as `idf`, with the passages that came out in it."""

    def relative_idf(self, term_ids: NDArray[np.int32]) -> NDArray[np.float64]:
        """The idf of each term as a share of that of a term in a single passage.

        Any value for stop words and `UNKNOWN`.
        """

    def surface_form(self, word: str) -> Token:
        """The token of a lower-case word, spelled as somewhere in the coverage.

        Raises KeyError for a stop word, and for a word that is in no passage and no title.
        """

    def word_frequency(self, word: str) -> int:
        """The number of passages that hold a lower-case word or another form of its term.

        0 for a word without a surface form.
        """

    def similar_words(self, word: str) -> list[str]:
        """The lower-case words with the same first letter and about the same length, ascending.

        Those of passages, stop words aside, that are at most three letters longer or shorter.
        """

    def are_adjacent(self, term_id: int, next_id: int) -> bool:
        """True if `next_id` follows `term_id` in some passage, stop words aside.

        Where many passages hold both terms, an implementation may check only some of them.
        """

    def holds_run(self, term_ids: Sequence[int]) -> bool:
        """True if a sentence of some passage has these terms in a row, stop words included."""

    def retrieve(
        self,
        term_ids: Sequence[int],
        wanted: Filter,
        k: int,
        *,
        at_least: int = 0,
        runs: Iterable[Sequence[int]] = (),
    ) -> Candidates:
        """The `k` best passages that hold any of the distinct terms and pass the filter.

        Best first by rank-bm25's Okapi of the passage (k1 0.9, b 0.4) plus that of its article with
        the title (k1 1.2, b 0.75), ties in the order of the sources. A score may be zero or less.
        `k` is at least 1, and `term_ids` are known terms, no stop words. Fewer than `k` where fewer
        match; empty where nothing matches, or no terms are given. Where more match, passages of the
        same text may be left out but for the best.

        Of the other passages that pass the filter, `k` that hold one of `runs` follow, see
        `holds_run`, in the order of the sources and with the score 0.

        If these are fewer than `at_least`, other passages that pass the filter follow, in the order
        of the sources and with the score 0, until there are so many or none are left.
        """

    def newest(self, wanted: Filter, k: int) -> Candidates:
        """The first passages of the articles that pass the filter, newest first, with the score 0.

        Ties in the order of the sources. If there are fewer than `k`, the second passages of these
        articles follow, in the same order, and so on.
        """

    def texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The text of each passage, in the order of the keys."""

    def preceding_texts(self, keys: Sequence[PassageKey]) -> list[str]:
        """The paragraphs before each passage in its article, joined by line breaks."""

    def alike(self, key: PassageKey) -> list[PassageKey]:
        """Passages of other articles that share most terms with one, to look for copies.

        All those of the same terms, stop words aside, and nearly all of which a few differ. Where
        its terms are in very many passages, some of these, or none.
        """

    def articles_at(self, positions: Sequence[int]) -> list[Article]:
        """The articles at those positions, in that order."""

    def passages_in(self, article: int) -> list[Passage]:
        """All passages of the article at that position, in order."""

    def positions_of(self, article_id: str) -> Sequence[int]:
        """The positions of the articles with that id, in the order of the sources.

        Several where sources share an id; empty where no article has it.
        """
