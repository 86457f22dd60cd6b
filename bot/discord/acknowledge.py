"""Sends first responses to interactions, and recognises interactions that have expired."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

import aiohttp
import discord
from discord import app_commands

from bot import phrases
from bot.discord import error_codes as codes
from bot.discord.connection.first_response import UnacknowledgedError
from bot.discord.logs import LogOnce

log = logging.getLogger(__name__)

_RETRY_AFTER_S = 0.2
_REPORT_LATE_S = 2.5

# The channel, message or token is gone: nothing can be sent, and nothing is wrong with the bot.
_GONE = {
    codes.UNKNOWN_CHANNEL,
    codes.UNKNOWN_MESSAGE,
    codes.UNKNOWN_WEBHOOK,
    codes.UNKNOWN_INTERACTION,
    codes.ALREADY_ACKNOWLEDGED,
    codes.INVALID_WEBHOOK_TOKEN,
}

_once = LogOnce(log)

Sent = TypeVar("Sent")


async def acknowledge(
    interaction: discord.Interaction, *, ephemeral: bool = False, thinking: bool = True
) -> None:
    """Tell Discord that an answer follows: the first thing that a command or button awaits.

    Raises UnacknowledgedError if that was not possible in time. An earlier acknowledgement, whose
    confirmation was lost, counts as success.
    """
    defer = partial(interaction.response.defer, ephemeral=ephemeral, thinking=thinking)
    try:
        await respond(interaction, defer)
    except UnacknowledgedError as error:
        if isinstance(error.__cause__, TimeoutError):  # it may have arrived
            await _report_late(interaction)
        raise


async def respond(
    interaction: discord.Interaction, send: Callable[[], Awaitable[Sent]]
) -> Sent | None:
    """Make the first response and return the result of `send`; None if there already is one.

    Retries after a network error or a malformed response, when it may have arrived. Raises
    UnacknowledgedError.
    """
    try:
        while not interaction.response.is_done():
            with suppress(aiohttp.ClientError, OSError):
                return await send()
            await asyncio.sleep(_RETRY_AFTER_S)
    except discord.HTTPException as error:
        if error.code != codes.ALREADY_ACKNOWLEDGED:
            raise UnacknowledgedError(f"{error.status}, code {error.code}") from error
    except discord.RateLimited as error:
        raise UnacknowledgedError("the rate limit is too long") from error
    return None


async def _report_late(interaction: discord.Interaction) -> None:
    """Replace a "… is thinking" whose confirmation was lost, so that it does not stay forever."""
    try:
        async with asyncio.timeout(_REPORT_LATE_S):
            await interaction.edit_original_response(content=str(phrases.TOO_LATE))
    except (discord.DiscordException, TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return


def is_expired(interaction: discord.Interaction, error: BaseException) -> bool:
    """True if `error` means that the interaction can no longer be answered; logs it once."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, UnacknowledgedError):
        fault: object = str(cause)
        reason = str(cause)
    elif isinstance(cause, discord.HTTPException) and cause.code in _GONE:
        fault, reason = cause.code, f"{cause.status}, code {cause.code}"
    else:
        return False
    channel = interaction.channel_id
    message = "A command in channel %s can no longer be answered: %s"
    _once.warn(fault, channel, message, channel, reason)
    return True
