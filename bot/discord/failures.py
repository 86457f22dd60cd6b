"""What somebody is told whose command cannot be done: one line, which nobody else sees."""

import logging
from contextlib import suppress
from functools import partial

import aiohttp
import discord
from discord import app_commands

from bot import phrases
from bot.discord.acknowledge import is_over, respond
from bot.discord.layout.markdown import escape
from bot.discord.logs import LogOnce, place_of
from index import ClipdeskError

log = logging.getLogger(__name__)
_once = LogOnce(log)

_THINKING = discord.InteractionResponseType.deferred_channel_message
_OUTDATED = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)


async def refuse(interaction: discord.Interaction, line: str) -> None:
    """Answer an interaction that nothing was said to yet with `line`, for the asker alone.

    Here as below, a line is mark-up: what was asked must be escaped in it.
    """
    await respond(interaction, partial(interaction.response.send_message, line, ephemeral=True))


async def tell_alone(interaction: discord.Interaction, line: str) -> None:
    """Tell the asker alone, in `line`, that it went wrong, however it was deferred.

    What "is thinking" for all to see cannot be hidden any more: it is taken away, and the line
    follows it. A message with a button stays.
    """
    if not interaction.response.is_done():
        await refuse(interaction, line)
        return
    if interaction.response.type is _THINKING:
        with suppress(discord.NotFound):
            await interaction.delete_original_response()
    await interaction.followup.send(line, ephemeral=True)


async def report(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the asker what came in the way of a command or button, and the log, if it is a fault."""
    if interaction.type is discord.InteractionType.autocomplete or is_over(interaction, error):
        return
    with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
        await tell_alone(interaction, escape(_line(error)))


def _line(error: Exception) -> str:
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, ClipdeskError):
        return phrases.localize_error(cause)
    if isinstance(cause, _OUTDATED):
        return str(phrases.OUTDATED_COMMAND)
    if isinstance(cause, discord.RateLimited):  # of this one request: another may still go through
        _once.warn(type(cause), None, "Discord makes wait for %.0f s.", cause.retry_after)
        return str(phrases.BUSY)
    log.error("A command failed: %s", place_of(cause))
    return str(phrases.FAILURE)
