"""Parses a question: its terms with their idf, filters, period, and unknown or misspelt words."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzer import Token
from index.analysis.languages import ENGLISH, QUESTION_WORDS
from index.analysis.sentences import split_sentences
from index.analysis.vocabulary import UNKNOWN
from index.periods.period import Period
from index.queries.answer_kinds import AnswerKind, expected_kind
from index.queries.asking import asking_in
from index.queries.corrections import correct, join_split_names
from index.queries.phrases import ASKING, names_of_stop_words, quoted_words
from index.queries.query import Flags, Query
from index.queries.question_text import QuestionText, in_period, read_text
from index.queries.several import Several, asks_for_several
from index.queries.speakers import Speaker, find_speaker
from index.retrieval.filters import Filter
from index.retrieval.retriever import Retriever

_LOOKUP = 4  # terms
_FIRST_RUN = UNKNOWN - 1  # the id of the first name of stop words, and less for others

_QUESTION_WORD = {
    language: re.compile(rf"\b(?:{'|'.join(sorted(words))})\b", re.IGNORECASE)
    for language, words in QUESTION_WORDS.items()
}
# What remains of "what does the Post say about ferries?" begins with a word of no meaning.
_LEADING = re.compile(r"^\W*(?:(?:about|on|of|over)\b\W*)?", re.IGNORECASE)


class _Found(NamedTuple):
    """The words to search for, looked up in the coverage.

    `metadata`, `corrected` and `unknown` are about words that no text contains: those that the
    metadata of an article has, those to search for instead, and what may have been meant. `names`
    has the ids of the stop words of each name, and `missing` the names in quotation marks that no
    passage has.
    """

    subject: list[Token]
    metadata: dict[str, str]
    corrected: dict[Token, list[Token]]
    unknown: dict[Token, tuple[str, ...]]
    names: dict[Token, tuple[int, ...]]
    missing: list[str]

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The words as typed that are nowhere."""
        return tuple(dict.fromkeys([*(word.text for word in self.unknown), *self.missing]))

    @property
    def suggested(self) -> dict[str, tuple[str, ...]]:
        """Similar words of the coverage for some of these."""
        return {word.text: guesses for word, guesses in self.unknown.items() if guesses}

    @property
    def searched_instead(self) -> dict[str, str]:
        """The corrections of words, as texts."""
        return {
            word.text: " ".join(one.text for one in meant) for word, meant in self.corrected.items()
        }


class _Asking(NamedTuple):
    """The sentence that asks, and what it asks for."""

    text: str
    kind: AnswerKind | None
    speaker: Speaker | None
    several: Several


class _Terms(NamedTuple):
    """The terms searched for, in order, and for each distinct one what `Query` has."""

    all: tuple[str, ...]
    idf_of: dict[str, float]
    ids: NDArray[np.int32]
    runs: dict[tuple[int, ...], int]
    focus: Flags
    dated: Flags


def parse_question(retriever: Retriever, question: str, day: dt.date) -> Query:
    """Parse a question asked on that day, with the vocabulary of `retriever`.

    Raises QuestionError if it has no word, more than `MAX_CHARS` characters, or a wrong filter.
    """
    read = read_text(retriever, question, day)
    found = _look_up(retriever, read)
    asking = _read_asking(retriever, read)
    terms = _weigh(retriever, read, found, asking)
    framing, time = read.framing, read.framing.time
    return Query(
        text=read.written,
        asked=_asked(read.written, framing.times.rest if framing.times.periods else framing.asked),
        period=time.period,
        period_is_named=time.is_named,
        recency=time.recency,
        listing=read.listing,
        article_filter=read.article_filter,
        word_ids=np.array([*dict.fromkeys(map(retriever.term_id, read.words))], np.int32),
        terms=terms.all,
        idf_of=terms.idf_of,
        term_ids=terms.ids,
        runs=terms.runs,
        metadata=found.metadata,
        focus=terms.focus,
        time_terms=terms.dated,
        unmatched=found.unmatched,
        suggested=found.suggested,
        corrected=found.searched_instead,
        kind=asking.kind,
        speaker=asking.speaker,
        each=framing.each,
        sides=_sides(read.article_filter, framing.times.periods),
        several=asking.several,
        small_talk=read.small_talk and not found.names and not found.missing,
        is_lookup=len(terms.idf_of) <= _LOOKUP and not _has_asking_word(read),
        language=read.analyzer.language,
    )


def _sides(article_filter: Filter, periods: Sequence[Period]) -> tuple[Filter, ...]:
    """A filter for each source or each period, if there are several."""
    if len(article_filter.sources) > 1:
        return tuple(replace(article_filter, sources=(one,)) for one in article_filter.sources)
    return tuple(article_filter.or_else(in_period(one)) for one in periods)


def _look_up(retriever: Retriever, read: QuestionText) -> _Found:
    """Look up the words of the subject, and correct those that the coverage does not contain."""
    analyzer, time, published = read.analyzer, read.framing.time, retriever.published
    subject = join_split_names(retriever, analyzer, read.subject)
    # Only words that are in no text: there may be thousands of names to look through.
    metadata = {
        word.term: word.text
        for word in subject
        if not retriever.occurs(word.term) and word.text in retriever.metadata
    }
    # News of a period need not name it; that there is none is told by its name.
    is_covered = published is not None and time.period.overlaps(published)
    unsaid = time.words if is_covered or time.is_relative else frozenset[str]()
    expected = (
        word for word in subject if word.term not in metadata and word.text.lower() not in unsaid
    )
    corrected, unknown = correct(retriever, analyzer, expected, quoted_words(analyzer, read.rest))
    names, missing = (
        ({}, [])
        if read.listing
        else names_of_stop_words(retriever, analyzer, read.rest, read.words)
    )
    return _Found(subject, metadata, corrected, unknown, names, missing)


def _read_asking(retriever: Retriever, read: QuestionText) -> _Asking:
    """Read what a question asks for; for speakers and several answers, only in English."""
    language = read.analyzer.language
    asking = _asking_sentence(read.framing.asked, language)
    kind = expected_kind(asking, language)
    if language != ENGLISH:
        return _Asking(asking, kind, None, Several.NO)
    speaker = None
    if kind in {None, AnswerKind.QUOTE} and (speaker := find_speaker(asking)):
        terms = read.analyzer.terms(" ".join(speaker.names))
        speaker = speaker if any(map(retriever.frequency, terms)) else None
    return _Asking(asking, AnswerKind.QUOTE if speaker else kind, speaker, asks_for_several(asking))


def _asking_sentence(text: str, language: str) -> str:
    """The last sentence of `text` with a question word, or else its last sentence."""
    sentences = [span.of(text) for span in split_sentences(text, language)]
    asking = [sentence for sentence in sentences if _QUESTION_WORD[language].search(sentence)]
    return next(reversed(asking or sentences), text)


def _weigh(retriever: Retriever, read: QuestionText, found: _Found, asking: _Asking) -> _Terms:
    """The terms to search for, with their idf and what speaks for each."""
    searched = [
        (word, one.term) for word in found.subject for one in found.corrected.get(word, [word])
    ]
    searched += [(name, name.term) for name in found.names]
    terms = [term for _, term in searched]
    distinct = [*dict.fromkeys(terms)]
    of_asking = {word.term for word in read.analyzer.tokens(asking.text)}
    focus = {term for word, term in searched if word.text in asking.text or word.term in of_asking}
    time = read.framing.time
    # "Last week" in an article is another week.
    dating = frozenset[str]() if time.is_relative else time.words
    dated = {term for word, term in searched if word.text.lower() in dating}
    # Where all news is of the period, to match its name says nothing.
    rarity = dict.fromkeys(dated, retriever.period_idf(time.period) if dated else 0.0)
    run_ids = {name.term: _FIRST_RUN - at for at, name in enumerate(found.names)}
    return _Terms(
        all=tuple(terms),
        idf_of={term: min(retriever.idf(term), rarity.get(term, math.inf)) for term in distinct},
        ids=np.array([run_ids.get(term) or retriever.find(term) for term in distinct], np.int32),
        runs={run: run_ids[name.term] for name, run in found.names.items()},
        focus=np.array([term in (focus or terms) for term in distinct], bool),
        dated=np.array([term in dated for term in distinct], bool),
    )


def _asked(question: str, rest: str) -> str:
    """The rest of a question; all of it if nothing was cut out, or all of its words."""
    remaining = _LEADING.sub("", " ".join(rest.split()))
    has_words = any(map(str.isalnum, remaining))
    return remaining if rest != question and has_words else question


def _has_asking_word(read: QuestionText) -> bool:
    """True if any of its words begins a question or addresses somebody."""
    language = read.analyzer.language
    asking = asking_in(language)
    words = asking.auxiliaries | QUESTION_WORDS[language] if asking else ASKING
    return any(word.term in words for word in read.words)
