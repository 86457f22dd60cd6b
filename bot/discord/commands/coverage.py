"""`/sources` and `/article`: looking through the coverage without asking it anything."""

import asyncio
from collections.abc import Mapping

import discord
from discord import app_commands

from bot import phrases
from bot.discord.acknowledge import acknowledge
from bot.discord.admission.control import ASKS_NOTHING
from bot.discord.api_limits import MAX_CHOICE, MAX_CHOICES
from bot.discord.commands.articles import article_pages, choice_label, list_page
from bot.discord.commands.ask import name_choices
from bot.discord.commands.catalogue import CatalogueCache, key
from bot.discord.commands.paging import MAX_ABOUT, Page, PageSource, show
from bot.discord.commands.scopes import allow_everywhere
from index import CoverageError, Engine

_SOURCES = "sources"
_ARTICLE = "article"


def add(
    tree: app_commands.CommandTree[discord.Client], engine: Engine, shelf: CatalogueCache
) -> None:
    """Give a tree the commands."""
    of = books(engine, shelf)

    async def complete_publisher(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        catalogue = await shelf.catalogue()
        return name_choices(await asyncio.to_thread(catalogue.publishers, typed), MAX_ABOUT)

    async def complete_article(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        found = (await shelf.catalogue()).headlines(typed, MAX_CHOICES)
        return [
            app_commands.Choice(name=choice_label(one, MAX_CHOICE), value=key(one)) for one in found
        ]

    @tree.command(
        description="List the articles that answers come from, newest first",
        extras={**ASKS_NOTHING},
    )
    @app_commands.describe(publisher="Only those of publishers with this in their name")
    @app_commands.autocomplete(publisher=complete_publisher)
    @allow_everywhere
    async def sources(
        interaction: discord.Interaction,
        publisher: app_commands.Range[str, 1, MAX_ABOUT] = "",
    ) -> None:
        await acknowledge(interaction, ephemeral=True)
        await show(interaction, _SOURCES, of[_SOURCES], publisher)

    @tree.command(description="Read an article of the coverage, paragraph by paragraph")
    @app_commands.rename(chosen="headline")
    @app_commands.describe(chosen="Words of its headline; choose it from the list")
    @app_commands.autocomplete(chosen=complete_article)
    @allow_everywhere
    async def article(interaction: discord.Interaction, chosen: str) -> None:
        await acknowledge(interaction, ephemeral=True)
        found = await shelf.find(chosen)
        if found is None:
            raise CoverageError(phrases.no_such_article(chosen))
        await show(interaction, _ARTICLE, of[_ARTICLE], key(found[0]))


def books(engine: Engine, shelf: CatalogueCache) -> Mapping[str, PageSource]:
    """What there is to turn pages of, by name."""

    async def open_list(publisher: str, number: int) -> Page:
        if not engine.size[0]:
            raise CoverageError(str(phrases.NOTHING_INDEXED))
        found = (await shelf.catalogue()).of_publisher(publisher)
        if not found:
            raise CoverageError(phrases.no_such_publisher(publisher))
        return list_page(found, publisher, number)

    async def open_article(chosen: str, number: int) -> Page:
        found = await shelf.find(chosen)
        if found is None:
            raise CoverageError(str(phrases.ARTICLE_GONE))
        pages = article_pages(*found)
        number = min(max(number, 1), len(pages))
        return Page(number, len(pages), embed=pages[number - 1])

    return {_SOURCES: open_list, _ARTICLE: open_article}
