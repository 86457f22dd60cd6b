"""Command scopes: where a command is offered, and to whom."""

from typing import TypeVar

import discord
from discord import app_commands

Command = TypeVar("Command")


def allow_everywhere(command: Command) -> Command:
    """Offer a command in servers, in direct messages, and wherever a user has installed the app.

    In servers and groups without the bot, only the interaction itself is known.
    """
    app_commands.allowed_installs(guilds=True, users=True)(command)
    app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command)
    return command


def may_manage(interaction: discord.Interaction) -> bool:
    """True if the user may manage this server, according to the interaction.

    False unless the server itself has installed the app.
    """
    granted = interaction.permissions
    manages = granted.value > 0 and (granted.manage_guild or granted.administrator)
    return manages and interaction.is_guild_integration()


def for_managers(command: Command) -> Command:
    """Offer a command in servers that have installed the app, to those who may manage them.

    A server can offer it to others, so the command itself checks `may_manage`.
    """
    app_commands.allowed_installs(guilds=True, users=False)(command)
    app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(command)
    app_commands.default_permissions(manage_guild=True)(command)
    return command
