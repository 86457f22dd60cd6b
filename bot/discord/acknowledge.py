"""The first response to an interaction, which Discord waits three seconds for."""

import asyncio
import logging

import aiohttp
import discord
from discord import app_commands

from bot import phrases
from bot.discord import codes_of_discord as codes
from bot.discord.limits_of_discord import FIRST_RESPONSE_WITHIN_S
from bot.discord.logs import LogOnce, place_of

log = logging.getLogger(__name__)

# Discord waits from when it sent the interaction on; some of the time goes by on the way.
FIRST_RESPONSE_S = FIRST_RESPONSE_WITHIN_S - 0.5
_AGAIN_AFTER_S = 0.2

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


class UnacknowledgedError(app_commands.AppCommandError):
    """An interaction could not be acknowledged in time: whatever is computed for it is lost."""


async def acknowledge(
    interaction: discord.Interaction, *, ephemeral: bool = False, thinking: bool = True
) -> None:
    """Tell Discord that an answer follows: the first thing any command or button awaits.

    Raises UnacknowledgedError, already logged, where it could not be told in time. That it was
    told before (a response got lost on the way back) is as good.
    """
    try:
        async with asyncio.timeout(FIRST_RESPONSE_S):
            await _insist(interaction, ephemeral=ephemeral, thinking=thinking)
    except discord.InteractionResponded:
        return
    except discord.HTTPException as error:
        if error.code == codes.ALREADY_ACKNOWLEDGED:
            return
        _warn(interaction, error.code or error.status, f"{error.status}, code {error.code}")
        raise UnacknowledgedError from error
    except discord.RateLimited as error:
        _warn(interaction, type(error), f"told to wait for {error.retry_after:.0f} s")
        raise UnacknowledgedError from error
    except TimeoutError as error:
        _warn(interaction, type(error), place_of(error))
        await _tell_late(interaction)
        raise UnacknowledgedError from error


async def _insist(interaction: discord.Interaction, *, ephemeral: bool, thinking: bool) -> None:
    """Tell Discord, again where the connection broke, or the answer made no sense."""
    while not interaction.response.is_done():
        try:
            await interaction.response.defer(ephemeral=ephemeral, thinking=thinking)
        except (aiohttp.ClientError, OSError):
            await asyncio.sleep(_AGAIN_AFTER_S)
        else:
            return  # discord.py does nothing where it doesn't know the kind of interaction


async def _tell_late(interaction: discord.Interaction) -> None:
    """Where only the response to it was lost, "… is thinking" must not stand there forever."""
    try:
        async with asyncio.timeout(FIRST_RESPONSE_S):
            await interaction.edit_original_response(content=str(phrases.TOO_LATE))
    except (discord.DiscordException, TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return


def is_over(interaction: discord.Interaction, error: BaseException) -> bool:
    """Whether `error` says that there is nothing left to answer; then it is logged, once."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, UnacknowledgedError):
        return True
    if isinstance(cause, discord.HTTPException) and cause.code in _GONE:
        _warn(interaction, cause.code, f"{cause.status}, code {cause.code}")
        return True
    return False


def _warn(interaction: discord.Interaction, fault: object, why: str) -> None:
    place = interaction.channel_id
    _once.warn(fault, place, "A command in channel %s can be answered no more: %s", place, why)
