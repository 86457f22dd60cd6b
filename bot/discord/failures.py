"""Reports failed commands and buttons: one line, visible to the user alone."""

import logging
from contextlib import suppress
from functools import partial

import aiohttp
import discord
from discord import app_commands

from bot import phrases
from bot.discord.acknowledge import is_expired, respond
from bot.discord.layout.markdown import escape
from bot.discord.logs import LogOnce, error_location
from index import ClipdeskError

log = logging.getLogger(__name__)
_once = LogOnce(log)

_THINKING = discord.InteractionResponseType.deferred_channel_message
_OUTDATED = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)


async def refuse(interaction: discord.Interaction, text: str) -> None:
    """Make `text`, for the user alone, the first response to an interaction.

    Here as below, text is mark-up: the caller escapes the user's words.
    """
    await respond(interaction, partial(interaction.response.send_message, text, ephemeral=True))


async def report_privately(interaction: discord.Interaction, text: str) -> None:
    """Show `text` to the user alone, however the interaction was deferred.

    A public "is thinking" cannot become private: it is deleted, and the text follows it. A message
    with a button stays.
    """
    if not interaction.response.is_done():
        await refuse(interaction, text)
        return
    if interaction.response.type is _THINKING:
        with suppress(discord.NotFound):
            await interaction.delete_original_response()
    await interaction.followup.send(text, ephemeral=True)


async def report(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the user why a command or button failed; log unexpected errors."""
    if interaction.type is discord.InteractionType.autocomplete or is_expired(interaction, error):
        return
    with suppress(discord.DiscordException, aiohttp.ClientError, OSError):
        await report_privately(interaction, escape(_message(error)))


def _message(error: Exception) -> str:
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, ClipdeskError):
        return phrases.localize_error(cause)
    if isinstance(cause, _OUTDATED):
        return str(phrases.OUTDATED_COMMAND)
    if isinstance(cause, discord.RateLimited):  # of one route: others may still work
        _once.warn(type(cause), None, "Discord delays a request by %.0f s.", cause.retry_after)
        return str(phrases.BUSY)
    log.error("A command failed: %s", error_location(cause))
    return str(phrases.FAILURE)
