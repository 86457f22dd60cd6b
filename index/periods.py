"""Periods of days, and the expressions that name one: "last week", "14 February", "spring 2024".

No library is used: dateparser and parsedatetime return moments, not periods, prefer the future, and
take "may", "sun" and "march" for dates in any question. An expression without a year, such as "in
May", is the newest one that has begun by then.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.dates import iso_date

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = [name.lower() for name in calendar.day_name]
_COUNTS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_VAGUE_COUNTS = {"couple of": 2, "few": 3, "several": 3}

# From each name to its first month, 1 for January, and its number of months.
_SPANS = {
    **{name: (month, 1) for month, name in enumerate(_MONTHS, start=1)},
    **{name[:3]: (month, 1) for month, name in enumerate(_MONTHS, start=1)},
    "sept": (9, 1),
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
_MONTH_NAMES = {*_MONTHS, *(name[:3] for name in _MONTHS), "sept"}
_ABBREVIATIONS = _MONTH_NAMES - {*_MONTHS}
_OTHER_MEANINGS = {"may", "march", "mar", "jan", "dec"}  # verbs and names

_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}

_NEEDS_YEAR = re.compile(r"quarter|half|fall")  # "the second half", "the fall of the town"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_JOIN = r"(?: ?[-–] ?| (?:and|to|until|till|through) (?:the )?)"
_UNIT = r"days?|weeks?|months?|quarters?|years?"
_COUNT = rf"\d{{1,4}}|an?|{'|'.join(_COUNTS)}|(?:a )?(?:couple of|few)|several"


def _part(tag: str) -> str:
    """The pattern of a date, month, season, quarter or year, its groups named with `tag`."""
    names = "|".join(sorted(_SPANS, key=len, reverse=True))
    return (
        rf"(?:(?P<iso{tag}>{_YEAR}-\d\d(?:-\d\d)?)(?![\d-])"
        rf"|(?:(?P<before{tag}>{_DAY})(?: of)? )?(?P<name{tag}>{names})\b\.?"
        rf"(?: (?P<after{tag}>{_DAY})\b(?![.:,]?\d|%))?(?:,?(?: of)? (?P<year{tag}>{_YEAR})\b)?"
        rf"|(?P<only{tag}>{_YEAR}))(?![\w%])"
    )


_ABSOLUTE = re.compile(
    r"(?<![\w:./-])(?:(?P<lead>in|on|during|throughout|since|from|for|of|between|after|before|until"
    r"|till|by|last|past|this|early|late|mid)[ -](?:the )?"
    r"(?:(?:beginning|start|middle|end|month|year) of |early |late |mid[- ])?)?"
    rf"(?:(?P<number>{_DAY}){_JOIN})?{_part('')}(?:{_JOIN}(?:{_part('2')}|(?P<until>{_DAY})(?!\w)))?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:(?P<lead>since|after|before|until|till) )?(?:the )?(?:"
    r"(?P<days>day before yesterday|yesterday|last night|today|tonight"
    r"|this (?:morning|afternoon|evening))"
    rf"|(?P<count>{_COUNT}) (?P<units>{_UNIT}) ago"
    rf"|(?:last|past|previous) (?P<rolling>{_COUNT}) (?P<rolled>{_UNIT})"
    r"|(?:earlier )?(?P<which>this|last|past|previous) (?P<unit>week|weekend|month|quarter|year)"
    rf"|(?:(?<=since )|(?<=after )|(?<=before )|(?<=until )|(?<=till )|(?P<on>on|last|past|this) )"
    rf"(?P<weekday>{'|'.join(_WEEKDAYS)}))\b",
    re.IGNORECASE,
)
_DAYS_AGO = {"day before yesterday": 2, "yesterday": 1, "last night": 1}

_BARE = frozenset(
    [
        "in",
        "during",
        "throughout",
        "since",
        "from",
        "for",
        "of",
        "between",
        "last",
        "past",
        "this",
        "early",
        "late",
        "mid",
    ]
)
_BARE_ABBREVIATION = frozenset(["in", "during", "since", "last", "this"])


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def overlaps(self, other: "Period") -> bool:
        """Whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def days_from(self, days: NDArray[np.int32]) -> NDArray[np.int32]:
        """The distance in days of each ordinal day from the period; 0 within it."""
        return np.maximum(
            0, np.maximum(self.first.toordinal() - days, days - self.last.toordinal())
        )


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period, and the expression that names it as it is written."""

    period: Period
    text: str


def find_named_period(
    text: str, today: dt.date, newest: dt.date | None = None
) -> NamedPeriod | None:
    """The first period that `text` names, seen from `today`; None for none.

    "In May" is the newest May up to `newest`, by default today. A period that has not begun is none
    that news could be from.
    """
    if relative := _RELATIVE.search(text):
        return NamedPeriod(_relative(relative, today), relative[0])
    for match in _ABSOLUTE.finditer(text):
        if period := _absolute(match, min(today, newest or today), today):
            return NamedPeriod(period, match[0])
    return None


def read_day(value: str, today: dt.date, *, last: bool) -> str:
    """The first or `last` day of a period that `value` names and nothing else; '' for none.

    As an ISO 8601 date, month or year: "2020-11", "yesterday", "3-weeks", "last month", "monday".
    """
    if date := iso_date(value.strip()):
        return date
    text = " ".join(re.sub(r"[-_]", " ", value).split())
    if match := re.fullmatch(rf"({_COUNT}) ({_UNIT})(?: ago)?", text, re.IGNORECASE):
        return _ago(_number(match[1]), match[2], today).isoformat()
    for lead in ("", "in ", "on "):
        found = find_named_period(lead + text, today)
        if found and found.text == lead + text:
            return (found.period.last if last else found.period.first).isoformat()
    return ""


# What may follow `after:` and `before:` without quotation marks, though it has spaces.
SPACED_DAY = rf"(?:{_COUNT}) (?:{_UNIT})\b(?: ago\b)?|(?:last|this) (?:week|month|quarter|year)\b"


def _relative(match: re.Match[str], today: dt.date) -> Period:
    period = _relative_period(match, today)
    return _related(match["lead"], period, today)


def _relative_period(match: re.Match[str], today: dt.date) -> Period:
    if words := match["days"]:
        day = _back(today, _DAYS_AGO.get(words.lower(), 0))
        return Period(day, day)
    if count := match["count"]:
        if _count_name(count) in _VAGUE_COUNTS:
            return Period(_ago(2 * _number(count), match["units"], today), today)
        day = _ago(_number(count), match["units"], today)
        first = _start(match["units"], day)
        return Period(first, min(today, _end(match["units"], first)))
    if match["rolling"]:
        return Period(_ago(_number(match["rolling"]), match["rolled"], today), today)
    if weekday := match["weekday"]:
        is_last = (match["on"] or "").lower() in {"last", "past"}
        until = _back(today, 1) if is_last else today
        day = _back(until, (until.weekday() - _WEEKDAYS.index(weekday.lower())) % 7)
        return Period(day, day)
    unit = match["unit"].lower()
    first = _start(unit, today)
    if match["which"].lower() != "this":
        first = _start(unit, _back(first, 1))
    return Period(min(first, today), min(today, _end(unit, first)))


def _related(lead: str | None, period: Period, today: dt.date) -> Period:
    """The period since, after, before or until another one; the period itself for other words."""
    match (lead or "").lower():
        case "since":
            return Period(period.first, max(today, period.first))
        case "after":
            return Period(period.last, max(today, period.last))
        case "before":
            return Period(dt.date.min, _back(period.first, 1))
        case "until" | "till":
            return Period(dt.date.min, period.last)
        case _:
            return period


def _absolute(match: re.Match[str], newest: dt.date, today: dt.date) -> Period | None:
    """The period of a match; None where it names none that has begun."""
    lead = (match["lead"] or "").lower()
    if not _names_period(match, lead) or lead == "by":
        return None
    parts = [_parse(match, "", lead)]
    if match["number"]:
        parts.insert(0, _parse(match, "", lead, day=match["number"]))
    if match["until"]:
        parts.append(_parse(match, "", lead, day=match["until"]))
    elif match["iso2"] or match["name2"] or match["only2"]:
        parts.append(_parse(match, "2", ""))
    given = [year for year, _ in parts if year]
    (first_year, first), (last_year, last) = parts[0], parts[-1]
    for year in given[-1:] or _recent_years(newest):
        with suppress(ValueError):  # no such day: 29 February 2025
            found = Period(first(first_year or year).first, last(last_year or year).last)
            begun = found.first <= (today if given else newest)
            ended = given or lead not in {"last", "past"} or found.last < today
            if begun and ended and found.first <= found.last:
                return _related(lead, found, today)
    return None


def _recent_years(day: dt.date) -> list[int]:
    """The year of a day and the eight before it: among these is a leap year."""
    return [*range(day.year, max(0, day.year - 9), -1)]


def _names_period(match: re.Match[str], lead: str) -> bool:
    """Whether the words are about a time: "may", "march" and "2020" have other meanings."""
    if match["iso"]:
        return True
    if match["only"]:
        return bool(lead or match["name2"] or not re.search(r"\w", match.string[match.end() :]))
    name, name2 = match["name"].lower(), match["name2"]
    day = match["before"] or match["number"] or (match["after"] if lead not in _BARE else "")
    if (match["before"] or match["after"]) and name not in _MONTH_NAMES:
        return False
    if match["year"] or match["year2"]:
        return True
    if day or (match["after"] and lead in {"since", "from", "between", "of", "after", "before"}):
        # "May 3 ships sail?", but "Jones on 3 May"
        is_first = match.start("name") == len(match.string) - len(match.string.lstrip())
        is_month = name not in _OTHER_MEANINGS or (match["name"][0].isupper() and not is_first)
        return bool(lead) or is_month
    if _NEEDS_YEAR.search(name):
        return name == "fall" and lead in {"last", "this"}
    return lead in (_BARE_ABBREVIATION if name in _ABBREVIATIONS and not name2 else _BARE)


# A year, if it is given, and the period in any year.
_Part = tuple[int | None, Callable[[int], Period]]


def _parse(match: re.Match[str], tag: str, lead: str, day: str = "") -> _Part:
    if iso := match[f"iso{tag}"]:
        year, month, *days = map(int, iso.split("-"))
        return year, lambda year: _span(year, month, 1, days[0] if days else None)
    if only := match[f"only{tag}"]:
        return int(only), lambda year: _span(year, 1, 12, None)
    start, months = _SPANS[match[f"name{tag}"].lower()]
    given = day or match[f"before{tag}"]
    if not given and lead not in {"in", "during", "throughout"}:  # "in May 3 people died"
        given = match[f"after{tag}"]
    number = int(re.sub(r"\D", "", given)) if given else None
    written = match[f"year{tag}"]
    return int(written) if written else None, lambda year: _span(year, start, months, number)


def _span(year: int, start: int, months: int, day: int | None) -> Period:
    """So many months from a month on, or a day of it. Raises ValueError."""
    if day is not None:
        return Period(dt.date(year, start, day), dt.date(year, start, day))
    first = _month(12 * year + start - 1)
    return Period(first, _back(_month(12 * year + start - 1 + months), 1))


def _month(months: int) -> dt.date:
    """The first day of a month, counted from year 0. Raises ValueError."""
    return dt.date(months // 12, months % 12 + 1, 1)


def _ago(count: int, unit: str, today: dt.date) -> dt.date:
    """The day so many days, weeks, months, quarters or years before today."""
    unit = unit.lower().rstrip("s")
    if unit in {"day", "week"}:
        return _back(today, count * (7 if unit == "week" else 1))
    months = (
        12 * today.year + today.month - 1 - count * {"month": 1, "quarter": 3, "year": 12}[unit]
    )
    first = _month(max(12, months))
    last = _end("month", first)
    return first.replace(day=min(today.day, last.day))


def _start(unit: str, day: dt.date) -> dt.date:
    """The first day of the week, weekend, month, quarter or year of `day`."""
    match unit.lower().rstrip("s"):
        case "week":
            return _back(day, day.weekday())
        case "weekend":
            return _back(day, (day.weekday() - 5) % 7)
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def _end(unit: str, first: dt.date) -> dt.date:
    """The last day of the week, weekend, month, quarter or year that begins on `first`."""
    unit = unit.lower().rstrip("s")
    if months := _MONTHS_IN.get(unit):
        with suppress(ValueError, OverflowError):
            return _back(_month(12 * first.year + first.month - 1 + months), 1)
        return dt.date.max
    return _back(first, {"week": -6, "weekend": -1}.get(unit, 0))


def _back(day: dt.date, days: int) -> dt.date:
    """So many days before `day`, within what dates can express."""
    ordinal = day.toordinal() - days
    return dt.date.fromordinal(min(max(1, ordinal), dt.date.max.toordinal()))


def _number(words: str) -> int:
    """The value of what `_COUNT` matches."""
    name = _count_name(words)
    if name.isdigit():
        return int(name)
    return _VAGUE_COUNTS[name] if name in _VAGUE_COUNTS else _COUNTS.index(name)


def _count_name(words: str) -> str:
    name = words.lower()
    return "one" if name in {"a", "an"} else name.removeprefix("a ")
