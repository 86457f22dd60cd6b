"""The language in which somebody is spoken to: English, unless a surface knows better.

A language is a file of translations beside this one, in gettext's format, that is named as Discord
names the language. The English sentences in the code are its keys.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.languages.writing import Writing

ENGLISH = "en-GB"

_FILES = {file.stem: file for file in Path(__file__).parent.glob("*.po")}
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
    if _spoken.get() == ENGLISH:
        return f"{number:,.{digits}f}"
    return _writing(_spoken.get()).decimal(number, digits)


def percent(share: float) -> str:
    """A share of one as it is written: 35%."""
    return _writing(_spoken.get()).percent(share)


def date(day: dt.date) -> str:
    """A day as it is written: 11 November 2020."""
    if _spoken.get() == ENGLISH:
        return f"{day.day} {day:%B %Y}"
    return _writing(_spoken.get()).date(day)


def month(day: dt.date) -> str:
    """The month of a day as it is written: November 2020."""
    return f"{day:%B %Y}" if _spoken.get() == ENGLISH else _writing(_spoken.get()).month(day)


def listing(words: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    """Words as a list in a sentence: a, b and c."""
    return _writing(_spoken.get()).listing(words, style)


@cache
def _writing(language: str) -> "Writing":
    """How a language is written. Numbers and days in English can do without: Babel is slow."""
    from bot.languages.writing import Writing  # noqa: PLC0415 - see above

    return Writing(language)


@cache
def translations(language: str) -> NullTranslations:
    """The translations to a language; none to English."""
    if language not in _FILES:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - slow to import, and not for English
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    compiled = BytesIO()
    with _FILES[language].open("rb") as file:
        write_mo(compiled, read_po(file, _writing(language).locale))
    compiled.seek(0)
    return GNUTranslations(compiled)
