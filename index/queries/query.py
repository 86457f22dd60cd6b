"""Parses a question: its terms with their idf, filters, period, and unknown or misspelt words."""

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzer import Token
from index.analysis.lexicon import stop_word_id
from index.analysis.sentences import split_sentences
from index.analysis.vocabulary import UNKNOWN
from index.errors import QuestionError
from index.periods.period import Period
from index.queries.answer_kinds import AnswerKind, contains_kind, expected_kind
from index.queries.comparison import Each, read_comparison, read_two_times
from index.queries.corrections import correct, join_split_names
from index.queries.phrases import ASKING, capitalized_names, quoted_names, quoted_words
from index.queries.several import Several, asks_for_several
from index.queries.speakers import Speaker, find_speaker
from index.queries.time_expressions import Recency, asks_for_all, read_time
from index.retrieval.filters import Filter, read_filter
from index.retrieval.retriever import Retriever

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

_LOOKUP = 4  # terms
_FIRST_RUN = UNKNOWN - 1  # the id of the first name of stop words, and less for others

# The limit for a message on Discord.
MAX_CHARS = 2_000

# Greetings, thanks and goodbyes: a message of only these is small talk.
_SMALL_TALK = """
    afternoon bye cheers evening goodbye good greetings hello hey hi hiya howdy lol morning night ok
    okay please sorry sup test testing thank thanks thx welcome yes yo
"""
_SMALL_TALK_WORDS = frozenset(_SMALL_TALK.split())

# Words that people put around a question in a chat. They are searched for if the coverage contains
# them, and dropped otherwise: nobody wants to know that it does not contain "thx".
_CHATTER = """
    article articles bot bro btw cheers dude folks fyi hello hey hi hiya howdy idk lol mate ok okay
    please pls plz sorry sup story stories thank thanks thanx thx yo
"""
_CHATTER_WORDS = frozenset(_CHATTER.split())

# Framing that is not searched for: words that address the bot, and the measure in "how long", which
# no answer repeats.
_FRAMING_WORDS = """
    anything anyone anybody dunno everything explain guys happen happened happening happens info
    information know mean mention mentioned mentions please question quick quickly something tell
    want wanna wonder wondering yo
"""
_FRAMING = re.compile(
    rf"\bquick one\b|\b(?:{'|'.join(_FRAMING_WORDS.split())})\b"
    r"|(?<=\bhow )(?:long|old|far|big|large|high|tall|often|fast)\b"
    r"|(?<=\bwhat )(?:has |have )?changed\b"
    r"|(?<=\bwhat )(?:kind|sort|type) of\b|\b(?:number|amount) of\b|\bnumbers\b",
    re.IGNORECASE,
)

# A name after a greeting or before the end is of somebody spoken to: "Hi Anna, …", "… thanks Bo!".
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|hiya|howdy|dear|good (?:morning|afternoon|evening|day))\b"
    r"(?: [^\s,.!?:;–-]+){0,2}\s*[,.!:;–-]+(?=.*\w)"
    r"|(?<=[.,!?;])\s*(?:thanks|thank you|many thanks|thx|cheers|please|pls)\b(?: \w+){0,2}\W*$",
    re.IGNORECASE,
)
# Asks for several answers; not searched for.
_LIST = re.compile(r"\W*(?:enumerate|list|name)(?= \w)", re.IGNORECASE)

_QUESTION_WORD = re.compile(r"\b(?:who|whose|whom|what|which|where|when|why|how)\b", re.IGNORECASE)

# What remains of "what does the Post say about ferries?" begins with a word of no meaning.
_LEADING = re.compile(r"^\W*(?:(?:about|on|of|over)\b\W*)?", re.IGNORECASE)
_HOW = re.compile(r"\W*how\b", re.IGNORECASE)


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
    "harbour budget".
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
        """Whether readers, which know English, can make sense of it: not of "The Who" alone."""
        return len(self.runs) < len(self.idf_of) and any(
            map(str.isascii, filter(str.isalpha, self.text))
        )

    def may_be_answered_by(self, sentence: str, before: str = "") -> bool:
        """Whether a sentence contains an answer of the expected kind; `before` precedes it."""
        if self.speaker:
            return self.speaker.says(sentence, before)
        return self.kind is not None and contains_kind(self.kind, sentence, self._casefolded)

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


def parse_question(retriever: Retriever, question: str, day: dt.date) -> Query:
    """Parse a question asked on that day, with the vocabulary of `retriever`.

    Raises QuestionError if it has no word, more than `MAX_CHARS` characters, or a wrong filter.
    """
    if len(question) > MAX_CHARS:
        raise QuestionError(
            "The question has {length} characters; shorten it to {most} or fewer.",
            length=len(question),
            most=MAX_CHARS,
        )
    # Discord's JSON may contain lone surrogates.
    question = question.encode("utf-8", "replace").decode()
    if not any(char.isalnum() for char in question):
        raise QuestionError("The question has no words; ask about something in the news.")
    article_filter, rest = read_filter(question, retriever.sources, asked_on=day)
    published = retriever.published
    newest = published.last if published else None
    time = read_time(rest, day, newest)
    words = retriever.analyzer.tokens(rest)
    # "How are you today?" asks for no news.
    is_limited = article_filter != Filter() or (
        (time.is_named or time.recency is Recency.LATEST) and not _HOW.match(rest)
    )
    small_talk = not is_limited and all(
        token.is_stop_word or token.text.lower() in _SMALL_TALK_WORDS for token in words
    )
    each, asked = read_comparison(rest)
    times = read_two_times(rest, day, newest)
    unframed = read_comparison(time.rest).rest if each else time.rest
    unframed = _FRAMING.sub(" ", _GREETING.sub(" ", unframed))
    if found := _LIST.match(unframed):
        unframed = unframed[found.end() :]
    optional = _CHATTER_WORDS | times.words
    tokens = [
        token
        for token in retriever.analyzer.tokens(unframed)
        if not token.is_stop_word
        and (token.text.lower() not in optional or retriever.occurs(token.term))
    ]
    # It names a time or a filter, and nothing else.
    listing = is_limited and all(
        word in time.words or asks_for_all(word) for word in (one.text.lower() for one in tokens)
    )
    if listing:
        tokens = []
        if time.is_named:
            article_filter = article_filter.or_else(_in_period(time.period))
        elif time.recency is Recency.LATEST and published and published.last > day:
            article_filter = article_filter.or_else(Filter(before=day.isoformat()))
    tokens = join_split_names(retriever, tokens)
    # Only words that are in no text: there may be thousands of names to look through.
    metadata = {
        token.term: token.text
        for token in tokens
        if not retriever.occurs(token.term) and token.text in retriever.metadata
    }
    # News of a period need not name it; that there is none is told by its name.
    is_covered = published is not None and time.period.overlaps(published)
    unsaid = time.words if is_covered or time.is_relative else frozenset[str]()
    corrected, unknown = correct(
        retriever,
        (
            token
            for token in tokens
            if token.term not in metadata and token.text.lower() not in unsaid
        ),
        quoted_words(retriever.analyzer, rest),
    )
    names, missing = ({}, []) if listing else _names_of_stop_words(retriever, rest, words)
    searched = [(token, word.term) for token in tokens for word in corrected.get(token, [token])]
    searched += [(name, name.term) for name in names]
    terms = [term for _, term in searched]
    asking = _asking_sentence(asked)
    kind = expected_kind(asking)
    speaker = _speaker(retriever, asking) if kind in {None, AnswerKind.QUOTE} else None
    of_asking = {token.term for token in retriever.analyzer.tokens(asking)}
    focus = {
        term for token, term in searched if token.text in asking or token.term in of_asking
    } or {*terms}
    run_ids = {name.term: _FIRST_RUN - at for at, name in enumerate(names)}
    distinct = [*dict.fromkeys(terms)]
    # "Last week" in an article is another week.
    dating = frozenset[str]() if time.is_relative else time.words
    dated = {term for token, term in searched if token.text.lower() in dating}
    # Where all news is of the period, to match its name says nothing.
    rarity = dict.fromkeys(dated, retriever.period_idf(time.period) if dated else 0.0)
    return Query(
        text=question,
        asked=_asked(question, times.rest if times.periods else asked),
        period=time.period,
        period_is_named=time.is_named,
        recency=time.recency,
        listing=listing,
        article_filter=article_filter,
        word_ids=np.array([*dict.fromkeys(map(retriever.term_id, words))], np.int32),
        terms=tuple(terms),
        idf_of={term: min(retriever.idf(term), rarity.get(term, math.inf)) for term in distinct},
        term_ids=np.array(
            [run_ids.get(term) or retriever.find(term) for term in distinct], np.int32
        ),
        runs={run: run_ids[name.term] for name, run in names.items()},
        metadata=metadata,
        focus=np.array([term in focus for term in distinct], bool),
        time_terms=np.array([term in dated for term in distinct], bool),
        unmatched=tuple(dict.fromkeys([token.text for token in unknown] + missing)),
        suggested={token.text: words for token, words in unknown.items() if words},
        corrected={
            token.text: " ".join(word.text for word in words) for token, words in corrected.items()
        },
        kind=AnswerKind.QUOTE if speaker else kind,
        speaker=speaker,
        each=each,
        sides=_sides(article_filter, times.periods),
        several=asks_for_several(asking),
        small_talk=small_talk and not names and not missing,
        is_lookup=len(distinct) <= _LOOKUP and not any(word.term in ASKING for word in words),
    )


def _asked(question: str, rest: str) -> str:
    """What remains of a question; all of it if nothing was cut out, or all of its words."""
    remaining = _LEADING.sub("", " ".join(rest.split()))
    has_words = any(map(str.isalnum, remaining))
    return remaining if rest != question and has_words else question


def _in_period(period: Period) -> Filter:
    """The filter that admits the articles of a period."""
    after = "" if period.first == dt.date.min else period.first.isoformat()
    return Filter(after=after, before=period.last.isoformat())


def _sides(article_filter: Filter, periods: Sequence[Period]) -> tuple[Filter, ...]:
    """A filter for each source or each period, if there are several."""
    if len(article_filter.sources) > 1:
        return tuple(replace(article_filter, sources=(one,)) for one in article_filter.sources)
    return tuple(article_filter.or_else(_in_period(one)) for one in periods)


def _asking_sentence(text: str) -> str:
    """The last sentence of `text` with a question word, or else its last sentence."""
    sentences = [span.of(text) for span in split_sentences(text)]
    asking = [sentence for sentence in sentences if _QUESTION_WORD.search(sentence)]
    return next(reversed(asking or sentences), text)


def _speaker(retriever: Retriever, question: str) -> Speaker | None:
    """The speaker that a question asks about, if the coverage names them."""
    speaker = find_speaker(question)
    terms = retriever.analyzer.terms(" ".join(speaker.names)) if speaker else ()
    return speaker if any(map(retriever.frequency, terms)) else None


def _names_of_stop_words(
    retriever: Retriever, text: str, tokens: list[Token]
) -> tuple[dict[Token, tuple[int, ...]], list[str]]:
    """The names in `text` that are made of stop words, with the ids of these.

    Also returns those in quotation marks that are in no passage; of others, none knows whether they
    are meant as names.
    """
    names: dict[Token, tuple[int, ...]] = {}
    missing = []
    quoted = [*quoted_names(retriever.analyzer, text)]
    for words in (*quoted, *capitalized_names(tokens)):
        run = tuple(stop_word_id(word.term) for word in words)
        written = " ".join(word.text for word in words)
        if retriever.holds_run(run):
            names[Token(written, written.lower(), is_stop_word=False)] = run
        elif words in quoted:
            missing.append(written)
    return names, missing
