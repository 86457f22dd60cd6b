"""Finds the period that a question is about: "last week", "in 2020", or the day it is asked.

News of that period is preferred, not required: an article about a day may come out later. The
filters `after:` and `before:` are strict.
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
# Never reported as words that the coverage does not contain.
TIME_WORDS = frozenset(
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
        """The distance in days of each ordinal day from the period; 0 within it."""
        return np.maximum(
            0, np.maximum(self.first.toordinal() - days, days - self.last.toordinal())
        )


def find_period(question: str, day: dt.date) -> Period:
    """The period that a question asked on `day` is about; without a time expression, that day.

    The words of the expression are still searched for: an article that names the same time is more
    likely to answer.
    """
    if relative := _RELATIVE.search(question):
        return _relative(relative, day)
    if absolute := _ABSOLUTE.search(question):
        with suppress(ValueError):  # no such day
            return _absolute(absolute)
    return Period(day, day)


def _relative(match: re.Match[str], today: dt.date) -> Period:
    if match["day"]:
        day = today if match["day"].lower() == "today" else _earlier(today, 1)
        return Period(day, day)
    unit = match["unit"].lower()
    first = _start(unit, today)
    if match["which"].lower() == "this":
        return Period(first, today)
    last = _earlier(first, 1)
    return Period(_start(unit, last), last)


def _start(unit: str, day: dt.date) -> dt.date:
    """The first day of the week, month or year of `day`."""
    if unit == "week":
        return _earlier(day, day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _earlier(day: dt.date, days: int) -> dt.date:
    """`days` before `day`, but not before `datetime.date.min`."""
    return dt.date.fromordinal(max(1, day.toordinal() - days))


def _absolute(match: re.Match[str]) -> Period:
    """The period of a month, day or year. Raises ValueError for a day that does not exist."""
    year = int(match["year"] or match["only"])
    if match["only"]:
        return Period(dt.date(year, 1, 1), dt.date(year, 12, 31))
    month = _MONTHS.index(match["month"].capitalize()) + 1
    if day := match["before"] or match["after"]:
        return Period(dt.date(year, month, int(day)), dt.date(year, month, int(day)))
    last = calendar.monthrange(year, month)[1]
    return Period(dt.date(year, month, 1), dt.date(year, month, last))
