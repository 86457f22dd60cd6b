"""Selects the language of each reply, and translates the commands."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import discord
from cachetools import LRUCache
from discord import app_commands
from discord.app_commands import TranslationContextLocation

from bot.discord.connection.discordpy_internals import Parser
from bot.languages import ENGLISH, language_of, translations, use_language

KEPT = 10_000  # users whose language is remembered; the least recent are evicted first

_NAMES = (TranslationContextLocation.command_name, TranslationContextLocation.parameter_name)


class Locales:
    """The languages of users and servers, kept in this process only and never logged."""

    def __init__(self) -> None:
        self._users: LRUCache[str, str] = LRUCache(KEPT)

    def of_interaction(self, data: Mapping[str, Any]) -> str:
        """The language of a user's Discord client, which each interaction states."""
        language = language_of(str(data.get("locale", "")))
        self._users[(data.get("member") or data)["user"]["id"]] = language
        return language

    def of_message(self, data: Mapping[str, Any], guild: discord.Guild | None) -> str:
        """The language of a server; in a direct message, that of the user's last interaction."""
        if guild is not None:
            return language_of(guild.preferred_locale.value)
        return self._users.get(data["author"]["id"], ENGLISH)


def localize_events(parsers: dict[str, Parser], client: discord.Client, locales: Locales) -> None:
    """Replace a client's parsers by ones that parse each event in its author's language.

    The language is a context variable, inherited by the tasks that discord.py starts in a parser.
    """
    parse_interaction = parsers["INTERACTION_CREATE"]

    def interaction(data: Any) -> None:  # noqa: ANN401 - any JSON
        with use_language(locales.of_interaction(data)):
            parse_interaction(data)

    def message(parse: Parser, data: Any) -> None:  # noqa: ANN401 - any JSON
        guild = client.get_guild(int(data.get("guild_id") or 0))
        with use_language(locales.of_message(data, guild)):
            parse(data)

    parsers["INTERACTION_CREATE"] = interaction
    for event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        parsers[event] = partial(message, parsers[event])


class Names(app_commands.Translator):
    """Translates the names and descriptions of commands, options and choices."""

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
