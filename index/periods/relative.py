"""Periods that are seen from a day: "yesterday", "last week", "three months ago", "on Monday"."""

import calendar
import datetime as dt
import re
from functools import cache

from index.periods.period import Period, ago, back, unit_of

_WEEKDAYS = [name.lower() for name in calendar.day_name]
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBER_WORDS = _NUMBERS.split()
_VAGUE_COUNTS = {"couple of": 2, "few": 3, "several": 3}
_DAYS_AGO = {"day before yesterday": 2, "yesterday": 1, "last night": 1}

COUNT = rf"\d{{1,4}}|an?|{'|'.join(_NUMBER_WORDS)}|(?:a )?(?:couple of|few)|several"
UNIT = r"days?|weeks?|months?|quarters?|years?"
_WORDS = """
    ago afternoon day days evening month months morning night quarter quarters today tonight week
    weekend weeks year years yesterday
"""
RELATIVE_WORDS = frozenset([*_WORDS.split(), *_WEEKDAYS])  # every expression has one of them
_RELATIVE = (
    r"\b(?:(?P<lead>since|after|before|until|till) )?(?:the )?(?:"
    r"(?P<days>day before yesterday|yesterday|last night|today|tonight"
    r"|this (?:morning|afternoon|evening))"
    rf"|(?P<count>{COUNT}) (?P<units>{UNIT}) ago"
    rf"|(?:last|past|previous) (?P<rolling>{COUNT}) (?P<rolled>{UNIT})"
    r"|(?:earlier )?(?P<which>this|last|past|previous) (?P<unit>week|weekend|month|quarter|year)"
    rf"|(?:(?<=since )|(?<=after )|(?<=before )|(?<=until )|(?<=till )|(?P<on>on|last|past|this) )"
    rf"(?P<weekday>{'|'.join(_WEEKDAYS)}))\b"
)


@cache
def relative_pattern() -> re.Pattern[str]:
    """The pattern of all expressions; compiled on first use, as that is slow."""
    return re.compile(_RELATIVE, re.IGNORECASE)


def relative_period(match: re.Match[str], today: dt.date) -> Period:
    """The period of a match of `relative_pattern`, seen from `today`."""
    groups = {name: words.lower() for name, words in match.groupdict("").items()}
    return _period(groups, today).related(groups["lead"], today)


def days_ago(count: str, unit: str, today: dt.date) -> dt.date:
    """The day that `COUNT` and `UNIT` name: "three", "weeks"."""
    return ago(today, _number(count), unit.lower().rstrip("s"))


def _period(groups: dict[str, str], today: dt.date) -> Period:
    if words := groups["days"]:
        return unit_of(back(today, _DAYS_AGO.get(words, 0)), "day")
    if count := groups["count"]:
        return _about(count, groups["units"], today)
    if rolling := groups["rolling"]:
        return Period(days_ago(rolling, groups["rolled"], today), today)
    is_last = "last" in (groups["on"], groups["which"]) or "p" in groups["on"] + groups["which"]
    if weekday := groups["weekday"]:
        until = back(today, int(is_last))
        return unit_of(back(until, (until.weekday() - _WEEKDAYS.index(weekday)) % 7), "day")
    current = unit_of(today, groups["unit"])
    if is_last:
        return unit_of(back(current.first, 1), groups["unit"])
    return Period(current.first, min(today, current.last))


def _about(count: str, units: str, today: dt.date) -> Period:
    """The period named by "three weeks ago": that whole week. A few days ago is a longer time."""
    if count.removeprefix("a ") in _VAGUE_COUNTS:
        return Period(ago(today, 2 * _number(count), units.rstrip("s")), today)
    found = unit_of(days_ago(count, units, today), units.rstrip("s"))
    return Period(found.first, min(today, found.last))


def _number(words: str) -> int:
    """The value of what `COUNT` matches."""
    name = words.lower().removeprefix("a ")
    if name.isdigit():
        return int(name)
    return 1 if name in {"a", "an"} else _VAGUE_COUNTS.get(name) or _NUMBER_WORDS.index(name)
