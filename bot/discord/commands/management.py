"""`/reindex`, which can be cancelled, and `/settings`: for those who may manage the server."""

import logging
import re

import discord
from discord import app_commands

from bot import phrases
from bot.discord.acknowledge import acknowledge
from bot.discord.admission.control import AdmissionControl
from bot.discord.channel_modes import Mode, get_mode, set_mode
from bot.discord.commands.context import CommandContext
from bot.discord.commands.reindex_job import CANCEL, ReindexJob
from bot.discord.commands.scopes import for_managers, may_manage
from bot.discord.components.persistent_buttons import ButtonClass, button_class
from bot.discord.failures import refuse
from bot.discord.indexing import Indexing
from bot.discord.layout.markdown import escape
from bot.languages import gettext as _

log = logging.getLogger(__name__)

_CHOICES = [
    app_commands.Choice(name=phrases.MODES[mode.value][0].english, value=mode.value)
    for mode in Mode
]


def add(context: CommandContext) -> None:
    """Add the commands to the tree, and the cancel button to its client."""
    tree, engine, indexing = context.tree, context.engine, context.replier.indexing
    tree.client.add_dynamic_items(_cancel_button(indexing, context.admission))

    @tree.command(description="Read all sources again and index what has changed")
    @for_managers
    async def reindex(interaction: discord.Interaction) -> None:
        if not may_manage(interaction):
            await _refuse(interaction, str(phrases.ONLY_MANAGERS_REINDEX))
            return
        await acknowledge(interaction)
        await ReindexJob(interaction, indexing, engine.sources).run()

    @tree.command(description="See or set how questions are answered in this channel")
    @app_commands.describe(mentions="What to do when the bot is mentioned here")
    @app_commands.choices(mentions=_CHOICES)
    @for_managers
    async def settings(interaction: discord.Interaction, mentions: str = "") -> None:
        if not may_manage(interaction) or interaction.channel_id is None:
            await _refuse(interaction, str(phrases.ONLY_MANAGERS_SET))
            return
        await acknowledge(interaction, ephemeral=True)
        if mentions:
            mode = Mode(mentions)
            await set_mode(engine, interaction.channel_id, mode)
        else:
            channel = interaction.channel
            parent = channel.parent_id if isinstance(channel, discord.Thread) else None
            mode = await get_mode(engine, interaction.channel_id, parent)
        text = phrases.mode_chosen(mode.value, changed=bool(mentions))
        await interaction.edit_original_response(content=escape(text))


def _cancel_button(indexing: Indexing, admission: AdmissionControl) -> ButtonClass:
    """The class of buttons that cancel the running reindex."""

    async def cancel(interaction: discord.Interaction, _match: re.Match[str]) -> None:
        if not may_manage(interaction):
            await _refuse(interaction, str(phrases.ONLY_MANAGERS_REINDEX))
            return
        await acknowledge(interaction, thinking=False)
        if indexing.running:
            indexing.cancel()
        else:
            text = escape(_("This reindex is no longer running."))
            await interaction.edit_original_response(content=text, view=None)

    return button_class(CANCEL, cancel, admission)


async def _refuse(interaction: discord.Interaction, text: str) -> None:
    log.warning("A command for managers was refused in channel %s.", interaction.channel_id)
    await refuse(interaction, text)
