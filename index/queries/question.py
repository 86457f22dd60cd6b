"""What a question asks for: its terms, what each is worth, and which of its words are unknown."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.corpus.corpus import Corpus
from index.corpus.filters import Filter, read_filter
from index.errors import QuestionError
from index.queries import times
from index.queries.answer_kinds import Kind, holds, kind_of_answer
from index.queries.times import Period
from index.terms.analysis import Token
from index.terms.lexicon import COMMON
from index.terms.sentences import split_sentences
from index.terms.spelling import nearest, resembling
from index.terms.vocabulary import UNKNOWN

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Discord's limit for a message, which is the longest way to ask.
MAX_CHARS = 2_000

_LOOKED_AT = 20  # passages that are looked into for words that were run together
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
    of the question; `weights` maps each to its worth (see `Corpus.weight`), and `ids` are theirs in
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

    def worth(self, held: Flags) -> Floats:
        """The share of the question's worth that flagged terms have: between 0 and 1, for each row.

        `held` has a flag for each of `weights`, in any number of rows.
        """
        # Not a product of matrices: that sums equal rows in different orders, which would end ties.
        return np.asarray((held * self.worths).sum(axis=-1) / (self.total or 1))

    def focus_worth(self, held: Flags) -> Floats:
        """The share of the worth of the terms in `focus`, as `worth` is of all."""
        worths = np.where(self.focus, self.worths, 0.0)
        return np.asarray((held * worths).sum(axis=-1) / (worths.sum() or 1))

    def may_be_answered_by(self, sentence: str) -> bool:
        """Whether a sentence holds something of the kind that is asked for, and not given."""
        return self.kind is not None and holds(self.kind, sentence, self._given)

    @cached_property
    def _given(self) -> str:
        return self.text.casefold()

    @cached_property
    def worths(self) -> Floats:
        """What each of `weights` is worth."""
        return np.array([*self.weights.values()])

    @cached_property
    def total(self) -> float:
        """The worth of the whole question, in the unit of `weights`."""
        return sum(self.weights.values())

    @cached_property
    def pairs(self) -> Floats:
        """The share of the question's worth that one term has with the next.

        A row for the one, a column for the other, in the order of `weights`; 0 where they are no
        neighbours.
        """
        place = {term: at for at, term in enumerate(self.weights)}
        pairs = np.zeros((len(place), len(place)))
        for one, other in pairwise(self.terms):
            if one != other:
                least = min(self.weights[one], self.weights[other])
                pairs[place[one], place[other]] = least / self.total
        return pairs


def parse_question(corpus: Corpus, question: str, asked: dt.date) -> Query:
    """Read `question`, asked on that day, against the words of `corpus`.

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
    wanted, rest = read_filter(question, corpus.sources)
    written = corpus.analyzer.tokens(rest)
    small_talk = all(token.common or token.text.lower() in _SMALL_TALK_WORDS for token in written)
    asked_for = _FRAME.sub(" ", _EACH.sub(" ", rest))
    tokens = [token for token in corpus.analyzer.tokens(asked_for) if not token.common]
    tokens = _join_split_names(corpus, tokens)
    corrected, unknown = _look_up(corpus, tokens)
    meant = [(token, word.term) for token in tokens for word in corrected.get(token, [token])]
    terms = [term for _, term in meant]
    asking = _asking_sentence(rest)
    focus = {term for token, term in meant if token.text in asking} or {*terms}
    distinct = [*dict.fromkeys(terms)]
    return Query(
        text=question,
        when=times.read_period(rest, asked),
        wanted=wanted,
        word_ids=np.array([*dict.fromkeys(map(corpus.number, written))], np.int32),
        terms=tuple(terms),
        weights={term: corpus.weight(term) for term in distinct},
        ids=np.array([corpus.find(term) for term in distinct], np.int32),
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


def _join_split_names(corpus: Corpus, tokens: list[Token]) -> list[Token]:
    """`tokens` with neighbours made one where only together they are a word: "tik tok"."""
    known = corpus.frequency
    joined: list[Token] = []
    for token in tokens:
        if joined and not (known(joined[-1].term) and known(token.term)):
            both = corpus.analyzer.terms(joined[-1].text + token.text)
            if len(both) == 1 and known(both[0]):
                joined[-1] = Token(f"{joined[-1].text} {token.text}", both[0], common=False)
                continue
        joined.append(token)
    return joined


def _look_up(
    corpus: Corpus, tokens: Iterable[Token]
) -> tuple[dict[Token, list[Token]], dict[Token, tuple[str, ...]]]:
    """Of the words that stand nowhere, what some were meant to be, and what others may have meant.

    The first are to be searched for in place of them; the second may be nothing.
    """
    corrected: dict[Token, list[Token]] = {}
    unknown: dict[Token, tuple[str, ...]] = {}
    for token in tokens:
        if corpus.frequency(token.term):
            continue
        word = token.text.lower()
        if parts := _run_together(corpus, token.text):
            corrected[token] = parts
        elif near := nearest(word, alike := corpus.words.like(word)):
            corrected[token] = [corpus.words[max(near, key=corpus.words.frequency)]]
        elif word not in times.WORDS:
            guesses = resembling(word, alike)[:_SUGGESTED]
            unknown[token] = tuple(corpus.words[guess].text for guess in guesses)
    return corrected, unknown


def _run_together(corpus: Corpus, word: str) -> list[Token]:
    """The two neighbours in some passage that `word` is made of: "epicgames"; none for none."""
    for at in range(3, len(word) - 2):
        parts = corpus.analyzer.tokens(f"{word[:at]} {word[at:]}")
        terms = [corpus.number(part) for part in parts if not part.common]
        if len(terms) == 2 and UNKNOWN not in terms and _are_neighbours(corpus, *terms):  # noqa: PLR2004 - two parts
            return parts
    return []


def _are_neighbours(corpus: Corpus, one: int, other: int) -> bool:
    """Whether a term follows another in a passage; a few that hold both tell."""
    both = np.intersect1d(corpus.holding(one), corpus.holding(other), assume_unique=True)
    tokens = corpus.tokens.take(both[:_LOOKED_AT]).tokens
    tokens = tokens[tokens >= COMMON]
    return bool(np.any((tokens[:-1] == one) & (tokens[1:] == other)))
