"""Where a command is offered."""

from typing import TypeVar

import discord
from discord import app_commands

Made = TypeVar("Made")


def allow_everywhere(command: Made) -> Made:
    """Offer a command in servers, in direct messages, and wherever a person takes the app along.

    There, in servers and groups without the bot, only what an interaction carries is known.
    """
    app_commands.allowed_installs(guilds=True, users=True)(command)
    app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command)
    return command


def may_manage(interaction: discord.Interaction) -> bool:
    """Whether the asker may manage this server, as the interaction itself tells.

    Only where the server itself has the bot: one that a person has brought along manages nothing.
    """
    granted = interaction.permissions
    manages = granted.value > 0 and (granted.manage_guild or granted.administrator)
    return manages and interaction.is_guild_integration()


def for_managers(command: Made) -> Made:
    """Offer a command in servers that have the bot, to those who may manage them.

    A server can give it to others: whether they may use it is decided where it is run.
    """
    app_commands.allowed_installs(guilds=True, users=False)(command)
    app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(command)
    app_commands.default_permissions(manage_guild=True)(command)
    return command
