"""The answer to a question that was asked by a command."""

import discord

from bot.discord.failures import tell_alone
from bot.discord.memory import Turn
from bot.discord.replies import Replier
from bot.discord.sending import edit_answer


async def answer(
    interaction: discord.Interaction, replier: Replier, question: str, turn: Turn
) -> None:
    """Answer `question` in the place of the interaction's deferred message."""
    reply = await replier.reply_to(question, turn)
    if reply.failed:
        await tell_alone(interaction, reply.content)
        return
    sent = await edit_answer(interaction, reply)
    replier.sent(turn, reply, sent.id)


def turn_of(
    interaction: discord.Interaction, *, private: bool, replied_to: int | None = None
) -> Turn:
    """Who asks by a command, and where.

    What is asked in private is its own place, as the channel's id below zero: a question for all
    to see must not go on from it, and so tell of it.
    """
    channel = interaction.channel_id or 0
    return Turn(interaction.user.id, -channel if private else channel, replied_to)
