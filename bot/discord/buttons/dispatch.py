"""Where clicks and forms arrive: discord.py is told the ids that are ours, and nothing else."""

import logging
import re
from contextlib import suppress

import discord

from bot import phrases
from bot.discord.acknowledge import UnacknowledgedError, acknowledge, is_over
from bot.discord.buttons.actions import Actions
from bot.discord.buttons.form import filled_in
from bot.discord.buttons.view import TEMPLATE, Action
from bot.discord.commands.answers import answer, turn_of
from bot.discord.door import Door
from bot.discord.logs import place_of
from bot.discord.markdown import escape
from bot.discord.replies import Replier
from index import ClipdeskError, Desk

log = logging.getLogger(__name__)

_UPDATE = discord.InteractionResponseType.deferred_message_update


def add_answer_buttons(client: discord.Client, desk: Desk, replier: Replier, door: Door) -> None:
    """Make the buttons below answers, and the form that they open, work in a client."""
    actions = Actions(desk)

    class AnswerButton(
        discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=TEMPLATE
    ):
        """A button below an answer, as its id describes it."""

        def __init__(
            self, button: discord.ui.Button[discord.ui.View], match: re.Match[str]
        ) -> None:
            super().__init__(button)
            self._says = match

        @classmethod
        async def from_custom_id(
            cls,
            _interaction: discord.Interaction,
            item: discord.ui.Item[discord.ui.View],
            match: re.Match[str],
        ) -> "AnswerButton":
            """The button as discord.py found it in a message."""
            assert isinstance(item, discord.ui.Button)  # noqa: S101 - for the types
            return cls(item, match)

        async def callback(self, interaction: discord.Interaction) -> None:
            """Do what the button says."""
            says = self._says
            action, page = Action(says["action"]), int(says["page"])
            # What makes a message is counted as a question is.
            if action is Action.SHARE and not await door.admits(interaction):
                return
            try:
                await actions.run(interaction, action, says["card"], page)
            except Exception as error:  # noqa: BLE001 - whatever it is, the clicker must hear of it
                await _tell(interaction, error)

    async def on_interaction(interaction: discord.Interaction) -> None:
        asked = filled_in(interaction)
        if asked is None or not await door.admits(interaction):
            return
        message_id, question = asked
        message = interaction.message
        private = message is not None and message.flags.ephemeral
        try:
            await acknowledge(interaction, ephemeral=private)
            turn = turn_of(interaction, private=private, replied_to=message_id)
            await answer(interaction, replier, question, turn)
        except Exception as error:  # noqa: BLE001 - as above
            await _tell(interaction, error)

    client.add_dynamic_items(AnswerButton)
    client.event(on_interaction)


async def _tell(interaction: discord.Interaction, error: Exception) -> None:
    """Tell who clicked, and nobody else, what came in the way."""
    if isinstance(error, UnacknowledgedError) or is_over(interaction, error):
        return
    line = phrases.FAILURE
    if isinstance(error, ClipdeskError):
        line = str(error)
    else:
        log.error("A button failed: %s", place_of(error))
    with suppress(discord.HTTPException):
        if not interaction.response.is_done():
            await interaction.response.send_message(escape(line), ephemeral=True)
        elif interaction.response.type is _UPDATE:
            await interaction.followup.send(escape(line), ephemeral=True)
        else:
            await interaction.edit_original_response(content=escape(line))
