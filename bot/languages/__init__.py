"""Translation into the current language, which is English unless a surface sets another.

Each language has a gettext .po file in this folder, named by Discord's locale code. Its keys are
the English sentences in the code.
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
    from bot.languages.writing import LocaleFormats

ENGLISH = "en-GB"

_FILES = {file.stem: file for file in Path(__file__).parent.glob("*.po")}
_current = ContextVar("language", default=ENGLISH)


def languages() -> list[str]:
    """Return the codes of all languages with a translation, sorted."""
    return sorted(_FILES)


def language_of(locale: str) -> str:
    """Return the language for a Discord locale ("es" for "es-419"); English if there is none."""
    known = (code for code in (locale, locale.partition("-")[0]) if code in _FILES)
    return next(known, ENGLISH)


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Set the current language within the block, and in tasks that are created there."""
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence that is translated into the current language when it is converted to `str`."""

    english: str

    def __str__(self) -> str:
        return gettext(self.english)


def gettext(message: str) -> str:
    """Translate `message` into the current language; untranslated, it stays as it is."""
    return translations(_current.get()).gettext(message) if message else ""


def command_name(english: str) -> str:
    """Translate the name of a command into the current language."""
    return translations(_current.get()).pgettext("command_name", english)


def ngettext(one: str, other: str, number: int) -> str:
    """Translate a sentence in the plural form for `number`, and fill in {number}."""
    form = translations(_current.get()).ngettext(one, other, number)
    return form.format(number=decimal(number))


def decimal(number: float, digits: int = 0) -> str:
    """Format a number in the current language, such as 1,234.5, with `digits` decimals."""
    if _current.get() == ENGLISH:
        return f"{number:,.{digits}f}"
    return _formats(_current.get()).decimal(number, digits)


def percent(share: float) -> str:
    """Format a share, from 0 to 1, as a percentage in the current language."""
    return _formats(_current.get()).percent(share)


def date(day: dt.date) -> str:
    """Format a day in the current language: 11 November 2020."""
    if _current.get() == ENGLISH:
        return f"{day.day} {day:%B %Y}"
    return _formats(_current.get()).date(day)


def month(day: dt.date) -> str:
    """Format the month of a day in the current language: November 2020."""
    return f"{day:%B %Y}" if _current.get() == ENGLISH else _formats(_current.get()).month(day)


def listing(words: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    """Format words as a list in the current language: a, b and c."""
    return _formats(_current.get()).listing(words, style)


def name_of(language: str) -> str:
    """Return the name of a language, given by its code, in the current language: German."""
    return _formats(_current.get()).language(language)


@cache
def _formats(language: str) -> "LocaleFormats":
    """Load the formats of a language. English avoids this, because Babel is slow to import."""
    from bot.languages.writing import LocaleFormats  # noqa: PLC0415 - see above

    return LocaleFormats(language)


@cache
def translations(language: str) -> NullTranslations:
    """Load and compile the translations into a language; empty for English."""
    if language not in _FILES:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - slow to import, and not for English
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    compiled = BytesIO()
    with _FILES[language].open("rb") as file:
        write_mo(compiled, read_po(file, _formats(language).locale))
    compiled.seek(0)
    return GNUTranslations(compiled)
