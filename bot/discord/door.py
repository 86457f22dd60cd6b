"""Who is let in with a question, and what those who are not are told."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot import phrases
from bot.discord.acknowledge import FIRST_RESPONSE_S
from bot.discord.age import Age
from bot.discord.in_flight import InFlight
from bot.discord.limits import Limits
from bot.discord.logs import LogOnce, place_of

log = logging.getLogger(__name__)

Say = Callable[[str], Awaitable[object]]


class Door:
    """Turns away what comes too often or too late, and notes who is being answered."""

    def __init__(self, limits: Limits) -> None:
        self.in_flight = InFlight()
        self._limits = limits
        self._age = Age()
        self._once = LogOnce(log)

    async def admits_message(self, message: discord.Message, say: Say) -> bool:
        """Whether to answer a message. Who asks too often is told once, by `say`, then no more."""
        self._age.of(message.id)
        refusal = self._limits.turn_away(message.author.id, message.channel.id)
        if refusal is None:
            self.in_flight.note(partial(say, str(phrases.STOPPING)))
            return True
        if not refusal.told:
            await say(phrases.too_many(refusal.wait_s))
        return False

    async def admits(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether to run a command, or what a button or form asks for; if not, all is said.

        An interaction that is too old to be acknowledged is dropped: nobody would see the answer.
        """
        age_s = self._age.of(interaction.id)
        if age_s > FIRST_RESPONSE_S:
            line = "An interaction in channel %s came too late to be answered."
            self._once.warn("late", interaction.channel_id, line, interaction.channel_id)
            return False
        if not interaction.user:  # nobody to answer, whatever it is
            return False
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        refusal = self._limits.turn_away(interaction.user.id, interaction.channel_id or 0)
        if refusal is not None:
            await self._refuse(interaction, phrases.too_many(refusal.wait_s))
            return False
        self.in_flight.note(partial(_tell, interaction, str(phrases.STOPPING)))
        return True

    async def _refuse(self, interaction: discord.Interaction[Any], line: str) -> None:
        try:
            await interaction.response.send_message(line, ephemeral=True)
        except (discord.DiscordException, aiohttp.ClientError, OSError, ValueError) as error:
            place = interaction.channel_id
            line = "A refusal in channel %s could not be sent: %s"
            self._once.warn(type(error), place, line, place, place_of(error))


async def _tell(interaction: discord.Interaction[Any], line: str) -> None:
    if interaction.response.is_done():
        await interaction.edit_original_response(content=line)
    else:
        await interaction.response.send_message(line, ephemeral=True)


class Tree(app_commands.CommandTree[discord.Client]):
    """The commands, behind the door."""

    def __init__(self, client: discord.Client, door: Door) -> None:
        super().__init__(client)
        self._door = door

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        """Whether the command may run."""
        return await self._door.admits(interaction)
