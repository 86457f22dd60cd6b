"""What a question asks for: its terms, what each is worth, and which of its words are unknown."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzer import Token
from index.analysis.sentences import split_sentences
from index.analysis.spelling import nearest, resembling
from index.analysis.vocabulary import UNKNOWN
from index.errors import QuestionError
from index.queries import time_expressions as times
from index.queries.answer_kinds import Kind, holds, kind_of_answer
from index.queries.time_expressions import Period
from index.retrieval.filters import Filter, read_filter
from index.retrieval.retriever import Retriever

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Discord's limit for a message, which is the longest way to ask.
MAX_CHARS = 2_000

_SUGGESTED = 2  # words that may have been meant by one

# Words that greet, thank or take leave: a message of nothing else asks nothing.
_SMALL_TALK = """
    afternoon bye cheers evening goodbye good greetings hello hey hi hiya howdy lol morning night ok
    okay please sorry sup test testing thank thanks thx welcome yes yo
"""
_SMALL_TALK_WORDS = frozenset(_SMALL_TALK.split())

# What frames a question without being asked for: words that address the bot, and the measure in
# "how long", which no answer repeats.
_ADDRESS = """
    anything anyone anybody dunno everything explain guys happen happened happening happens info
    information know mean mention mentioned mentions please question quick quickly something tell
    want wanna wonder wondering yo
"""
_FRAME = re.compile(
    rf"\bquick one\b|\b(?:{'|'.join(_ADDRESS.split())})\b"
    r"|(?<=\bhow )(?:long|old|far|big|large|high|tall|often|fast)\b"
    r"|(?<=\bwhat )(?:kind|sort|type) of\b|\b(?:number|amount) of\b|\bnumbers\b",
    re.IGNORECASE,
)

_QUESTION_WORD = re.compile(r"\b(?:who|whose|whom|what|which|where|when|why|how)\b", re.IGNORECASE)

# Asks for what each article says, and is no part of what it says.
_EACH = re.compile(
    r"\b(?:(?:each|both|every|all|which|compare|across) (?:of )?(?:the )?(?:\w+ )?"
    r"(?:articles?|outlets?|sources?|publishers?|papers?|reports?)|compare)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """A question, analysed against a corpus.

    It is about the time `when`, mostly the day it was asked. `word_ids` are the ids of the terms of
    all its words; `terms` are those searched for, function words and framing left out, in the order
    of the question; `weights` maps each to its worth (see `Searcher.weight`), and `ids` are theirs in
    that order. Of a question of several sentences, `focus` flags the terms of the one that asks.
    `unmatched` are the words, as typed, that
    stand nowhere in the coverage, and `suggested` has, for some of them, what may have been meant;
    `corrected` maps those that clearly were something else to what was searched for in their place.
    `each` asks for a passage of each article.
    """

    text: str
    when: Period
    wanted: Filter
    word_ids: NDArray[np.int32]
    terms: tuple[str, ...]
    weights: dict[str, float]
    ids: NDArray[np.int32]
    focus: Flags
    unmatched: tuple[str, ...]
    suggested: dict[str, tuple[str, ...]]
    corrected: dict[str, str]
    kind: Kind | None
    each: bool
    small_talk: bool

    def idf_share(self, held: Flags) -> Floats:
        """The share of the question's worth that flagged terms have: between 0 and 1, for each row.

        `held` has a flag for each of `weights`, in any number of rows.
        """
        # Not a product of matrices: that sums equal rows in different orders, which would end ties.
        return np.asarray((held * self.idf).sum(axis=-1) / (self.idf_sum or 1))

    def focus_idf_share(self, held: Flags) -> Floats:
        """The share of the worth of the terms in `focus`, as `idf_share` is of all."""
        worths = np.where(self.focus, self.idf, 0.0)
        return np.asarray((held * worths).sum(axis=-1) / (worths.sum() or 1))

    def may_be_answered_by(self, sentence: str) -> bool:
        """Whether a sentence holds something of the kind that is asked for, and not given."""
        return self.kind is not None and holds(self.kind, sentence, self._given)

    @cached_property
    def _given(self) -> str:
        return self.text.casefold()

    @cached_property
    def idf(self) -> Floats:
        """What each of `weights` is worth."""
        return np.array([*self.weights.values()])

    @cached_property
    def idf_sum(self) -> float:
        """The worth of the whole question, in the unit of `weights`."""
        return sum(self.weights.values())

    @cached_property
    def pair_weights(self) -> Floats:
        """The share of the question's worth that one term has with the next.

        A row for the one, a column for the other, in the order of `weights`; 0 where they are no
        neighbours.
        """
        place = {term: at for at, term in enumerate(self.weights)}
        pairs = np.zeros((len(place), len(place)))
        for one, other in pairwise(self.terms):
            if one != other:
                least = min(self.weights[one], self.weights[other])
                pairs[place[one], place[other]] = least / self.idf_sum
        return pairs


def parse_question(retriever: Retriever, question: str, asked: dt.date) -> Query:
    """Read `question`, asked on that day, against the words of `retriever`.

    Raises QuestionError where there is nothing to search for, more than `MAX_CHARS` characters, or
    a filter that is wrong.
    """
    if len(question) > MAX_CHARS:
        raise QuestionError(
            "The question has {length} characters; ask again in at most {most}.",
            length=len(question),
            most=MAX_CHARS,
        )
    # A lone surrogate reaches the bot from Discord's JSON, and no further.
    question = question.encode("utf-8", "replace").decode()
    if not any(char.isalnum() for char in question):
        raise QuestionError("The question has no word in it; ask about something in the news.")
    wanted, rest = read_filter(question, retriever.sources)
    written = retriever.analyzer.tokens(rest)
    small_talk = all(
        token.is_stop_word or token.text.lower() in _SMALL_TALK_WORDS for token in written
    )
    asked_for = _FRAME.sub(" ", _EACH.sub(" ", rest))
    tokens = [token for token in retriever.analyzer.tokens(asked_for) if not token.is_stop_word]
    tokens = _join_split_names(retriever, tokens)
    corrected, unknown = _look_up(retriever, tokens)
    meant = [(token, word.term) for token in tokens for word in corrected.get(token, [token])]
    terms = [term for _, term in meant]
    asking = _asking_sentence(rest)
    focus = {term for token, term in meant if token.text in asking} or {*terms}
    distinct = [*dict.fromkeys(terms)]
    return Query(
        text=question,
        when=times.read_period(rest, asked),
        wanted=wanted,
        word_ids=np.array([*dict.fromkeys(map(retriever.term_id, written))], np.int32),
        terms=tuple(terms),
        weights={term: retriever.idf(term) for term in distinct},
        ids=np.array([retriever.find(term) for term in distinct], np.int32),
        focus=np.array([term in focus for term in distinct], bool),
        unmatched=tuple(dict.fromkeys(token.text for token in unknown)),
        suggested={token.text: words for token, words in unknown.items() if words},
        corrected={
            token.text: " ".join(word.text for word in meant) for token, meant in corrected.items()
        },
        kind=kind_of_answer(asking),
        each=_EACH.search(rest) is not None,
        small_talk=small_talk and wanted == Filter(),
    )


def _asking_sentence(text: str) -> str:
    """The last sentence of `text` with a question word; without any, the last sentence."""
    sentences = [span.of(text) for span in split_sentences(text)]
    asking = [sentence for sentence in sentences if _QUESTION_WORD.search(sentence)]
    return next(reversed(asking or sentences), text)


def _join_split_names(retriever: Retriever, tokens: list[Token]) -> list[Token]:
    """`tokens` with neighbours made one where only together they are a word: "tik tok"."""
    known = retriever.frequency
    joined: list[Token] = []
    for token in tokens:
        if joined and not (known(joined[-1].term) and known(token.term)):
            both = retriever.analyzer.terms(joined[-1].text + token.text)
            if len(both) == 1 and known(both[0]):
                joined[-1] = Token(f"{joined[-1].text} {token.text}", both[0], is_stop_word=False)
                continue
        joined.append(token)
    return joined


def _look_up(
    retriever: Retriever, tokens: Iterable[Token]
) -> tuple[dict[Token, list[Token]], dict[Token, tuple[str, ...]]]:
    """Of the words that stand nowhere, what some were meant to be, and what others may have meant.

    The first are to be searched for in place of them; the second may be nothing.
    """
    corrected: dict[Token, list[Token]] = {}
    unknown: dict[Token, tuple[str, ...]] = {}
    for token in tokens:
        if retriever.frequency(token.term):
            continue
        word = token.text.lower()
        if parts := _run_together(retriever, token.text):
            corrected[token] = parts
        elif near := nearest(word, alike := retriever.similar_words(word)):
            corrected[token] = [retriever.surface_form(max(near, key=retriever.word_frequency))]
        elif word not in times.WORDS:
            guesses = resembling(word, alike)[:_SUGGESTED]
            unknown[token] = tuple(retriever.surface_form(guess).text for guess in guesses)
    return corrected, unknown


def _run_together(retriever: Retriever, word: str) -> list[Token]:
    """The two neighbours in some passage that `word` is made of: "epicgames"; none for none."""
    for at in range(3, len(word) - 2):
        parts = retriever.analyzer.tokens(f"{word[:at]} {word[at:]}")
        terms = [retriever.term_id(part) for part in parts if not part.is_stop_word]
        if len(terms) == 2 and UNKNOWN not in terms and retriever.are_adjacent(*terms):  # noqa: PLR2004 - two parts
            return parts
    return []
