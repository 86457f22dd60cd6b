"""Dates as the press gives them: a day, or only a month or a year."""

import datetime as dt
import re

_ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(?![\d-])", re.ASCII)


def iso_date(value: object) -> str:
    """`value` as an ISO 8601 date, month or year; empty if it is not one."""
    # Other types are not converted: a few lines of YAML can make a list too large to print.
    match = _ISO_DATE.match(str(value)) if isinstance(value, str | int | dt.date) else None
    if match is None:
        return ""
    year, _, rest = match.group().partition("-")
    month, _, day = rest.partition("-")
    try:
        dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return match.group()


def first_day(date: str) -> dt.date:
    """The first day of an ISO 8601 date, month or year, as returned by `iso_date`."""
    year, month, day, *_ = (*map(int, date.split("-")), 1, 1)
    return dt.date(year, month, day)
