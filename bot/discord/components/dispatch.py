"""Routes clicks and submitted forms to their handlers.

Unknown buttons and forms, such as those of an older version, get a short explanation.
"""

import re
from dataclasses import replace

import discord

from bot import phrases
from bot.discord.admission.control import AdmissionControl
from bot.discord.commands import paging
from bot.discord.commands.answers import answer, ask_context
from bot.discord.commands.reindex_job import CANCEL
from bot.discord.components.actions import Actions
from bot.discord.components.form import submitted
from bot.discord.components.persistent_buttons import button_class, custom_id
from bot.discord.components.view import TEMPLATE, Action
from bot.discord.failures import report
from bot.discord.layout.markdown import escape
from bot.discord.replies import Replier
from index import Engine

_KNOWN_BUTTONS = re.compile(f"{TEMPLATE}|{paging.TEMPLATE}|{CANCEL}")
_COMMANDS = (discord.InteractionType.application_command, discord.InteractionType.autocomplete)


def add_answer_buttons(
    client: discord.Client, engine: Engine, replier: Replier, admission: AdmissionControl
) -> None:
    """Handle the buttons below answers, and the form that they open, in a client."""
    actions = Actions(engine, replier)

    async def on_click(interaction: discord.Interaction, match: re.Match[str]) -> None:
        action = Action(match["action"])
        # Sharing posts a message, so it counts as a question, too.
        if action is not Action.SHARE or await admission.admits(interaction):
            await actions.run(interaction, action, match["state"], int(match["page"]))

    async def follow_up(interaction: discord.Interaction, message_id: int, question: str) -> None:
        message = interaction.message
        private = message is not None and message.flags.ephemeral
        context = ask_context(interaction, private=private, replied_to=message_id)
        context = replace(context, follows_up=True)
        await answer(interaction, replier, question, context)

    async def on_interaction(interaction: discord.Interaction) -> None:
        form = submitted(interaction)
        try:
            if form is not None:
                if await admission.admits(interaction):
                    await follow_up(interaction, *form)
            elif (text := _explanation(interaction)) and await admission.admits_click(interaction):
                await interaction.response.send_message(escape(text), ephemeral=True)
        except Exception as error:  # noqa: BLE001 - the user must get a reply
            await report(interaction, error)

    client.add_dynamic_items(button_class(TEMPLATE, on_click, admission))
    client.event(on_interaction)


def _explanation(interaction: discord.Interaction) -> str:
    """The reply to an unknown button or form; empty for other interactions."""
    if interaction.type in _COMMANDS:
        return ""
    if interaction.type is not discord.InteractionType.component:
        return str(phrases.OUTDATED_COMMAND)
    return "" if _KNOWN_BUTTONS.fullmatch(custom_id(interaction)) else str(phrases.ANSWER_EXPIRED)
