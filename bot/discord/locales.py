"""In which language people are answered, and what the commands are called in it."""

from collections.abc import Mapping
from typing import Any

import discord
from cachetools import LRUCache
from discord import app_commands
from discord.app_commands import TranslationContextLocation

from bot.discord.connection.intake import Parser
from bot.languages import ENGLISH, language_of, speaking, translations

KEPT = 10_000  # people whose language is remembered; who was there last is kept

_NAMES = (TranslationContextLocation.command_name, TranslationContextLocation.parameter_name)


class Locales:
    """The languages of people and servers: in this process only, and never logged."""

    def __init__(self) -> None:
        self._people: LRUCache[str, str] = LRUCache(KEPT)

    def of_interaction(self, data: Mapping[str, Any]) -> str:
        """The language that an asker has Discord in, as each interaction tells."""
        language = language_of(str(data.get("locale", "")))
        self._people[(data.get("member") or data)["user"]["id"]] = language
        return language

    def of_message(self, data: Mapping[str, Any], guild: discord.Guild | None) -> str:
        """The language of a server; in private, the one of the author's last interaction."""
        if guild is not None:
            return language_of(guild.preferred_locale.value)
        return self._people.get(data["author"]["id"], ENGLISH)


def in_their_language(parsers: dict[str, Parser], client: discord.Client, locales: Locales) -> None:
    """Have whatever comes of a message or interaction said in its author's language, in place.

    All of it is done in tasks that discord.py begins while it parses the event.
    """
    parse_interaction, parse_message = parsers["INTERACTION_CREATE"], parsers["MESSAGE_CREATE"]

    def interaction(data: Any) -> None:  # noqa: ANN401 - any JSON
        with speaking(locales.of_interaction(data)):
            parse_interaction(data)

    def message(data: Any) -> None:  # noqa: ANN401 - any JSON
        guild = client.get_guild(int(data.get("guild_id") or 0))
        with speaking(locales.of_message(data, guild)):
            parse_message(data)

    parsers["INTERACTION_CREATE"], parsers["MESSAGE_CREATE"] = interaction, message


class Names(app_commands.Translator):
    """What commands, their options and choices are called, and how they are described."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The translation to a locale; None for English."""
        language = language_of(locale.value)
        if language == ENGLISH:
            return None
        if context.location in _NAMES:
            return translations(language).pgettext(context.location.name, string.message)
        return translations(language).gettext(string.message)
