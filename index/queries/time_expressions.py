"""Reads what a question says about time: the period it is about, and whether it wants the newest.

News of the period is preferred, not required: an article about a day may come out later. The
filters `after:` and `before:` are strict, and so is the period of a question that names nothing
else: "what happened in May?".
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import IntEnum

from index.periods.period import Period
from index.periods.reading import find_named_period

# Never reported as words that the coverage does not contain.
TIME_WORDS = frozenset(
    ["last", "month", "past", "previous", "this", "today", "week", "year", "yesterday"]
)

_NEWS = (
    r"(?:news|updates?|developments?|headlines?|articles?|reports?|stor(?:y|ies)|info(?:rmation)?)"
)
_NEW = r"(?:very )?(?:latest|newest|most recent|recent)"
# Names a topic: "the latest on the ferry", "what's new?", "any updates?", "ferry news".
_LATEST = re.compile(
    rf"^\W*(?:(?:and|so|hi|hey|hello)\W+)?"
    rf"(?:(?:what(?:['’]?s| is| are)|give me|show me|tell me)\W+)?(?:the )?{_NEW}(?: {_NEWS})?"
    r"(?=(?:\W+\w+){0,5}\W*$)"
    rf"|\b(?:the )?{_NEW} {_NEWS}\b|\b(?:the )?latest (?=(?:on|about|from|in|with|regarding)\b)"
    r"|\b(?:any|some|no)thing new\b"
    r"|\bany (?:new )?(?=(?:\w+ ){0,2}(?:news|updates?|developments?)\b)"
    r"|\bwhat(?:['’]?s| is| are)(?: all)? (?:new|the news)\b"
    r"|\bwhat(?:['’]?s| is) (?:going on|happening)\b|\b(?:happened|new) (?:recently|lately)\b"
    rf"|\b(?:the )?(?:news|updates?) (?=about\b|from\b|on\b)|^\W*(?:the )?{_NEWS}\W*$",
    re.IGNORECASE,
)
_NEWS_LAST = re.compile(
    r"^\W*(?:(?!who|what|which|when|where|why|how)\w+\W+){1,4}(?:latest|news|updates?)\W*$",
    re.IGNORECASE,
)
_NEWS_WORDS = re.compile(r"\b(?:news|headlines|updates?|developments?)\b", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:(?<!until )(?<!up to )now|currently|presently|at (?:the moment|present)"
    r"|latest|newest|most recent|recently|lately|nowadays|these days|so far|to date"
    r"|(?<=the )current)\b",
    re.IGNORECASE,
)
_AT_FIRST = re.compile(
    r"\b(?:at first|at the (?:beginning|start|outset)|initially|original(?:ly)?|first reported"
    r"|to begin with)\b",
    re.IGNORECASE,
)
_WORDS = """
    articles beginning begin current currently date days developments far first going happening
    headlines info information initially lately latest moment new newest news now nowadays original
    originally outset present presently recent recently reports start stories today update updates
"""
_RECENCY_WORDS = frozenset(_WORDS.split())  # all of the expressions above have one of these
# With a time and nothing else, these words ask for all that there is of it.
_LISTING = """
    article articles brief coverage cover covered event events headline headlines list new news
    occur occurred paper papers place print printed publish published publishes recap report
    reported reports roundup run show stories story summarise summarize summary take takes thing
    things took update updates write written wrote
"""
_LISTING_WORDS = frozenset(_LISTING.split())


class Recency(IntEnum):
    """The preference of a question for the newest news."""

    UNASKED = 0
    CURRENT = 1  # the state of "now"
    LATEST = 2  # the newest news first
    INITIAL = -1  # on the contrary, what was said at first


@dataclass(frozen=True, slots=True)
class TimeExpressions:
    """The time expressions of a question.

    `period` is what it is about, by default the day that it is asked, and `is_named` whether it
    says so; `is_relative` as in `NamedPeriod`. `words` are the lower-case words that name it, and
    `rest` is the question without those that say how new.
    """

    period: Period
    is_named: bool
    is_relative: bool
    recency: Recency
    words: frozenset[str]
    rest: str


def read_time(question: str, asked_on: dt.date, newest: dt.date | None) -> TimeExpressions:
    """Read the time expressions of a question; `newest` is the day of the newest article.

    The words of a period are still searched for: an article that names the same time is more likely
    to answer.
    """
    named = find_named_period(question, asked_on, newest)
    recency, rest = _recency(question)
    # The newest of an old coverage is new to whoever asks for it.
    day = min(asked_on, newest or asked_on) if recency > 0 else asked_on
    return TimeExpressions(
        period=named.period if named else Period(day, day),
        is_named=named is not None,
        is_relative=named is not None and named.is_relative,
        recency=recency,
        words=frozenset(re.findall(r"\w+", named.text.lower())) if named else frozenset(),
        rest=rest,
    )


def _recency(question: str) -> tuple[Recency, str]:
    """The wanted recency, and the question without the words for it."""
    words = {*re.findall(r"\w+", question.lower())}
    if words.isdisjoint(_RECENCY_WORDS):
        return Recency.UNASKED, question
    current = _LATEST.sub(" ", question)
    rest = _NOW.sub(" ", current)
    if _AT_FIRST.search(question):
        return Recency.INITIAL, rest
    if current != question or _NEWS_LAST.match(question):
        return Recency.LATEST, _NEWS_WORDS.sub(" ", rest)
    is_current = rest != question or "today" in words
    return Recency.CURRENT if is_current else Recency.UNASKED, rest


def asks_for_all(word: str) -> bool:
    """True if a lower-case word only asks for what there is of a time, as in "news of May"."""
    return word in _LISTING_WORDS
