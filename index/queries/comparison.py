"""Detects questions that want a passage of each article, each outlet, or each of two times."""

import datetime as dt
import re
from enum import Enum
from itertools import islice, product
from typing import NamedTuple

from index.periods.period import Period
from index.periods.reading import find_named_period

_ARTICLE, _ARTICLES = r"(?:article|report|story)", r"(?:articles|reports|stories)"
_OUTLET = r"(?:media outlet|outlet|newspaper|paper|publication|publisher|source)"
_OUTLETS = rf"(?:{_OUTLET}s|media)"
_EACH, _ALL = r"(?:each|every|which)(?: of the)?", r"(?:all|both|across|which)(?: of)?(?: the)?"
_SOME = r"(?:the(?: two| three| four| other| different| various)?|different|various)"
_SAY = (
    r"(?:claim|claims|cover|covers|covered|describe|describes|described|differ|mention|mentions"
    r"|mentioned|report|reports|reported|said|say|says|write|writes|wrote)"
)
_BEFORE = (
    r"(?:\b(?:what|how) (?:do|does|did|is|are) )?(?:\bcompare (?:what |how )?)?"
    r"(?:\b(?:according to|by|from|in) )?\b"
)

# "Between March and May" is one period, unless a question asks for a change.
_CHANGE_WORDS = """
    change changed changes compare compared develop developed differ difference differences
    different evolve evolved fall fell grew grow higher less lower more rise rose shift shifted
    versus vs
"""
_CHANGES = frozenset(_CHANGE_WORDS.split())
# One of these is in every question that a pattern of `Each` matches.
_NOUN_WORDS = """
    article articles compare media newspaper newspapers outlet outlets paper papers publication
    publications publisher publishers report reports source sources stories story
"""
_NOUNS = frozenset(_NOUN_WORDS.split())
_AND = re.compile(r",? (?:and|compared (?:to|with)|or|than|to|versus|vs\.?|with) ", re.IGNORECASE)
# "In", and "the toll in" of "the toll in March with the toll in May".
_AGAIN = re.compile(r"(?:(?:[\w'’]+ ){0,3}?(?:in|of|on) )", re.IGNORECASE)
_PREPOSITION = re.compile(r" (?:between|from|in|of|on)$", re.IGNORECASE)
_WHAT_CHANGED = re.compile(r"^\W*(?:what (?:has |have )?changed|compare)\b", re.IGNORECASE)
_MAX_CONJUNCTIONS = 5
_MAX_WORDS = 3  # of the name of a period, such as "14 March 2025"


def _has_any(question: str, words: frozenset[str]) -> bool:
    """True if any of its words is one of these: faster than a pattern."""
    return not words.isdisjoint(re.findall(r"\w+", question.lower()))


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
    if _has_any(question, _NOUNS):
        for each in Each:
            if each.pattern.search(question):
                return Comparison(each, each.pattern.sub(" ", question))
    return Comparison(None, question)


class TwoTimes(NamedTuple):
    """The two periods that a question compares, or none, and the question without them.

    `words` are the lower-case words that name them or the change.
    """

    periods: tuple[Period, ...]
    words: frozenset[str]
    rest: str


def read_two_times(question: str, asked_on: dt.date, newest: dt.date | None) -> TwoTimes:
    """Read two names of periods in a question that asks for a change or a difference."""
    if not _has_any(question, _CHANGES):
        return TwoTimes((), frozenset(), question)
    for conjunction in islice(_AND.finditer(question), _MAX_CONJUNCTIONS):
        before, after = question[: conjunction.start()], question[conjunction.end() :]
        for rest in (after, _AGAIN.sub("", after, count=1)):
            if found := _around(before.split(), rest.split(), asked_on, newest):
                return found
    return TwoTimes((), frozenset(), question)


def _around(
    before: list[str], after: list[str], asked_on: dt.date, newest: dt.date | None
) -> TwoTimes | None:
    """The periods that the last words before a conjunction and the first ones after it name."""
    sizes = range(_MAX_WORDS, 0, -1)
    for first, second in product(sizes, sizes):
        names = " ".join(before[-first:]), " ".join(after[:second]).rstrip("?!.,;:")
        if periods := _both(names, asked_on, newest):
            rest = [_PREPOSITION.sub("", " ".join(before[:-first])), *after[second:]]
            words = _CHANGES.union(" ".join(names).lower().split())
            return TwoTimes(periods, words, _WHAT_CHANGED.sub("", " ".join(rest)))
    return None


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
