"""The menu of a message: its text looked up in the coverage, for whoever clicked it."""

import discord
from discord import app_commands

from bot import phrases
from bot.discord.commands.answers import answer, turn_of
from bot.discord.commands.message_to_question import question_in
from bot.discord.commands.scopes import allow_everywhere
from bot.discord.failures import refuse
from bot.discord.replies import Replier
from index import Engine

NAME = "Find in the coverage"


def add(tree: app_commands.CommandTree[discord.Client], engine: Engine, replier: Replier) -> None:
    """Give a tree the entry of the menu."""

    @tree.context_menu(name=NAME)
    @allow_everywhere
    async def find(interaction: discord.Interaction, message: discord.Message) -> None:
        question = question_in(message, engine.source_names)
        if not question:
            await refuse(interaction, str(phrases.NOTHING_TO_FIND))
            return
        # It goes on from the answer that it is, if any, and not from what the asker asked last.
        turn = turn_of(interaction, private=True, replied_to=message.id)
        await answer(interaction, replier, question, turn)
