"""`/ask`: a question, and what it is kept to, as options that Discord helps to fill in."""

import asyncio
from collections.abc import Iterable
from itertools import islice

import discord
from discord import app_commands

from bot import phrases
from bot.discord.api_limits import MAX_CHOICE, MAX_CHOICES
from bot.discord.commands.answers import answer, turn_of
from bot.discord.commands.catalogue import CatalogueCache
from bot.discord.commands.scopes import allow_everywhere
from bot.discord.failures import refuse
from bot.discord.layout.markdown import escape
from bot.discord.replies import Replier
from index import MAX_QUESTION_CHARS, Engine, QuestionError, make_filter


def add(
    tree: app_commands.CommandTree[discord.Client],
    engine: Engine,
    shelf: CatalogueCache,
    replier: Replier,
) -> None:
    """Give a tree the command."""

    async def complete_source(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        catalogue = await shelf.catalogue()
        return name_choices(await asyncio.to_thread(catalogue.sources, typed))

    @tree.command(description="Ask the coverage; the answer is a quotation from an article")
    @app_commands.describe(
        question="What you want to know, in your own words",
        source="Only articles of this publisher or author",
        after="Only articles from this day, month or year on, such as 2020-11-30 or 2020-11",
        before="Only articles up to this day, month or year, such as 2020-11-30 or 2020-11",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(source=complete_source)
    @allow_everywhere
    async def ask(  # noqa: PLR0913, PLR0917 - these are the options that people see
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION_CHARS],
        source: str = "",
        after: str = "",
        before: str = "",
        private: bool = False,  # noqa: FBT001, FBT002 - discord.py passes it by name
    ) -> None:
        try:
            wanted = make_filter(engine.source_names, source=source, after=after, before=before)
        except QuestionError as error:
            await refuse(interaction, escape(phrases.localize_error(error)))
            return
        # Behind the question, so that it wins over what is written in it.
        asked = f"{question} {wanted.written}".strip()
        await answer(interaction, replier, asked, turn_of(interaction, private=private))


def name_choices(
    names: Iterable[str], max_chars: int = MAX_CHOICE
) -> list[app_commands.Choice[str]]:
    """As many of the names as Discord shows; one that is too long for it cannot be chosen."""
    fitting = islice((name for name in names if len(name) <= max_chars), MAX_CHOICES)
    return [app_commands.Choice(name=name, value=name) for name in fitting]
