"""Dates as people and programs write them.

Only what can mean one day is read, and the day is the one that is written, in whatever time zone.
03/05/2024 means two days, unless a language says which part is the month.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache

_YEARS = range(1900, 2100)  # others are placeholders, such as 0001-01-01
# The languages whose months are known. None of their names means two months.
_ENGLISH = ("en", "en_GB")
_LOCALES = (
    "cs", "da", "de", "de_AT", "es", "fi", "fr", "it", "nb", "nl", "pl", "pt", "ro", "ru", "sv",
    "tr", "uk",
)  # fmt: skip
# Where 03/05/2024 may be in March; "en" may be American.
_EITHER_FIRST = frozenset({"", "en", "en-ca", "en-ph", "en-us"})
_MAX_CHARS = 200  # of a text with a date

_NAME = r"[^\W\d_]{3,12}"
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|°|\.)?"
_DATES = re.compile(
    rf"""(?<![\d/.:-])(?:
        (?P<y1>\d{{4}})\s?[-/.年년]\s?(?P<m1>\d\d?)\s?[-/.月월]\s?(?P<d1>\d\d?)(?!\d|[-/]\d)
      | (?P<a>\d\d?)(?P<by>[./-])\s?(?P<b>\d\d?)(?P=by)\s?(?P<y2>\d{{4}})(?!\d|[-/]\d)
      | (?P<s1>\d\d?)/(?P<s2>\d\d?)/(?P<s3>\d\d)(?![\d/])
      | (?P<d3>\d\d?){_ORDINAL}[\s-]*(?:of\s+|del?\s+)?(?P<m3>{_NAME})\.?,?[\s-]*(?:del?\s+)?
        (?P<y3>\d{{4}}(?!\d)|\d\d(?=\ \d\d:\d\d))
      | (?P<y5>\d{{4}})[\s-](?P<m5>{_NAME})[\s-](?P<d5>\d\d?)(?!\d)
    )
    | \b(?P<m4>{_NAME})\.?\s+(?P<d4>\d\d?)(?:st|nd|rd|th)?
      (?:\s?,\s*|\s+(?:\d\d?:\d\d(?::\d\d)?\s+(?:[A-Z]{{2,5}}\s+|[+-]\d{{4}}\s+)?)?)
      (?P<y4>\d{{4}})(?!\d|:\d)""",
    re.VERBOSE,
)
# Without separators only where nothing else is in the text: eight digits are many things.
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4}(?:\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
_UNIX_TIME = re.compile(r"(\d{10})(?:\d{3})?")  # seconds or milliseconds


def written_date(text: str, language: str = "") -> str:
    """The first date in `text` as an ISO 8601 day; empty if there is none or it is ambiguous.

    `language` is a language tag such as "en-GB"; it decides on the order of day and month.
    """
    stripped = text[:_MAX_CHARS].strip()
    if found := _COMPACT.fullmatch(stripped):
        return _iso(found[1], found[2], found[3])
    if found := _UNIX_TIME.fullmatch(stripped):
        return _in_range(datetime.fromtimestamp(int(found[1]), UTC).date())
    return next((day for day, _, _ in dates_in(stripped, language)), "")


def dates_in(text: str, language: str = "") -> Iterator[tuple[str, int, int]]:
    """The dates in `text`, each an ISO 8601 day with its half-open character offsets."""
    for found in _DATES.finditer(text):
        if day := _day(found, language):
            yield day, found.start(), found.end()


def _day(found: re.Match[str], language: str) -> str:
    if found["y1"]:
        return _iso(found["y1"], found["m1"], found["d1"])
    if found["y2"]:
        return _in_order(found["a"], found["b"], found["y2"], found["by"], language)
    if found["s1"]:
        return _short(found["s1"], found["s2"], found["s3"])
    for kind in "345":
        if name := found[f"m{kind}"]:
            return _iso(found[f"y{kind}"], _month(name), found[f"d{kind}"])
    return ""


def _in_order(first: str, second: str, year: str, separator: str, language: str) -> str:
    day_first, month_first = _iso(year, second, first), _iso(year, first, second)
    if not (day_first and month_first):
        return day_first or month_first
    tag = language.lower().replace("_", "-")
    if (
        day_first == month_first
        or tag not in _EITHER_FIRST
        or (separator == "." and tag != "en-us")
    ):
        return day_first
    return ""  # software from America says that pages from elsewhere are American


def _short(first: str, second: str, third: str) -> str:
    """The day of 11/19/24: that of the one order in which the three numbers are a date."""
    orders = ((third, first, second), (third, second, first), (first, second, third))
    days = {_iso(year.zfill(2), month, day) for year, month, day in orders} - {""}
    return days.pop() if len(days) == 1 else ""


def _iso(year: str, month: str | int, day: str) -> str:
    century = "" if len(year) == 4 else ("19" if int(year) > 68 else "20")  # noqa: PLR2004 - POSIX
    with suppress(ValueError):
        return _in_range(date(int(century + year), int(month), int(day)))
    return ""


def _in_range(day: date) -> str:
    return day.isoformat() if day.year in _YEARS else ""


def is_weekday(word: str) -> bool:
    """True if `word` is the name of a weekday, or its abbreviation."""
    return any(_key(word) in _names("days", locales) for locales in (_ENGLISH, _LOCALES))


def _month(name: str) -> int:
    """The number of a month by its name or abbreviation; 0 for another word."""
    key = _key(name)
    return _names("months", _ENGLISH).get(key) or _names("months", _LOCALES).get(key, 0)


@cache
def _names(of: str, locales: tuple[str, ...]) -> dict[str, int]:
    """The numbers of months or days by their names in some languages, full or abbreviated."""
    from babel import Locale  # noqa: PLC0415 - slow to import and load

    return {
        _key(name): number
        for locale in map(Locale.parse, locales)
        for names in getattr(locale, of).values()
        for width in ("wide", "abbreviated")
        for number, name in names[width].items()
    }


def _key(name: str) -> str:
    """`name` without case, accents and full stop, in which spellings differ."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(filter(str.isalpha, letters))
