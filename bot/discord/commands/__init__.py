"""The commands. A new one is a module with an `add` function, and one line in `_MODULES`."""

import discord
from discord import app_commands

from bot.discord import failures
from bot.discord.admission.control import AdmissionControl
from bot.discord.commands import about, ask, coverage, find, management, paging
from bot.discord.commands.catalogue import CatalogueCache
from bot.discord.commands.context import CommandContext
from bot.discord.replies import Replier
from index import Engine

_MODULES = (
    ask,
    find,
    coverage,
    about,
    management,
)


def add_commands(
    tree: app_commands.CommandTree[discord.Client],
    engine: Engine,
    replier: Replier,
    admission: AdmissionControl,
) -> None:
    """Add all commands to a tree, and their buttons to its client."""
    context = CommandContext(tree, engine, replier, admission, CatalogueCache(engine))
    for module in _MODULES:
        module.add(context)
    tree.client.add_dynamic_items(paging.page_button(context.page_sources, admission))
    tree.error(failures.report)
