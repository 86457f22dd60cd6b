"""`/reindex`, which can be cancelled, and `/settings`: for those who may manage the server."""

import logging
import re

import discord
from discord import app_commands

from bot import phrases
from bot.discord import channel_modes
from bot.discord.acknowledge import acknowledge
from bot.discord.admission.control import AdmissionControl
from bot.discord.channel_modes import Mode
from bot.discord.commands.reindex_job import CANCEL, Reindex
from bot.discord.commands.scopes import for_managers, may_manage
from bot.discord.components.persistent_buttons import Buttons, buttons
from bot.discord.failures import refuse
from bot.discord.layout.markdown import escape
from bot.languages import gettext as _
from index import Engine

log = logging.getLogger(__name__)

_CHOICES = [
    app_commands.Choice(name=phrases.MODES[mode.value][0].english, value=mode.value)
    for mode in Mode
]


def add(
    tree: app_commands.CommandTree[discord.Client],
    engine: Engine,
    admission: AdmissionControl,
) -> None:
    """Give a tree the commands, and its client the button that cancels a reindex."""
    running: set[Reindex] = set()
    tree.client.add_dynamic_items(_cancels(running, admission))

    @tree.command(description="Read all sources again and index what has changed")
    @for_managers
    async def reindex(interaction: discord.Interaction) -> None:
        if not may_manage(interaction):
            await _turn_away(interaction, str(phrases.ONLY_MANAGERS_REINDEX))
            return
        await acknowledge(interaction)
        running.add(started := Reindex(interaction, engine))
        try:
            await started.run()
        finally:
            running.remove(started)

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
            await channel_modes.choose(engine, interaction.channel_id, mode)
        else:
            channel = interaction.channel
            parent = channel.parent_id if isinstance(channel, discord.Thread) else None
            mode = await channel_modes.chosen(engine, interaction.channel_id, parent)
        line = phrases.mode_chosen(mode.value, changed=bool(mentions))
        await interaction.edit_original_response(content=escape(line))


def _cancels(running: set[Reindex], admission: AdmissionControl) -> Buttons:
    """The kind of button that cancels the reindex that is running."""

    async def cancel(interaction: discord.Interaction, _says: re.Match[str]) -> None:
        if not may_manage(interaction):
            await _turn_away(interaction, str(phrases.ONLY_MANAGERS_REINDEX))
            return
        await acknowledge(interaction, thinking=False)
        for one in running:
            one.cancel()
        if not running:
            line = escape(_("This reindex is not running any more."))
            await interaction.edit_original_response(content=line, view=None)

    return buttons(CANCEL, cancel, admission)


async def _turn_away(interaction: discord.Interaction, line: str) -> None:
    log.warning("A command for managers was refused in channel %s.", interaction.channel_id)
    await refuse(interaction, line)
