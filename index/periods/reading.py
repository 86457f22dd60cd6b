"""Finds the period that a text names, and reads the dates of filters."""

import datetime as dt
import re
from dataclasses import dataclass

from index.dates import iso_date
from index.periods.absolute import ABSOLUTE_WORDS, absolute_pattern, absolute_period
from index.periods.period import Period
from index.periods.relative import (
    COUNT,
    RELATIVE_WORDS,
    UNIT,
    days_ago,
    relative_pattern,
    relative_period,
)

_SO_LONG_AGO = re.compile(rf"({COUNT}) ({UNIT})(?: ago)?", re.IGNORECASE)

# The dates of filters that may have spaces without quotation marks: "after:3 weeks ago".
SPACED_DATE = rf"(?:{COUNT}) (?:{UNIT})\b(?: ago\b)?|(?:last|this) (?:week|month|quarter|year)\b"


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period, and the expression that names it as it is written.

    It `is_relative` if it depends on the day that it is said, as "last week" does.
    """

    period: Period
    text: str
    is_relative: bool


def find_named_period(
    text: str, today: dt.date, newest: dt.date | None = None
) -> NamedPeriod | None:
    """The first period that `text` names, seen from `today`; None for none.

    Without a year, "in May" is the last May that had begun on the day `newest`. A period that has
    not begun is none that news could be from.
    """
    words = {*re.findall(r"\w+", text.lower())}
    if words & RELATIVE_WORDS and (relative := relative_pattern().search(text)):
        return NamedPeriod(relative_period(relative, today), relative[0], is_relative=True)
    for match in absolute_pattern().finditer(text) if words & ABSOLUTE_WORDS else ():
        if period := absolute_period(match, today, min(today, newest or today)):
            return NamedPeriod(period, match[0], is_relative=False)
    return None


def read_date(value: str, today: dt.date, *, last: bool) -> str:
    """The date that `value` is, or the first or `last` day of the period; '' if it names none.

    As an ISO 8601 date, month or year: of "2020-11", "yesterday", "3-weeks", "monday", "May 2025".
    """
    if date := iso_date(value.strip()):
        return date
    text = " ".join(re.sub(r"[-_]", " ", value).split())
    if match := _SO_LONG_AGO.fullmatch(text):
        return days_ago(match[1], match[2], today).isoformat()
    for lead in ("", "in ", "on "):
        found = find_named_period(lead + text, today)
        if found and found.text == lead + text:
            return (found.period.last if last else found.period.first).isoformat()
    return ""
