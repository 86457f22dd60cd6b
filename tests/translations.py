"""What is there to translate; run as a script, brings the files of all languages up to it.

uv run python tests/translations.py [LANGUAGE …]

A language that is named and has no file yet gets one. What is new stands there without a
translation, and what is no longer said is gone; the test of the translations tells what is left
to do.
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
# What is given a message to be said, beside gettext's own functions.
_TELL = {
    "bot": ("Phrase",),
    "index": ("StaleIndexError", "QuestionError", "ReindexRunningError", "StoreError", "progress"),
}
_NAMES = (Location.command_name, Location.parameter_name)


class _Asked(app_commands.Translator):
    """Takes note of all that Discord would be told of the commands."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,  # noqa: ARG002 - as discord.py has
        context: app_commands.TranslationContextTypes,
    ) -> None:
        where = context.location.name
        is_name = context.location in _NAMES
        self._catalog.add(string.message, auto_comments=[where], context=where if is_name else None)


async def template() -> Catalog:
    """All messages of the code, and all texts of the commands, as they are registered."""
    catalog = Catalog(project="clipdesk")
    for folder, tell in _TELL.items():
        keywords = DEFAULT_KEYWORDS | dict.fromkeys(tell)
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=keywords)
        for name, line, message, _comments, context in sorted(found, key=lambda one: one[:2]):
            catalog.add(message, locations=[(f"{folder}/{name}", line)], context=context)
    await registered(_Asked(catalog))
    return catalog


async def registered(translator: app_commands.Translator) -> list[Json]:
    """The commands as they are registered, with what a translator makes of them."""
    settings = load_settings(coverage=[str(ROOT)], database=MEMORY, environment={})
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    async with open_engine(MEMORY, ()) as engine:
        admission = AdmissionControl(user_limit=1, channel_limit=1)
        replier = Replier(engine, settings, Intake(lambda: None).throttle_searches)
        add_commands(tree, engine, replier, admission)
        commands = tree.get_commands(type=None)
        return [await command.get_translated_payload(tree, translator) for command in commands]


def read(language: str) -> Catalog:
    """The translations to a language, as its file has them."""
    path, locale = FOLDER / f"{language}.po", Locale.parse(language, sep="-")
    if not path.exists():
        heading = f"# {locale.english_name} translations for clipdesk.\n#\n# Glossary:"
        return Catalog(locale, project="clipdesk", header_comment=heading, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale)


def main() -> None:
    """Bring all files up to the code."""
    wanted = asyncio.run(template())
    for language in {*sys.argv[1:], *(path.stem for path in FOLDER.glob("*.po"))}:
        catalog = read(language)
        wanted.creation_date = catalog.creation_date  # a file changes only where its texts do
        catalog.update(wanted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with (FOLDER / f"{language}.po").open("wb") as file:
            write_po(file, catalog, width=100, include_lineno=False)


if __name__ == "__main__":
    main()
