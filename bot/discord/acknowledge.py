"""Telling Discord that an answer to an interaction follows, and when there is none any more."""

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

_AGAIN_AFTER_S = 0.2
_TELL_LATE_S = 2.5

# What cannot be answered any more, and is nobody's fault: its channel, message or token is gone.
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

    Raises UnacknowledgedError where it could not be told in time. That it was told before (a
    response got lost on the way back) is as good.
    """
    defer = partial(interaction.response.defer, ephemeral=ephemeral, thinking=thinking)
    try:
        await respond(interaction, defer)
    except UnacknowledgedError as error:
        if isinstance(error.__cause__, TimeoutError):  # it was sent
            await _tell_late(interaction)
        raise


async def respond(
    interaction: discord.Interaction, send: Callable[[], Awaitable[Sent]]
) -> Sent | None:
    """Make the first response, with what `send` returns; None where there is one already.

    Sends it again where the connection broke, or the answer made no sense: then it may have
    arrived. Raises UnacknowledgedError.
    """
    try:
        while not interaction.response.is_done():
            with suppress(aiohttp.ClientError, OSError):
                return await send()
            await asyncio.sleep(_AGAIN_AFTER_S)
    except discord.HTTPException as error:
        if error.code != codes.ALREADY_ACKNOWLEDGED:
            raise UnacknowledgedError(f"{error.status}, code {error.code}") from error
    except discord.RateLimited as error:
        raise UnacknowledgedError("told to wait for too long") from error
    return None


async def _tell_late(interaction: discord.Interaction) -> None:
    """Where only the response to it was lost, "… is thinking" must not stand there forever."""
    try:
        async with asyncio.timeout(_TELL_LATE_S):
            await interaction.edit_original_response(content=str(phrases.TOO_LATE))
    except (discord.DiscordException, TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return


def is_over(interaction: discord.Interaction, error: BaseException) -> bool:
    """Whether `error` says that there is nothing left to answer; then it is logged, once."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, UnacknowledgedError):
        _warn(interaction, str(cause), str(cause))
        return True
    if isinstance(cause, discord.HTTPException) and cause.code in _GONE:
        _warn(interaction, cause.code, f"{cause.status}, code {cause.code}")
        return True
    return False


def _warn(interaction: discord.Interaction, fault: object, why: str) -> None:
    place = interaction.channel_id
    _once.warn(fault, place, "A command in channel %s can be answered no more: %s", place, why)
