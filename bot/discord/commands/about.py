"""`/status` and `/help`: the state of the bot, and how to ask questions."""

import datetime as dt

import aiohttp
import discord

from bot import phrases, votes
from bot.discord.acknowledge import acknowledge
from bot.discord.admission.control import NOT_A_QUESTION
from bot.discord.commands.context import CommandContext
from bot.discord.commands.scopes import allow_everywhere, may_manage
from bot.discord.connection.discordpy_internals import session_starts
from bot.discord.layout.markdown import bold, escape
from bot.languages import decimal
from bot.languages import gettext as _


def add(context: CommandContext) -> None:
    """Add the commands to the tree."""
    tree, engine, indexing = context.tree, context.engine, context.replier.indexing

    @tree.command(
        description="Show what is indexed, since when, and how fast answers are",
        extras={**NOT_A_QUESTION},
    )
    @allow_everywhere
    async def status(interaction: discord.Interaction) -> None:
        await acknowledge(interaction, ephemeral=True)
        facts = await engine.status()
        # No paths or addresses: those of the owner's machine are private.
        shown = [
            (_("Articles"), decimal(facts.articles)),
            (_("Paragraphs"), decimal(facts.paragraphs)),
            (_("Last change"), _moment(facts.indexed)),
            (_("Last checked"), _moment(facts.checked)),
            *([(_("Indexing"), indexing.progress)] if indexing.running else []),
            *([(_("Last reindex"), _("failed; the bot’s log says why"))] if facts.failure else []),
            (
                _("Response time"),
                phrases.response_times(context.replier.latency.quantiles()),
            ),
            (_("Gateway latency"), phrases.latency(tree.client.latency)),
            (_("Version"), f"clipdesk {facts.version}"),
        ]
        if may_manage(interaction):
            shown.append((_("Votes"), phrases.votes(await votes.tally(engine.key_values))))
            shown.append((_("Gateway sessions left today"), await _sessions_left(tree.client)))
        if not interaction.app_permissions.embed_links:
            lines = (f"{bold(name)}: {value}" for name, value in shown)
            await interaction.edit_original_response(content="\n".join(lines))
            return
        embed = discord.Embed(title="clipdesk")
        for name, value in shown:
            embed.add_field(name=name, value=value)
        await interaction.edit_original_response(embed=embed)

    @tree.command(description="How to ask questions", extras={**NOT_A_QUESTION})
    @allow_everywhere
    async def help(interaction: discord.Interaction) -> None:  # noqa: A001 - so it is called
        await acknowledge(interaction, ephemeral=True)
        await interaction.edit_original_response(content=escape(phrases.how_to_ask()))


async def _sessions_left(client: discord.Client) -> str:
    """Count the gateway sessions that can still begin; a token that uses them up is reset."""
    try:
        remaining, total = await session_starts(client)
    except (discord.DiscordException, aiohttp.ClientError, OSError):
        return _("not known")
    return f"{decimal(remaining)} / {decimal(total)}"


def _moment(iso: str) -> str:
    """Discord's mark-up for a time: in the reader's own time zone, and relative to now."""
    if not iso:
        return _("not yet")
    moment = dt.datetime.fromisoformat(iso)
    shown = discord.utils.format_dt
    return f"{shown(moment)} ({shown(moment, 'R')})"
