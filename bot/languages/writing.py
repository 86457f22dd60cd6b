"""Formats of numbers, dates and lists in a language, by Babel."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent


class LocaleFormats:
    """The formats of one language, given by its code, such as "es" or "pt-BR"."""

    def __init__(self, language: str) -> None:
        self.locale = Locale.parse(language, sep="-")
        # Most numbers are small and occur often.
        self.decimal = lru_cache(1_000)(self._decimal)

    def _decimal(self, number: float, digits: int) -> str:
        pattern = "#,##0." + "0" * digits
        return format_decimal(number, pattern.rstrip("."), self.locale)

    def percent(self, share: float) -> str:
        """Format a share, from 0 to 1, as a percentage."""
        return format_percent(share, locale=self.locale)

    def date(self, day: dt.date) -> str:
        """Format a day, with the name of its month."""
        return format_date(day, "long", self.locale)

    def month(self, day: dt.date) -> str:
        """Format the month and year of a day."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def listing(self, words: Sequence[str], style: Literal["standard", "or"]) -> str:
        """Format words as a list in a sentence."""
        return format_list(words, style, self.locale)

    def language(self, code: str) -> str:
        """Format a language, given by its code."""
        return str(self.locale.languages.get(code, code))
