"""Where clicks and forms arrive: discord.py is told the ids that are ours, and nothing else."""

import re

import discord

from bot.discord.acknowledge import acknowledge
from bot.discord.buttons.actions import Actions
from bot.discord.buttons.form import filled_in
from bot.discord.buttons.view import TEMPLATE, Action
from bot.discord.clicks import buttons
from bot.discord.commands.answers import answer, turn_of
from bot.discord.door import Door
from bot.discord.failures import report
from bot.discord.replies import Replier
from index import Desk


def add_answer_buttons(client: discord.Client, desk: Desk, replier: Replier, door: Door) -> None:
    """Make the buttons below answers, and the form that they open, work in a client."""
    actions = Actions(desk, replier)

    async def click(interaction: discord.Interaction, says: re.Match[str]) -> None:
        action = Action(says["action"])
        # What makes a message is counted as a question, too.
        if action is not Action.SHARE or await door.admits(interaction):
            await actions.run(interaction, action, says["card"], int(says["page"]))

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
        except Exception as error:  # noqa: BLE001 - whoever asked must hear of it
            await report(interaction, error)

    client.add_dynamic_items(buttons(TEMPLATE, click, door))
    client.event(on_interaction)
