"""Collects all texts to translate; as a script, updates the translations of all languages.

uv run python tests/translations.py [LANGUAGE …]

A LANGUAGE without a file gets one. New texts are added without a translation, and obsolete ones are
removed; the test of the translations reports what is missing.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, TypeAlias

import discord
from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.discord.admission.control import AdmissionControl
from bot.discord.commands import add_commands
from bot.discord.connection.intake import Intake
from bot.discord.replies import Replier
from bot.settings import load_settings
from index import MEMORY, open_engine

Json: TypeAlias = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "bot/languages"
# Functions that take a message, besides gettext's own.
_KEYWORDS = {
    "bot": ("Phrase",),
    "index": ("StaleIndexError", "QuestionError", "ReindexRunningError", "StoreError", "progress"),
}
_NAMES = (Location.command_name, Location.parameter_name)


class _Collector(app_commands.Translator):
    """Collects all texts of commands."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,  # noqa: ARG002 - discord.py's signature
        context: app_commands.TranslationContextTypes,
    ) -> None:
        where = context.location.name
        is_name = context.location in _NAMES
        self._catalog.add(string.message, auto_comments=[where], context=where if is_name else None)


async def template() -> Catalog:
    """Collect all messages in the code, and all texts of registered commands."""
    catalog = Catalog(project="clipdesk")
    for folder, functions in _KEYWORDS.items():
        keywords = DEFAULT_KEYWORDS | dict.fromkeys(functions)
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=keywords)
        for name, line, message, _comments, context in sorted(found, key=lambda one: one[:2]):
            catalog.add(message, locations=[(f"{folder}/{name}", line)], context=context)
    await registered(_Collector(catalog))
    return catalog


async def registered(translator: app_commands.Translator) -> list[Json]:
    """Return the payloads of all commands, translated by `translator`."""
    settings = load_settings(coverage=[str(ROOT)], database=MEMORY, environment={})
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    async with open_engine(MEMORY, ()) as engine:
        admission = AdmissionControl(user_limit=1, channel_limit=1)
        replier = Replier(engine, settings, Intake(lambda: None).throttle_searches)
        add_commands(tree, engine, replier, admission)
        commands = tree.get_commands(type=None)
        return [await command.get_translated_payload(tree, translator) for command in commands]


def read(language: str) -> Catalog:
    """Read the translations of a language; empty if it has no file."""
    path, locale = FOLDER / f"{language}.po", Locale.parse(language, sep="-")
    if not path.exists():
        heading = f"# {locale.english_name} translations for clipdesk.\n#\n# Glossary:"
        return Catalog(locale, project="clipdesk", header_comment=heading, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale)


def main() -> None:
    """Update the files of all languages."""
    current = asyncio.run(template())
    for language in {*sys.argv[1:], *(path.stem for path in FOLDER.glob("*.po"))}:
        catalog = read(language)
        current.creation_date = catalog.creation_date  # so that only changed texts change the file
        catalog.update(current, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with (FOLDER / f"{language}.po").open("wb") as file:
            write_po(file, catalog, width=100, include_lineno=False)


if __name__ == "__main__":
    main()
