"""The message menu "Find in the coverage": searches for the text of a message."""

import discord

from bot import phrases
from bot.discord.commands.answers import answer, ask_context
from bot.discord.commands.context import CommandContext
from bot.discord.commands.message_to_question import question_in
from bot.discord.commands.scopes import allow_everywhere
from bot.discord.failures import refuse

NAME = "Find in the coverage"


def add(context: CommandContext) -> None:
    """Add the menu entry to the tree."""

    @context.tree.context_menu(name=NAME)
    @allow_everywhere
    async def find(interaction: discord.Interaction, message: discord.Message) -> None:
        question = question_in(message, context.engine.source_names)
        if not question:
            await refuse(interaction, str(phrases.NOTHING_TO_FIND))
            return
        # A follow-up to the message if that is an answer, never to the user's last question.
        asked = ask_context(interaction, private=True, replied_to=message.id)
        await answer(interaction, context.replier, question, asked)
