"""The time that a question is about: "last week", "in November 2020", or else the day it is asked.

News of that time is preferred, not asked for: what an article tells of a day may come out later.
`after:` and `before:` are for what must hold.
"""

import calendar
import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MONTHS = tuple(calendar.month_name)[1:]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
# These may only say when: that an article does not have them is nothing to tell.
WORDS = frozenset(
    ["last", "month", "past", "previous", "this", "today", "week", "year", "yesterday"]
)

_RELATIVE = re.compile(
    r"\b(?P<day>today|yesterday)\b"
    r"|\b(?P<which>this|last|past|previous) (?P<unit>week|month|year)\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    rf"\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)? )?(?:of )?{_MONTH}"
    r"(?: (?P<after>\d{1,2})(?:st|nd|rd|th)?(?!\d))?,? (?P<year>(?:19|20)\d\d)\b"
    r"|\b(?:in|during|of|since) (?P<only>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def days_from(self, days: NDArray[np.int32]) -> NDArray[np.int32]:
        """How many days lie between each day, by its ordinal, and the period; 0 within it."""
        return np.maximum(
            0, np.maximum(self.first.toordinal() - days, days - self.last.toordinal())
        )


def read_period(question: str, asked: dt.date) -> Period:
    """The time that `question`, asked on that day, is about; that day where it tells none.

    The words stay part of what is searched for: an article may name the same time, and one that
    does not is less likely to answer.
    """
    if relative := _RELATIVE.search(question):
        return _relative(relative, asked)
    if absolute := _ABSOLUTE.search(question):
        with suppress(ValueError):  # no such day
            return _absolute(absolute)
    return Period(asked, asked)


def _relative(said: re.Match[str], asked: dt.date) -> Period:
    if said["day"]:
        day = asked if said["day"].lower() == "today" else _earlier(asked, 1)
        return Period(day, day)
    first = _start(said["unit"].lower(), asked)
    if said["which"].lower() == "this":
        return Period(first, asked)
    last = _earlier(first, 1)
    return Period(_start(said["unit"].lower(), last), last)


def _start(unit: str, day: dt.date) -> dt.date:
    """The first day of the week, month or year that `day` is in."""
    if unit == "week":
        return _earlier(day, day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _earlier(day: dt.date, days: int) -> dt.date:
    """`days` before `day`; the first day there is where that is earlier still."""
    return dt.date.fromordinal(max(1, day.toordinal() - days))


def _absolute(said: re.Match[str]) -> Period:
    year = int(said["year"] or said["only"])
    if said["only"]:
        return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))
    month = _MONTHS.index(said["month"].capitalize()) + 1
    if day := said["before"] or said["after"]:
        return Period(dt.date(year, month, int(day)), dt.date(year, month, int(day)))
    last = calendar.monthrange(year, month)[1]
    return Period(dt.date(year, month, 1), dt.date(year, month, last))
