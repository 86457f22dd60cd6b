"""`/reindex` and `/settings`: for those who may manage the server."""

import logging

import discord
from discord import app_commands

from bot import phrases
from bot.discord import channel_modes
from bot.discord.acknowledge import acknowledge
from bot.discord.channel_modes import Mode
from bot.discord.commands.places import for_managers, may_manage
from bot.discord.commands.reindexing import Reindex
from bot.discord.failures import refuse
from bot.discord.markdown import escape
from index import Desk

log = logging.getLogger(__name__)

_CHOICES = [
    app_commands.Choice(name=phrases.MODES[mode.value][0].english, value=mode.value)
    for mode in Mode
]


def add(tree: app_commands.CommandTree[discord.Client], desk: Desk) -> None:
    """Give a tree the commands."""

    @tree.command(description="Read all sources again and index what has changed")
    @for_managers
    async def reindex(interaction: discord.Interaction) -> None:
        if not may_manage(interaction):
            await _turn_away(interaction, str(phrases.ONLY_MANAGERS_REINDEX))
            return
        await acknowledge(interaction)
        await Reindex(interaction, desk).run()

    @tree.command(description="See or set how questions are answered in this channel")
    @app_commands.describe(mentions="What to do when the bot is mentioned here")
    @app_commands.choices(mentions=_CHOICES)
    @for_managers
    async def settings(interaction: discord.Interaction, mentions: str = "") -> None:
        if not may_manage(interaction) or interaction.channel_id is None:
            await _turn_away(interaction, str(phrases.ONLY_MANAGERS_SET))
            return
        await acknowledge(interaction, ephemeral=True)
        if mentions:
            mode = Mode(mentions)
            await channel_modes.choose(desk, interaction.channel_id, mode)
        else:
            channel = interaction.channel
            parent = channel.parent_id if isinstance(channel, discord.Thread) else None
            mode = await channel_modes.chosen(desk, interaction.channel_id, parent)
        line = phrases.mode_chosen(mode.value, changed=bool(mentions))
        await interaction.edit_original_response(content=escape(line))


async def _turn_away(interaction: discord.Interaction, line: str) -> None:
    log.warning("A command for managers was refused in channel %s.", interaction.channel_id)
    await refuse(interaction, line)
