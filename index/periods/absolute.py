"""Periods with a name: "14 February", "May 2025", "in spring", "Q1 2024", "between 3 and 7 March".

Without a year, it is the newest one that has begun.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache

from index.periods.period import Period, months, unit_of

_MONTHS = [name.lower() for name in calendar.month_name[1:]]
_MONTH_NAMES = {
    **{name: month for month, name in enumerate(_MONTHS, start=1)},
    **{name[:3]: month for month, name in enumerate(_MONTHS, start=1)},
    "sept": 9,
}
# From each name to its first month and the number of months; 0 is the December before.
_SPANS = {
    **{name: (month, 1) for name, month in _MONTH_NAMES.items()},
    "winter": (0, 3),
    "spring": (3, 3),
    "summer": (6, 3),
    "autumn": (9, 3),
    "fall": (9, 3),
    **{f"q{number}": (3 * number - 2, 3) for number in range(1, 5)},
    **{f"{word} quarter": (3 * at + 1, 3) for at, word in enumerate(("first", "second", "third"))},
    "fourth quarter": (10, 3),
    "last quarter": (10, 3),
    "first half": (1, 6),
    "second half": (7, 6),
}

_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_JOIN = r"(?: ?[-–] ?| (?:and|to|until|till|through) (?:the )?)"

# Which words make a name without day and year one of a time: "in May", but not "may" and "by May".
_LEADS = "in during throughout since from for of between last past this early late mid"
_LEADS_OF_MONTHS = frozenset(_LEADS.split())
_LEADS_OF_ABBREVIATIONS = frozenset(["in", "during", "since", "last", "this"])
_LEADS_WITHOUT_DAY = frozenset(["in", "during", "throughout"])  # "in May 3 people died"
_NEEDS_YEAR = re.compile("quarter|half")  # "the second half of the match"
_OTHER_MEANINGS = frozenset(["may", "march", "mar", "jan", "dec"])  # verbs and names


def _part(tag: str) -> str:
    """The pattern of a date, month, season, quarter or year, its groups named with `tag`."""
    names = "|".join(sorted(_SPANS, key=len, reverse=True))
    return (
        rf"(?:(?P<iso{tag}>{_YEAR}-\d\d(?:-\d\d)?)(?![\d-])"
        rf"|(?:(?P<before{tag}>{_DAY})(?: of)? )?(?P<name{tag}>{names})\b\.?"
        rf"(?: (?P<after{tag}>{_DAY})\b(?![.:,]?\d|%))?(?:,?(?: of)? (?P<year{tag}>{_YEAR})\b)?"
        rf"|(?P<only{tag}>{_YEAR}))(?![\w%])"
    )


# Every expression has one of these words.
ABSOLUTE_WORDS = frozenset([*(name.split()[-1] for name in _SPANS), *map(str, range(1900, 2100))])
_ABSOLUTE = (
    r"(?<![\w:./-])(?:(?P<lead>in|on|during|throughout|since|from|for|of|between|after|before|until"
    r"|till|by|last|past|this|early|late|mid)[ -](?:the )?"
    r"(?:(?:beginning|start|middle|end|month|year) of |early |late |mid[- ])?)?"
    rf"(?:(?P<number>{_DAY}){_JOIN})?{_part('')}"
    rf"(?:{_JOIN}(?:{_part('2')}|(?P<until>{_DAY})(?!\w)))?"
)

# A year, if it is given, and the period in any year, which raises ValueError for no such day.
_Part = tuple[int | None, Callable[[int], Period]]


@cache
def absolute_pattern() -> re.Pattern[str]:
    """The pattern of all expressions; compiled on first use, as that is slow."""
    return re.compile(_ABSOLUTE, re.IGNORECASE)


def absolute_period(match: re.Match[str], today: dt.date, newest: dt.date) -> Period | None:
    """The period of a match of `absolute_pattern`; None where it names none that has begun.

    Without a year, it has begun on the day `newest`; with a year, `today`.
    """
    lead = (match["lead"] or "").lower()
    if lead == "by" or not _names_time(match, lead):
        return None
    (first_year, first), *_, (last_year, last) = parts = _parts(match, lead)
    given = [year for year, _ in parts if year]
    for year in given[-1:] or range(newest.year, max(0, newest.year - 9), -1):  # one leap year
        with suppress(ValueError):
            found = Period(first(first_year or year).first, last(last_year or year).last)
            has_begun = found.first <= (today if given else newest)
            has_ended = found.last < today or given or lead not in {"last", "past"}
            if has_begun and has_ended and found.first <= found.last:
                return found.related(lead, today)
    return None


def _names_time(match: re.Match[str], lead: str) -> bool:
    """True if the words are about a time: "may", "march" and "2020" have other meanings."""
    if match["only"]:
        is_last_word = not re.search(r"\w", match.string[match.end() :])
        return bool(lead or match["name2"] or is_last_word)
    if match["iso"]:
        return True
    name = match["name"].lower()
    after = match["after"] and lead not in _LEADS_WITHOUT_DAY
    has_day = match["before"] or match["number"] or after
    if has_day and name not in _MONTH_NAMES:
        return False
    if match["year"] or match["year2"]:
        return True
    if has_day:  # "May 3 ships sail?", but "Jones on 3 May"
        is_first = not match.string[: match.start("name")].strip()
        is_name = match["name"][0].isupper() and not is_first
        return bool(lead) or is_name or name not in _OTHER_MEANINGS
    return lead in _leads_of(name)


def _leads_of(name: str) -> frozenset[str]:
    if name == "fall":  # "the fall of the town"
        return frozenset(["last", "this"])
    if _NEEDS_YEAR.search(name):
        return frozenset()
    is_short = name in _MONTH_NAMES and name not in _MONTHS
    return _LEADS_OF_ABBREVIATIONS if is_short else _LEADS_OF_MONTHS


def _parts(match: re.Match[str], lead: str) -> list[_Part]:
    """The dates of a range, or the only one twice."""
    first = _read(match, "", lead, match["number"])
    if match["iso2"] or match["name2"] or match["only2"]:
        return [first, _read(match, "2")]
    return [first, _read(match, "", lead, match["until"])]


def _read(match: re.Match[str], tag: str, lead: str = "", number: str | None = None) -> _Part:
    """One of the dates; `number` is its day if it stands elsewhere: "3" in "3-7 March"."""
    if iso := match[f"iso{tag}"]:
        written, month, *days = map(int, iso.split("-"))
        return written, lambda year: _days(months(year, month), days[0] if days else None)
    if only := match[f"only{tag}"]:
        return int(only), lambda year: months(year, 1, 12)
    after = match[f"after{tag}"] if lead not in _LEADS_WITHOUT_DAY else None
    day = number or match[f"before{tag}"] or after
    span, year = _SPANS[match[f"name{tag}"].lower()], match[f"year{tag}"]
    return int(year) if year else None, lambda year: _days(
        months(year, *span), int(re.sub(r"\D", "", day)) if day else None
    )


def _days(period: Period, day: int | None) -> Period:
    """A day of the month, or all of the period for None. Raises ValueError."""
    return unit_of(period.first.replace(day=day), "day") if day is not None else period
