"""`/ask`: a question, with filters as options that Discord helps to fill in."""

import asyncio
from collections.abc import Iterable
from itertools import islice

import discord
from discord import app_commands

from bot import phrases
from bot.discord.api_limits import MAX_CHOICE, MAX_CHOICES
from bot.discord.commands.answers import answer, ask_context
from bot.discord.commands.context import CommandContext
from bot.discord.commands.scopes import allow_everywhere
from bot.discord.failures import refuse
from bot.discord.layout.markdown import escape, plain
from index import MAX_QUESTION_CHARS, QuestionError, make_filter


def add(context: CommandContext) -> None:
    """Add the command to the tree."""

    async def complete_source(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        catalogue = await context.catalogue.catalogue()
        return name_choices(await asyncio.to_thread(catalogue.sources, typed))

    @context.tree.command(description="Ask the coverage; the answer is a quotation from an article")
    @app_commands.describe(
        question="What you want to know, in your own words",
        source="Only articles of this publisher or author",
        after="Only articles from this day on, such as 2020-11-30, 2020-11, yesterday or 3 weeks",
        before="Only articles up to this day, such as 2020-11-30, 2020-11, yesterday or 3 weeks",
        private="Show the answer only to you",
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
            names = context.engine.source_names
            options = make_filter(names, source=source, after=after, before=before)
        except QuestionError as error:
            await refuse(interaction, escape(phrases.localize_error(error)))
            return
        # The last filter counts, so the options override filters in the question.
        question = f"{question} {options.written}".strip()
        asked = ask_context(interaction, private=private)
        await answer(interaction, context.replier, question, asked)


def name_choices(
    names: Iterable[str], max_chars: int = MAX_CHOICE
) -> list[app_commands.Choice[str]]:
    """As many of the names as Discord shows; omits names longer than `max_chars`."""
    fitting = islice((name for name in names if len(name) <= max_chars), MAX_CHOICES)
    return [app_commands.Choice(name=plain(name), value=name) for name in fitting]
