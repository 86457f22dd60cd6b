"""`/sources` and `/article`: browse the coverage without a question."""

import asyncio
from collections.abc import Mapping

import discord
from discord import app_commands

from bot import phrases
from bot.discord.acknowledge import acknowledge
from bot.discord.admission.control import NOT_A_QUESTION
from bot.discord.api_limits import MAX_CHOICE, MAX_CHOICES
from bot.discord.commands.articles import (
    article_pages,
    choice_label,
    list_page,
    plain_article_pages,
)
from bot.discord.commands.ask import name_choices
from bot.discord.commands.catalogue import article_key
from bot.discord.commands.context import CommandContext
from bot.discord.commands.paging import MAX_SUBJECT, Page, PageSource, show_page
from bot.discord.commands.scopes import allow_everywhere
from bot.discord.replies import why_nothing_is_indexed
from index import CoverageError

_SOURCES = "sources"
_ARTICLE = "article"


def add(context: CommandContext) -> None:
    """Add the commands to the tree, and their page sources to the context."""
    tree, catalogues = context.tree, context.catalogue

    page_sources = _page_sources(context)
    context.page_sources.update(page_sources)

    async def complete_publisher(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        catalogue = await catalogues.catalogue()
        return name_choices(await asyncio.to_thread(catalogue.publishers, typed), MAX_SUBJECT)

    async def complete_article(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        found = (await catalogues.catalogue()).headlines(typed, MAX_CHOICES)
        return [
            app_commands.Choice(name=choice_label(one, MAX_CHOICE), value=article_key(one))
            for one in found
        ]

    @tree.command(
        description="List the articles that answers come from, newest first",
        extras={**NOT_A_QUESTION},
    )
    @app_commands.describe(publisher="Only articles from publishers with this in their name")
    @app_commands.autocomplete(publisher=complete_publisher)
    @allow_everywhere
    async def sources(
        interaction: discord.Interaction,
        publisher: app_commands.Range[str, 1, MAX_SUBJECT] = "",
    ) -> None:
        await acknowledge(interaction, ephemeral=True)
        await show_page(interaction, _SOURCES, page_sources[_SOURCES], publisher)

    @tree.command(description="Read an article of the coverage, paragraph by paragraph")
    @app_commands.rename(chosen="headline")
    @app_commands.describe(chosen="Words from its headline; choose it from the list")
    @app_commands.autocomplete(chosen=complete_article)
    @allow_everywhere
    async def article(interaction: discord.Interaction, chosen: str) -> None:
        await acknowledge(interaction, ephemeral=True)
        found = await catalogues.find(chosen)
        if found is None:
            raise CoverageError(phrases.no_such_article(chosen))
        await show_page(interaction, _ARTICLE, page_sources[_ARTICLE], article_key(found[0]))


def _page_sources(context: CommandContext) -> Mapping[str, PageSource]:
    """The page sources of the commands, by name."""
    engine, catalogues = context.engine, context.catalogue

    async def articles_page(publisher: str, number: int, _embeds: object) -> Page:
        if not engine.size[0]:
            raise CoverageError(await why_nothing_is_indexed(engine, context.replier.indexing))
        found = (await catalogues.catalogue()).of_publisher(publisher)
        if not found:
            raise CoverageError(phrases.no_such_publisher(publisher))
        return list_page(found, publisher, number)

    async def article_page(chosen: str, number: int, embeds: object) -> Page:
        found = await catalogues.find(chosen)
        if found is None:
            raise CoverageError(str(phrases.ARTICLE_GONE))
        if not embeds:
            texts = plain_article_pages(*found)
            number = min(max(number, 1), len(texts))
            return Page(number, len(texts), content=texts[number - 1])
        pages = article_pages(*found)
        number = min(max(number, 1), len(pages))
        return Page(number, len(pages), embed=pages[number - 1])

    return {_SOURCES: articles_page, _ARTICLE: article_page}
