"""Reads a question around its subject: greeting, time, comparison, and other framing.

None of that is searched for. What is left of the question are the words that name its subject.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.analysis.analyzer import Token
from index.queries.asking import SMALL_TALK, asking_in
from index.queries.comparison import Each, TwoTimes, read_comparison, read_two_times
from index.queries.time_expressions import Recency, TimeExpressions, asks_for_all, read_time

# Greetings, thanks, goodbyes and a call for help: a message of only these is small talk.
_SMALL_TALK = """
    afternoon appreciate appreciated awesome bot brilliant bye cheers cool evening excellent goodbye
    good great greetings hello help hey hi hiya howdy lol lot morning night ok okay perfect please
    sorry sup test testing thank thanks thx ty tysm welcome wow yes yo
"""
_SMALL_TALK_WORDS = SMALL_TALK.union(_SMALL_TALK.split())

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
    rf"\b(?:quick one|{'|'.join(_FRAMING_WORDS.split())}|(?:number|amount) of|numbers"
    r"|(?<=\bhow )(?:long|old|far|big|large|high|tall|often|fast)"
    r"|(?<=\bwhat )(?:(?:has |have )?changed|(?:kind|sort|type) of))\b",
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
_LIST = re.compile(r"^\W*(?:enumerate|list|name)(?= \w)", re.IGNORECASE)
# "How are you today?" asks for no news.
_HOW = re.compile(r"\W*how\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Framing:
    """A question taken apart.

    `asked` is the question without the words that ask for a passage of `each` article or outlet,
    and `subject` without all that is not searched for. `times` are the two that it compares.
    `is_limited` is whether it names a time, or asks for the newest.
    """

    time: TimeExpressions
    times: TwoTimes
    each: Each | None
    asked: str
    subject: str
    is_limited: bool

    def is_optional(self, word: Token) -> bool:
        """True if a word is only searched for if the coverage contains it."""
        lower = word.text.lower()
        return lower in _CHATTER_WORDS or lower in self.times.words

    def has_no_subject(self, words: Iterable[Token]) -> bool:
        """True if words name the time, or ask for all that there is of it, and no more."""
        lower = (word.text.lower() for word in words)
        return all(word in self.time.words or asks_for_all(word) for word in lower)


def read_framing(
    question: str, language: str, asked_on: dt.date, newest: dt.date | None
) -> Framing:
    """Take apart a question without filters; `newest` is the day of the newest article."""
    time = read_time(question, asked_on, newest)
    each, asked = read_comparison(question)
    subject = read_comparison(time.rest).rest if each else time.rest
    asking = asking_in(language)
    not_searched = asking.not_searched if asking else _FRAMING
    subject = not_searched.sub(" ", _GREETING.sub(" ", subject))
    is_limited = time.is_named or time.recency is Recency.LATEST
    return Framing(
        time=time,
        times=read_two_times(question, asked_on, newest),
        each=each,
        asked=asked,
        subject=_LIST.sub("", subject),
        is_limited=is_limited and not _HOW.match(question),
    )


def is_small_talk(words: Iterable[Token]) -> bool:
    """True if a message is only stop words, greetings and thanks."""
    return all(word.is_stop_word or word.text.lower() in _SMALL_TALK_WORDS for word in words)
