"""The translations: complete, consistent with the English texts, and within Discord's limits."""

import asyncio
import datetime as dt
import re
from collections.abc import Iterator
from string import Formatter

import discord
import pytest
import regex
from babel import Locale
from babel.messages import Catalog, Message

from bot import languages, phrases
from bot.discord.api_limits import MAX_FORM_LABEL, MAX_FORM_TITLE, MAX_PLACEHOLDER
from bot.discord.locales import Names
from bot.languages import ENGLISH, Phrase, language_of, translations, use_language
from index import QuestionError, Sources, read_filter
from translations import Json, read, registered, template

LANGUAGES = languages.languages()
DISCORDS = [one.value for one in discord.Locale if language_of(one.value) != ENGLISH]
_MENU = discord.AppCommandType.message.value
_NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}")
# The categories of a whole number depend on its last two digits, or on whether it is in millions.
NUMBERS = (*range(203), 999, 1000, 1001, 999_999, 1_000_000, 1_000_001, 2_000_000, 10**9)
_SHOWN = 34  # characters of a button's label that people see

each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def template_catalog() -> Catalog:
    """All messages in the code."""
    return asyncio.run(template())


def _messages(catalog: Catalog) -> dict[tuple[object, str | None], Message]:
    return {(message.id, message.context): message for message in catalog if message.id}


def _texts(message: Message) -> Iterator[tuple[str, str]]:
    """Yield each form of a message: the English text and its translation."""
    if isinstance(message.id, str):
        assert isinstance(message.string, str)
        yield message.id, message.string
    else:
        for form in message.string or ():
            yield message.id[1], form


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_languages_exist_and_are_discord_locales() -> None:
    assert {"de", "es", "fr", "uk"} <= set(LANGUAGES)
    assert {language_of(locale) for locale in DISCORDS} == set(LANGUAGES)


@each_language
def test_translations_are_complete_without_leftovers(
    template_catalog: Catalog, language: str
) -> None:
    catalog = read(language)
    assert _messages(catalog).keys() == _messages(template_catalog).keys()
    assert not catalog.obsolete
    assert not catalog.fuzzy
    for message in _messages(catalog).values():
        assert not message.fuzzy, message.id
        assert all(text.strip() for _, text in _texts(message)), message.id


@each_language
def test_translations_have_the_same_placeholders(language: str) -> None:
    for message in _messages(read(language)).values():
        for english, text in _texts(message):
            assert _fields(text) == _fields(english), text


@each_language
def test_numbers_have_a_form_for_each_plural_category_of_cldr(language: str) -> None:
    catalog = read(language)
    plural = [one for one in _messages(catalog).values() if one.pluralizable]
    assert all(len(one.string or ()) == catalog.num_plurals for one in plural)
    telling = next(one for one in plural if len(set(one.string or ())) == catalog.num_plurals)
    category, form = Locale.parse(language, sep="-").plural_form, translations(language).ngettext
    said = {(category(number), form(telling.id[0], telling.id[1], number)) for number in NUMBERS}
    assert {text for _, text in said} == set(telling.string or ())
    assert len(said) == len({name for name, _ in said}) == catalog.num_plurals


@each_language
def test_typed_syntax_is_not_translated(language: str) -> None:
    for message in _messages(read(language)).values():
        for english, text in _texts(message):
            typed = re.findall(r"--\w+|\b(?:source|after|before):\S+", english)
            assert all(one in text for one in typed), text


@each_language
def test_texts_use_translated_command_names(language: str) -> None:
    catalog = read(language)
    names = {
        str(message.id): str(message.string)
        for message in catalog
        if message.context == "command_name"
    }
    menus = {name for name in names if " " in name}
    assert menus
    for message in _messages(catalog).values():
        for english, text in _texts(message):
            expected = {f"/{names[one]}" for one in re.findall(r"(?<!\w)/(\w+)", english)}
            assert set(re.findall(r"(?<!\w)/\w+", text)) == expected, text
            assert all(names[menu] in text for menu in menus if menu in english), text


def _named_parts(command: Json) -> Iterator[Json]:
    """Yield a command, its options, and their choices."""
    yield command
    for option in command.get("options") or []:
        yield option
        yield from option.get("choices") or []


@pytest.mark.parametrize("locale", DISCORDS)
async def test_command_translations_fit_discords_limits(locale: str) -> None:
    commands = await registered(Names())
    names = [command["name_localizations"][locale] for command in commands]
    assert len(names) == len(set(names)) == 8
    for command in commands:
        options = [one["name_localizations"][locale] for one in command.get("options") or []]
        assert len(options) == len(set(options))
        own = [] if command["type"] == _MENU else [command["name_localizations"][locale]]
        assert all(_NAME.fullmatch(name) and name == name.lower() for name in [*own, *options])
        for part in _named_parts(command):
            is_choice = "value" in part
            assert len(part["name_localizations"][locale]) <= (100 if is_choice else 32)
            if "description" in part:
                assert 1 <= len(part["description_localizations"][locale]) <= 100


async def test_only_translated_languages_are_registered() -> None:
    for command in await registered(Names()):
        for part in _named_parts(command):
            assert set(part["name_localizations"]) == set(DISCORDS)


@each_language
def test_labels_are_short_and_the_form_fits(language: str) -> None:
    labels = (
        *(
            phrases.SHOW_CONTEXT,
            phrases.MORE,
            phrases.PREVIOUS,
            phrases.NEXT,
            phrases.ASK_FOLLOW_UP,
        ),
        *(phrases.HELPFUL, phrases.WRONG, phrases.SHARE, phrases.REMOVE),
        *(Phrase("Previous page"), Phrase("Next page")),
    )
    with use_language(language):
        assert all(len(str(label)) <= _SHOWN for label in labels)
        assert len({str(label) for label in labels}) == len(labels)
        assert len(str(phrases.ASK_FOLLOW_UP)) <= MAX_FORM_TITLE
        assert len(str(phrases.YOUR_QUESTION)) <= MAX_FORM_LABEL
        assert len(str(phrases.FOLLOW_UP_HINT)) <= MAX_PLACEHOLDER


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", "de"), ("fr", "fr"), ("es-ES", "es"), ("es-419", "es"), ("uk", "uk"),
        ("en-GB", ENGLISH), ("en-US", ENGLISH), ("ja", ENGLISH), ("", ENGLISH), ("../de", ENGLISH),
    ],
)  # fmt: skip
def test_language_of_locale(locale: str, language: str) -> None:
    assert language_of(locale) == language


@pytest.mark.parametrize(
    ("language", "day", "month", "number", "listed"),
    [
        (ENGLISH, "11 November 2020", "November 2020", "1,234.5", "a, b and c"),
        ("de", "11. November 2020", "November 2020", "1.234,5", "a, b und c"),
        ("fr", "11 novembre 2020", "novembre 2020", "1\u202f234,5", "a, b et c"),
        ("es", "11 de noviembre de 2020", "noviembre de 2020", "1.234,5", "a, b y c"),
        ("uk", "11 листопада 2020\u202fр.", "листопад 2020\u202fр.", "1\xa0234,5", "a, b і c"),  # noqa: RUF001
    ],
)
def test_dates_numbers_and_lists(
    language: str, day: str, month: str, number: str, listed: str
) -> None:
    with use_language(language):
        assert phrases.date("2020-11-11") == languages.date(dt.date(2020, 11, 11)) == day
        assert phrases.date("2020-11") == month
        assert phrases.date("2020") == "2020"
        assert languages.decimal(1234.5, 1) == number
        assert languages.listing(["a", "b", "c"]) == listed


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        (ENGLISH, 0, "0 articles"), (ENGLISH, 1, "1 article"), (ENGLISH, 2, "2 articles"),
        ("de", 0, "0 Artikel"), ("de", 1, "1 Artikel"), ("de", 2, "2 Artikel"),
        ("es", 0, "0 artículos"), ("es", 1, "1 artículo"), ("es", 21, "21 artículos"),
        ("es", 1_000_000, "1.000.000 de artículos"), ("es", 1_000_001, "1.000.001 artículos"),
        ("fr", 0, "0 article"), ("fr", 1, "1 article"), ("fr", 2, "2 articles"),
        ("fr", 1_000_000, "1 000 000 d’articles"), ("fr", 1_000_001, "1 000 001 articles"),
        ("uk", 1, "1 стаття"), ("uk", 2, "2 статті"), ("uk", 5, "5 статей"),
        ("uk", 11, "11 статей"), ("uk", 21, "21 стаття"), ("uk", 112, "112 статей"),
    ],
)  # fmt: skip
def test_plural_forms(language: str, number: int, said: str) -> None:
    with use_language(language):
        assert regex.sub(r"(?<=\d)\s(?=\d)", " ", phrases.articles(number)) == said


def test_language_is_reset_after_block() -> None:
    with use_language("de"):
        assert str(phrases.REMOVE) == "Entfernen"
        with use_language("fr"):
            assert str(phrases.REMOVE) == "Supprimer"
        assert str(phrases.REMOVE) == "Entfernen"
    assert str(phrases.REMOVE) == "Remove"


def test_localized_error_keeps_its_values() -> None:
    error = QuestionError("The question has {length} characters; shorten it to {most} or fewer.",
                          length=2001, most=2000)  # fmt: skip
    assert str(error) == "The question has 2,001 characters; shorten it to 2,000 or fewer."
    assert phrases.localize_error(error) == str(error)
    with use_language("de"):
        assert "2.001 Zeichen" in phrases.localize_error(error)
        with pytest.raises(QuestionError) as hostile:
            read_filter("after:{key.__class__}", Sources(()))
        shown = phrases.localize_error(hostile.value)
        assert shown.startswith("after:{key.__class__} ist kein Datum")
        assert phrases.localize_error(QuestionError("{unknown} {")) == "{unknown} {"
    assert translations(ENGLISH).gettext("Remove") == "Remove"
