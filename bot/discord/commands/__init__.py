"""What people can do on Discord: the commands, each in a file with those of its kind."""

import discord
from discord import app_commands

from bot.discord import failures
from bot.discord.admission.control import AdmissionControl
from bot.discord.commands import about, ask, coverage, find, management, paging
from bot.discord.commands.catalogue import CatalogueCache
from bot.discord.replies import Replier
from index import Engine


def add_commands(
    tree: app_commands.CommandTree[discord.Client],
    engine: Engine,
    replier: Replier,
    admission: AdmissionControl,
) -> None:
    """Give a tree its commands, and its client the buttons that turn their pages."""
    shelf = CatalogueCache(engine)
    ask.add(tree, engine, shelf, replier)
    find.add(tree, engine, replier)
    coverage.add(tree, engine, shelf)
    about.add(tree, engine, replier)
    management.add(tree, engine, admission)
    tree.client.add_dynamic_items(paging.button_for(coverage.books(engine, shelf), admission))
    tree.error(failures.report)
