"""Who is let in with a question or a click, and what those who are not are told."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot import phrases
from bot.discord.admission.pending_replies import PendingReplies
from bot.discord.admission.rate_limits import LOOKS_A_QUESTION, Limits
from bot.discord.logs import LogOnce, place_of

log = logging.getLogger(__name__)

_BELOW_A_BUTTON = discord.InteractionResponseType.deferred_message_update

Say = Callable[[str], Awaitable[object]]

# The `extras` of a command that searches for nothing, such as /help: it is no question.
ASKS_NOTHING: Mapping[str, bool] = {"asks nothing": True}


class AdmissionControl:
    """Turns away what comes too often, and notes who is being answered."""

    def __init__(self, of_person: int, of_channel: int) -> None:
        """So many questions of a person and in a channel are taken in half a minute; 0 for any."""
        self.pending_replies = PendingReplies()
        self._questions = Limits(of_person, of_channel)
        of_person, of_channel = of_person * LOOKS_A_QUESTION, of_channel * LOOKS_A_QUESTION
        self._clicks = Limits(of_person, of_channel)
        self._looks = Limits(of_person, of_channel)
        self._once = LogOnce(log)

    async def admits_message(self, message: discord.Message, say: Say) -> bool:
        """Whether to answer a message. Who asks too often is told once, by `say`, then no more."""
        refusal = self._questions.turn_away(message.author.id, message.channel.id)
        if refusal is None:
            self.pending_replies.note(partial(say, str(phrases.STOPPING)))
            return True
        if not refusal.told:
            await say(phrases.too_many(refusal.wait_s))
        return False

    async def admits(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether to run a command, or to answer what a form asks; if not, all is said."""
        command = interaction.command
        if command and command.extras == ASKS_NOTHING:
            return await self._admits(interaction, self._looks, phrases.too_many_commands)
        return await self._admits(interaction, self._questions, phrases.too_many)

    async def admits_click(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether to do what a button says; as `admits`, with a limit that suits clicking."""
        return await self._admits(interaction, self._clicks, phrases.too_many_clicks)

    async def _admits(
        self, interaction: discord.Interaction[Any], limits: Limits, refused: Callable[[float], str]
    ) -> bool:
        if not interaction.user:  # nobody to answer, whatever it is
            return False
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        refusal = limits.turn_away(interaction.user.id, interaction.channel_id or 0)
        if refusal is not None:
            await self._refuse(interaction, refused(refusal.wait_s))
            return False
        self.pending_replies.note(partial(_tell, interaction, str(phrases.STOPPING)))
        return True

    async def _refuse(self, interaction: discord.Interaction[Any], line: str) -> None:
        try:
            await interaction.response.send_message(line, ephemeral=True)
        except (discord.DiscordException, aiohttp.ClientError, OSError, ValueError) as error:
            place = interaction.channel_id
            line = "A refusal in channel %s could not be sent: %s"
            self._once.warn(type(error), place, line, place, place_of(error))


async def _tell(interaction: discord.Interaction[Any], line: str) -> None:
    if not interaction.response.is_done():
        await interaction.response.send_message(line, ephemeral=True)
    elif interaction.response.type is _BELOW_A_BUTTON:  # what stands there is an answer, and stays
        await interaction.followup.send(line, ephemeral=True)
    else:
        await interaction.edit_original_response(content=line)


class Tree(app_commands.CommandTree[discord.Client]):
    """The commands, behind the door."""

    def __init__(self, client: discord.Client, admission: AdmissionControl) -> None:
        super().__init__(client)
        self._door = admission

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        """Whether the command may run."""
        return await self._door.admits(interaction)
