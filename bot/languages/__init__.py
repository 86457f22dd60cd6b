"""The language in which somebody is spoken to: English, unless a surface knows better.

A language is a file of translations beside this one, in gettext's format, that is named as Discord
names the language. The English sentences in the code are its keys.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

ENGLISH = "en-GB"

_FOLDER = resources.files(__package__)
_FILES = {
    name.removesuffix(".po"): file
    for file in _FOLDER.iterdir()
    if (name := file.name).endswith(".po")
}
_spoken = ContextVar("language", default=ENGLISH)


def languages() -> list[str]:
    """The languages there are translations to, by their codes."""
    return sorted(_FILES)


def language_of(locale: str) -> str:
    """The language of one of Discord's locales: as "es" of "es-419"; English where it is none."""
    known = (code for code in (locale, locale.partition("-")[0]) if code in _FILES)
    return next(known, ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within the block, and in the tasks that are begun there."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence; as text, it is in the language that is spoken when it is asked for."""

    english: str

    def __str__(self) -> str:
        return gettext(self.english)


def gettext(message: str) -> str:
    """`message` in the language that is spoken; as it is, where there is no translation."""
    return translations(_spoken.get()).gettext(message) if message else ""


def ngettext(one: str, other: str, number: int) -> str:
    """The form of a sentence that goes with a number, with the number in place of {number}."""
    form = translations(_spoken.get()).ngettext(one, other, number)
    return form.format(number=decimal(number))


def decimal(number: float, digits: int = 0) -> str:
    """A number as it is written: 1,234.5; with so many digits after the point."""
    return _decimal(number, digits, _spoken.get())


@lru_cache(maxsize=1_000)  # most are small, and said often
def _decimal(number: float, digits: int, language: str) -> str:
    pattern = "#,##0." + "0" * digits
    return format_decimal(number, pattern.rstrip("."), _babel(language))


def percent(share: float) -> str:
    """A share of one as it is written: 35%."""
    return format_percent(share, locale=_locale())


def date(day: dt.date) -> str:
    """A day as it is written: 11 November 2020."""
    return format_date(day, "long", _locale())


def month(day: dt.date) -> str:
    """The month of a day as it is written: November 2020."""
    return format_skeleton("yMMMM", day, locale=_locale())


def listing(words: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    """Words as a list in a sentence: a, b and c."""
    return format_list(words, style, _locale())


def _locale() -> Locale:
    return _babel(_spoken.get())


@cache
def _babel(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@cache
def translations(language: str) -> NullTranslations:
    """The translations to a language; none to English."""
    if language not in _FILES:
        return NullTranslations()
    compiled = BytesIO()
    with _FILES[language].open("rb") as file:
        write_mo(compiled, read_po(file, _babel(language)))
    compiled.seek(0)
    return GNUTranslations(compiled)
