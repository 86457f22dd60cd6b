"""Query: a question, analysed with the vocabulary of the coverage. `parsing.py` makes it."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.analysis.languages import ENGLISH
from index.periods.period import Period
from index.queries.answer_kinds import AnswerKind, contains_kind
from index.queries.comparison import Each
from index.queries.several import Several
from index.queries.speakers import Speaker
from index.queries.time_expressions import Recency
from index.retrieval.filters import Filter

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Query:
    """A question, analysed with the vocabulary of the coverage.

    `period` is the time it is about, by default the day it was asked, unless `period_is_named`, and
    `recency` whether it asks for the newest. A `listing` has no terms: it asks for all that there
    is of a period, which is then part of the filter, or of a source. `word_ids` are the distinct
    term ids of all its words, stop words included. `terms` are the terms searched for, without stop
    words and framing, in the order of the question. `idf_of` has the idf of each distinct one;
    `term_ids`, `focus` and `time_terms` are in its order. `runs` maps the ids of the stop words of
    each name that is made of them to the negative id that `term_ids` has for it. `metadata` maps
    the terms that the outlet, author or date of an article may match to the words as typed. In a
    question of several sentences, `focus` flags the terms of the one that asks; otherwise all.
    `time_terms` flags those that name the period. `unmatched` are the words, as typed, that no
    passage, headline, publisher, author or date contains; `suggested` has similar words of the
    coverage for some of them. `corrected` maps misspelt words to what is searched for instead.
    `kind` is the expected kind of answer, and `speaker` whose words are asked for. `asked` is the
    question without filters and without the words that ask for a passage of `each` article or
    outlet. If it names several sources or compares two times, `sides` are the filters for these.
    `several` is whether it has several answers. `is_lookup` flags a few words that ask nothing:
    "harbour budget". `language` is that of the question, see `languages.LANGUAGES`.
    """

    text: str
    asked: str
    period: Period
    period_is_named: bool
    recency: Recency
    listing: bool
    article_filter: Filter
    word_ids: NDArray[np.int32]
    terms: tuple[str, ...]
    idf_of: dict[str, float]
    term_ids: NDArray[np.int32]
    runs: dict[tuple[int, ...], int]
    metadata: dict[str, str]
    focus: Flags
    time_terms: Flags
    unmatched: tuple[str, ...]
    suggested: dict[str, tuple[str, ...]]
    corrected: dict[str, str]
    kind: AnswerKind | None
    speaker: Speaker | None
    each: Each | None
    sides: tuple[Filter, ...]
    several: Several
    small_talk: bool
    is_lookup: bool
    language: str = ENGLISH

    def idf_share(self, matched: Flags) -> Floats:
        """The matched terms' share of the query's idf sum, from 0 to 1, for each row of flags.

        `matched` has a column for each distinct term, and any number of rows.
        """
        # Not a matrix product, which sums equal rows in different orders: ties would be broken.
        return np.asarray((matched * self.idf).sum(axis=-1) / (self.idf_sum or 1))

    def focus_idf_share(self, matched: Flags) -> Floats:
        """As `idf_share`, but of the terms in `focus` only."""
        idf = np.where(self.focus, self.idf, 0.0)
        return np.asarray((matched * idf).sum(axis=-1) / (idf.sum() or 1))

    @property
    def to_read(self) -> str:
        """The question as readers are given it: as `asked`, with its misspelt words corrected."""
        text = self.asked
        for typed, meant in self.corrected.items():
            text = text.replace(typed, meant)
        return text

    @property
    def is_readable(self) -> bool:
        """True if readers, which know English, can make sense of it.

        Not of "The Who" alone, nor of "the latest on the ferry": no sentence answers a topic.
        """
        is_topic = self.recency is Recency.LATEST and not self.kind
        is_name = len(self.runs) == len(self.idf_of)
        is_english = self.language == ENGLISH and any(
            map(str.isascii, filter(str.isalpha, self.text))
        )
        return is_english and not is_topic and not is_name

    def may_be_answered_by(self, sentence: str, before: str = "") -> bool:
        """True if a sentence contains an answer of the expected kind; `before` precedes it."""
        if self.speaker:
            return self.speaker.says(sentence, before)
        return self.kind is not None and contains_kind(
            self.kind, sentence, self._casefolded, self.language
        )

    @property
    def known_ids(self) -> list[int]:
        """The ids of the terms that the coverage contains."""
        return [one for one in self.term_ids.tolist() if one >= 0]

    @cached_property
    def _casefolded(self) -> str:
        return self.text.casefold()

    @cached_property
    def idf(self) -> Floats:
        """The idf of each distinct term, `float64[terms]`."""
        return np.array([*self.idf_of.values()])

    @cached_property
    def idf_sum(self) -> float:
        """The sum of `idf`."""
        return sum(self.idf_of.values())

    @cached_property
    def pair_weights(self) -> Floats:
        """The idf share of each pair of adjacent terms: the smaller idf of the two over `idf_sum`.

        `float64[terms, terms]`: the row is the first of the pair, the column the second; 0 for
        terms that are not adjacent in the question.
        """
        column = {term: at for at, term in enumerate(self.idf_of)}
        pairs = np.zeros((len(column), len(column)))
        for first, second in pairwise(self.terms):
            if first != second:
                smaller = min(self.idf_of[first], self.idf_of[second])
                pairs[column[first], column[second]] = smaller / self.idf_sum
        return pairs
