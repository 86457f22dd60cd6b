"""What people can do on Discord: the commands, each in a file with those of its kind."""

import discord
from discord import app_commands

from bot.discord import failures
from bot.discord.commands import about, ask, coverage, find, management, paging
from bot.discord.commands.catalogue import Shelf
from bot.discord.door import Door
from bot.discord.replies import Replier
from index import Desk


def add_commands(
    tree: app_commands.CommandTree[discord.Client], desk: Desk, replier: Replier, door: Door
) -> None:
    """Give a tree its commands, and its client the buttons that turn their pages."""
    shelf = Shelf(desk)
    ask.add(tree, desk, shelf, replier)
    find.add(tree, desk, replier)
    coverage.add(tree, desk, shelf)
    about.add(tree, desk, replier)
    management.add(tree, desk, door)
    tree.client.add_dynamic_items(paging.button_for(coverage.books(desk, shelf), door))
    tree.error(failures.report)
