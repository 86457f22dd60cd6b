"""Dates as people and other programs write them in fields: "5 March 2024", "05.03.2024"."""

import datetime as dt
import re
from functools import cache

from index.dates import iso_date

_LANGUAGES = ("en", "de", "es", "fr", "uk")
_YEARS = range(1800, 2100)  # others are placeholders, such as 0001-01-01

_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_NAME = r"(?P<name>[^\W\d_]{3,})\.?"
_NUMBER = r"(?P<month>\d{1,2})"
# In order: the first that fits counts. Day and month between slashes are not told apart.
_FORMS = tuple(
    re.compile(rf"(?<![\w.]){form}")
    for form in (
        rf"{_YEAR}[-/.]{_NUMBER}[-/.]{_DAY}(?!\d)",
        rf"{_DAY}\.\s?{_NUMBER}\.\s?{_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th|er|º)?\.?[\s-]+(?:de\s+)?{_NAME},?[\s-]+(?:de\s+)?{_YEAR}",
        rf"{_NAME}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?!\d)",
        rf"{_NAME},?\s+(?:de\s+)?{_YEAR}",
    )
)
_MAX_CHARS = 100  # of a field that holds a date, with a weekday and a time


def written_date(value: object) -> str:
    """The ISO 8601 date, month or year that a field holds; empty if there is none to be sure of."""
    date = iso_date(value)
    if not isinstance(value, str) or len(date) == len("2024-03-05") or date == value:
        return date
    forms = _FORMS if len(value) <= _MAX_CHARS else ()
    found = next((found for form in forms if (found := form.search(value))), None)
    return date if found is None else _checked(found.groupdict())


def _checked(parts: dict[str, str | None]) -> str:
    year, day = int(parts["year"] or 0), parts.get("day")
    name = parts.get("name")
    month = _months().get(name.casefold(), 0) if name else int(parts.get("month") or 0)
    try:
        date = dt.date(year, month, int(day or 1)).isoformat()
    except ValueError:
        return ""
    if year not in _YEARS:
        return ""
    return date if day else date[:7]


@cache
def _months() -> dict[str, int]:
    """The numbers of months by their names, in full and abbreviated."""
    from babel.dates import get_month_names  # noqa: PLC0415 - slow to import, and rarely needed

    return {
        name.rstrip(".").casefold(): number
        for language in _LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    } | {"sept": 9}
