"""The dependencies that all command modules get."""

from dataclasses import dataclass, field

import discord
from discord import app_commands

from bot.discord.admission.control import AdmissionControl
from bot.discord.commands.catalogue import CatalogueCache
from bot.discord.commands.paging import PageSource
from bot.discord.replies import Replier
from index import Engine


@dataclass(frozen=True)
class CommandContext:
    """The arguments of a command module's `add`.

    A command whose list can be paged adds its page source under a name of its own.
    """

    tree: app_commands.CommandTree[discord.Client]
    engine: Engine
    replier: Replier
    admission: AdmissionControl
    catalogue: CatalogueCache
    page_sources: dict[str, PageSource] = field(default_factory=dict)
