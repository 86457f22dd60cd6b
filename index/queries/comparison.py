"""Detects questions that want a passage of each article, each outlet, or each of two times."""

import datetime as dt
import re
from enum import Enum
from itertools import product
from typing import NamedTuple

from index.periods.period import Period
from index.periods.reading import find_named_period

_ARTICLE, _ARTICLES = r"(?:article|report|story)", r"(?:articles|reports|stories)"
_OUTLET = r"(?:media outlet|outlet|newspaper|paper|publication|publisher|source)"
_OUTLETS = rf"(?:{_OUTLET}s|media)"
_EACH, _ALL = r"(?:each|every|which)(?: of the)?", r"(?:all|both|across|which)(?: of)?(?: the)?"
_SOME = r"(?:the(?: two| three| four| other| different| various)?|different|various)"
_SAY = r"(?:say|says|said|report|reports|reported|write|writes|wrote|claim|claims|differ)"
_BEFORE = (
    r"(?:\b(?:what|how) (?:do|does|did|is|are) )?(?:\bcompare (?:what |how )?)?"
    r"(?:\b(?:according to|by|from|in) )?\b"
)

# "Between March and May" is one period, unless a question asks for a change.
_CHANGE = re.compile(
    r"\b(?:change[ds]?|compare[ds]?|develop(?:ed)?|differ(?:ed|ence|ences|ent)?|evolved?|fall|fell"
    r"|grew|grow|higher|less|lower|more|rise|rose|shift(?:ed)?|versus|vs)\b",
    re.IGNORECASE,
)
_AND = re.compile(
    r",? (?:and|compared (?:to|with)|or|than|to|versus|vs\.?|with) "
    r"(?:(?:[\w'’]+ ){0,3}?(?:in|of|on) )?",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r" (?:between|from|in|of|on)$", re.IGNORECASE)
_WHAT_CHANGED = re.compile(r"^\W*(?:what (?:has |have )?changed|compare)\b", re.IGNORECASE)
_MAX_WORDS = 3  # of the name of a period, such as "14 March 2025"


def _each(one: str, several: str) -> str:
    """The pattern of "each paper says", "both local papers", and of "compare the papers"."""
    return (
        rf"{_BEFORE}(?:{_EACH}(?: \w+)?? {one}|{_ALL}(?: \w+)?? {several})\b(?! of\b)(?: {_SAY}\b)?"
        rf"|\b(?:according to|compare) {_SOME} {several}\b|{_BEFORE}{_SOME} {several} {_SAY}\b"
    )


class Each(Enum):
    """Of what a question wants a passage each; the pattern is framing that is not searched for."""

    OUTLET = _each(_OUTLET, _OUTLETS)
    ARTICLE = _each(_ARTICLE, _ARTICLES) + r"|\bcompare\b"

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern, re.IGNORECASE)


class Comparison(NamedTuple):
    """Of what a question wants a passage each, if it does, and the question without that."""

    each: Each | None
    rest: str


def read_comparison(question: str) -> Comparison:
    """Read the words that ask for a passage of each article or outlet."""
    for each in Each:
        if each.pattern.search(question):
            return Comparison(each, each.pattern.sub(" ", question))
    return Comparison(None, question)


class TwoTimes(NamedTuple):
    """The two periods that a question compares, or none, and the question without them."""

    periods: tuple[Period, ...]
    rest: str


def read_two_times(question: str, asked_on: dt.date, newest: dt.date | None) -> TwoTimes:
    """Read two names of periods in a question that asks for a change or a difference."""
    if not _CHANGE.search(question):
        return TwoTimes((), question)
    for conjunction in _AND.finditer(question):
        before = question[: conjunction.start()].split()
        after = re.sub(r"[?!.,;:]", " ", question[conjunction.end() :]).split()
        sizes = range(_MAX_WORDS, 0, -1)
        for first, second in product(sizes, sizes):
            names = " ".join(before[-first:]), " ".join(after[:second])
            if periods := _both(names, asked_on, newest):
                rest = [_PREPOSITION.sub("", " ".join(before[:-first])), *after[second:]]
                return TwoTimes(periods, _WHAT_CHANGED.sub("", " ".join(rest)))
    return TwoTimes((), question)


def _both(
    names: tuple[str, str], asked_on: dt.date, newest: dt.date | None
) -> tuple[Period, Period] | None:
    """The periods of these names, of which the first may leave its year to the second."""
    last = _period(names[1], asked_on, newest)
    if not last:
        return None
    first = _period(f"{names[0]} {last.first.year}", asked_on, newest) or _period(
        names[0], asked_on, newest
    )
    return (first, last) if first and first != last else None


def _period(name: str, asked_on: dt.date, newest: dt.date | None) -> Period | None:
    """The period that is named by exactly these words."""
    for lead in ("", "in ", "on "):
        found = find_named_period(lead + name, asked_on, newest)
        if found and found.text == lead + name:
            return found.period
    return None
