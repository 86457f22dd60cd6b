"""Where clicks and forms arrive: discord.py is told the ids that are ours.

What comes from any other button or form, such as one of an older version, is answered in a line.
"""

import re

import discord

from bot import phrases
from bot.discord.admission.control import AdmissionControl
from bot.discord.commands import paging
from bot.discord.commands.answers import answer, turn_of
from bot.discord.commands.reindex_job import CANCEL
from bot.discord.components.actions import Actions
from bot.discord.components.form import filled_in
from bot.discord.components.persistent_buttons import buttons, custom_id
from bot.discord.components.view import TEMPLATE, Action
from bot.discord.failures import report
from bot.discord.layout.markdown import escape
from bot.discord.replies import Replier
from index import Engine

_OURS = re.compile(f"{TEMPLATE}|{paging.TEMPLATE}|{CANCEL}")
_COMMANDS = (discord.InteractionType.application_command, discord.InteractionType.autocomplete)


def add_answer_buttons(
    client: discord.Client, engine: Engine, replier: Replier, admission: AdmissionControl
) -> None:
    """Make the buttons below answers, and the form that they open, work in a client."""
    actions = Actions(engine, replier)

    async def click(interaction: discord.Interaction, says: re.Match[str]) -> None:
        action = Action(says["action"])
        # What makes a message is counted as a question, too.
        if action is not Action.SHARE or await admission.admits(interaction):
            await actions.run(interaction, action, says["card"], int(says["page"]))

    async def ask_on(interaction: discord.Interaction, message_id: int, question: str) -> None:
        message = interaction.message
        private = message is not None and message.flags.ephemeral
        turn = turn_of(interaction, private=private, replied_to=message_id)
        await answer(interaction, replier, question, turn)

    async def on_interaction(interaction: discord.Interaction) -> None:
        asked = filled_in(interaction)
        try:
            if asked is not None:
                if await admission.admits(interaction):
                    await ask_on(interaction, *asked)
            elif (line := _told_of_unknown(interaction)) and await admission.admits_click(
                interaction
            ):
                await interaction.response.send_message(escape(line), ephemeral=True)
        except Exception as error:  # noqa: BLE001 - whoever asked must hear of it
            await report(interaction, error)

    client.add_dynamic_items(buttons(TEMPLATE, click, admission))
    client.event(on_interaction)


def _told_of_unknown(interaction: discord.Interaction) -> str:
    """What is said to an interaction that nothing here answers; empty for the others."""
    if interaction.type in _COMMANDS:
        return ""
    if interaction.type is not discord.InteractionType.component:
        return str(phrases.OUTDATED_COMMAND)
    return "" if _OURS.fullmatch(custom_id(interaction)) else str(phrases.CARD_GONE)
