"""Decides which questions, commands and clicks are handled, and answers those that are not."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot import phrases
from bot.discord.admission.pending_replies import PendingReplies
from bot.discord.admission.rate_limits import CHEAP_REQUEST_FACTOR, RateLimits
from bot.discord.logs import LogOnce, error_location

log = logging.getLogger(__name__)

_MESSAGE_UPDATE = discord.InteractionResponseType.deferred_message_update

Notify = Callable[[str], Awaitable[object]]

# The `extras` of a command that does not search, such as /help: it counts as cheap.
NOT_A_QUESTION: Mapping[str, bool] = {"not a question": True}


class AdmissionControl:
    """Applies the rate limits, and tracks the replies to what is admitted."""

    def __init__(self, user_limit: int, channel_limit: int) -> None:
        """Set the questions of a user, and in a channel, in half a minute; 0 for no limit."""
        self.pending_replies = PendingReplies()
        self._questions = RateLimits(user_limit, channel_limit)
        cheap = user_limit * CHEAP_REQUEST_FACTOR, channel_limit * CHEAP_REQUEST_FACTOR
        self._clicks = RateLimits(*cheap)
        self._cheap_commands = RateLimits(*cheap)
        self._once = LogOnce(log)

    async def admits_message(self, message: discord.Message, notify: Notify) -> bool:
        """Decide whether to answer a message; notify only of the first refusal in a row."""
        refusal = self._questions.check(message.author.id, message.channel.id)
        if refusal is None:
            self.pending_replies.track(partial(notify, str(phrases.STOPPING)))
            return True
        if not refusal.repeated:
            await notify(phrases.too_many(refusal.wait_s))
        return False

    async def admits(self, interaction: discord.Interaction[Any]) -> bool:
        """Decide whether to run a command or handle a form; notify the user if not."""
        command = interaction.command
        if command and command.extras == NOT_A_QUESTION:
            return await self._admits(interaction, self._cheap_commands, phrases.too_many_commands)
        return await self._admits(interaction, self._questions, phrases.too_many)

    async def admits_click(self, interaction: discord.Interaction[Any]) -> bool:
        """Decide whether to handle a button; as `admits`, with a higher limit."""
        return await self._admits(interaction, self._clicks, phrases.too_many_clicks)

    async def _admits(
        self,
        interaction: discord.Interaction[Any],
        limits: RateLimits,
        refusal_text: Callable[[float], str],
    ) -> bool:
        if not interaction.user:  # malformed: there is nobody to answer
            return False
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        refusal = limits.check(interaction.user.id, interaction.channel_id or 0)
        if refusal is not None:
            await self._refuse(interaction, refusal_text(refusal.wait_s))
            return False
        self.pending_replies.track(partial(_show, interaction, str(phrases.STOPPING)))
        return True

    async def _refuse(self, interaction: discord.Interaction[Any], text: str) -> None:
        try:
            await interaction.response.send_message(text, ephemeral=True)
        except (discord.DiscordException, aiohttp.ClientError, OSError, ValueError) as error:
            channel = interaction.channel_id
            message = "A refusal in channel %s could not be sent: %s"
            self._once.warn(type(error), channel, message, channel, error_location(error))


async def _show(interaction: discord.Interaction[Any], text: str) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(text, ephemeral=True)
    elif interaction.response.type is _MESSAGE_UPDATE:  # the message with the button is an answer
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.edit_original_response(content=text)


class AdmittingCommandTree(app_commands.CommandTree[discord.Client]):
    """A command tree that only runs admitted commands."""

    def __init__(self, client: discord.Client, admission: AdmissionControl) -> None:
        super().__init__(client)
        self._admission = admission

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        """True if the command may run."""
        return await self._admission.admits(interaction)
