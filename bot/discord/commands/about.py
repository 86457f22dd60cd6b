"""`/status` and `/help`: what the bot knows, how it is doing, and how to ask it."""

import datetime as dt

import aiohttp
import discord
from discord import app_commands

from bot import phrases, votes
from bot.discord.acknowledge import acknowledge
from bot.discord.admission.control import ASKS_NOTHING
from bot.discord.commands.scopes import allow_everywhere, may_manage
from bot.discord.layout.markdown import bold, escape
from bot.discord.replies import Replier
from bot.languages import decimal
from bot.languages import gettext as _
from index import Engine


def add(tree: app_commands.CommandTree[discord.Client], engine: Engine, replier: Replier) -> None:
    """Give a tree the commands."""

    @tree.command(
        description="Tell what is indexed, since when, and how fast answers are",
        extras={**ASKS_NOTHING},
    )
    @allow_everywhere
    async def status(interaction: discord.Interaction) -> None:
        await acknowledge(interaction, ephemeral=True)
        facts = await engine.status()
        # Not where it lies: paths and addresses of the owner's machine are nobody's business here.
        embed = discord.Embed(title="clipdesk")
        shown = [
            (_("Articles"), decimal(facts.articles)),
            (_("Paragraphs"), decimal(facts.paragraphs)),
            (_("Last change"), _moment(facts.indexed)),
            (_("Last checked"), _moment(facts.checked)),
            (_("Time an answer takes"), phrases.took(replier.took.quantiles())),
            (_("Gateway latency"), phrases.latency(tree.client.latency)),
            (_("Version"), f"clipdesk {facts.version}"),
        ]
        if may_manage(interaction):
            shown.append((_("Votes"), phrases.votes(await votes.tally(engine.key_values))))
            shown.append((_("New sessions left today"), await _sessions_left(tree.client)))
        for name, value in shown:
            embed.add_field(name=name, value=value)
        await interaction.edit_original_response(embed=embed)

    @tree.command(description="What to ask, and how", extras={**ASKS_NOTHING})
    @allow_everywhere
    async def help(interaction: discord.Interaction) -> None:  # noqa: A001 - so it is called
        await acknowledge(interaction, ephemeral=True)
        await interaction.edit_original_response(content=_help())


async def _sessions_left(client: discord.Client) -> str:
    """How many sessions the gateway would still begin; a token that uses them up is reset."""
    try:
        _shards, _url, limit = await client.http.get_bot_gateway()
    except (discord.DiscordException, aiohttp.ClientError, OSError):
        return _("not known")
    return f"{decimal(limit['remaining'])} / {decimal(limit['total'])}"


def _help() -> str:
    lines = (f"• {escape(str(line))}" for line in phrases.HOW_TO_ASK)
    return "\n".join([bold(str(phrases.HELP)), *lines])


def _moment(iso: str) -> str:
    """A time as Discord shows it in the reader's own time zone, with how long ago it is."""
    if not iso:
        return _("not yet")
    moment = dt.datetime.fromisoformat(iso)
    shown = discord.utils.format_dt
    return f"{shown(moment)} ({shown(moment, 'R')})"
