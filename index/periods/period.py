"""A period of days, and steps through the calendar that stay within what dates can express."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_DAYS_IN = {"day": 1, "weekend": 2, "week": 7}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def overlaps(self, other: "Period") -> bool:
        """True if they have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def days_from(self, days: NDArray[np.int32]) -> NDArray[np.int32]:
        """The distance in days of each ordinal day from the period; 0 within it."""
        return np.maximum(
            0, np.maximum(self.first.toordinal() - days, days - self.last.toordinal())
        )

    def related(self, word: str, today: dt.date) -> "Period":
        """The time since, after, before or until the period; the period itself for other words."""
        match word:
            case "since" | "after":
                first = self.first if word == "since" else self.last
                return Period(first, max(today, first))
            case "before" | "until" | "till":
                last = back(self.first, 1) if word == "before" else self.last
                return Period(dt.date.min, last)
            case _:
                return self


def months(year: int, first: int, number: int = 1) -> Period:
    """So many months from the month `first` of a year on; 0 is the December before.

    Raises ValueError.
    """
    start = 12 * year + first - 1
    return Period(_month(start), back(_month(start + number), 1))


def unit_of(day: dt.date, unit: str) -> Period:
    """The day, week, weekend, month, quarter or year of a day; the last weekend on a weekday."""
    if size := _MONTHS_IN.get(unit):
        return months(day.year, (day.month - 1) // size * size + 1, size)
    first = back(day, {"week": day.weekday(), "weekend": (day.weekday() - 5) % 7}.get(unit, 0))
    return Period(first, back(first, 1 - _DAYS_IN[unit]))


def ago(today: dt.date, count: int, unit: str) -> dt.date:
    """The day so many days, weeks, months, quarters or years before today."""
    if size := _MONTHS_IN.get(unit):
        month = unit_of(_month(max(12, 12 * today.year + today.month - 1 - count * size)), "month")
        return month.first.replace(day=min(today.day, month.last.day))
    return back(today, count * _DAYS_IN[unit])


def back(day: dt.date, days: int) -> dt.date:
    """The day so many days before, or after for a negative number."""
    ordinal = day.toordinal() - days
    return dt.date.fromordinal(min(max(1, ordinal), dt.date.max.toordinal()))


def _month(number: int) -> dt.date:
    """The first day of a month, counted from year 0; of those after 9999, the last day of all."""
    return dt.date.max if number >= 12 * 10_000 else dt.date(number // 12, number % 12 + 1, 1)
