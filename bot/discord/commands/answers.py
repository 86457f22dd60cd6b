"""The answer to a question that was asked by a command."""

import logging
from time import monotonic

import discord

from bot import phrases
from bot.discord.acknowledge import acknowledge
from bot.discord.api_limits import ANSWERED_WITHIN_S
from bot.discord.conversation_memory import AskContext
from bot.discord.failures import refuse, tell_alone
from bot.discord.layout.markdown import escape
from bot.discord.logs import LogOnce
from bot.discord.replies import Replier
from bot.discord.sending import edit_answer

log = logging.getLogger(__name__)
_once = LogOnce(log)


async def answer(
    interaction: discord.Interaction, replier: Replier, question: str, turn: AskContext
) -> None:
    """Acknowledge a question and answer it; or tell at once that too many wait for an answer.

    An answer that is found when Discord takes none any more, as after a sleep of the machine, is
    not sent.
    """
    if replier.busy:
        await refuse(interaction, escape(str(phrases.BUSY)))
        return
    await acknowledge(interaction, ephemeral=turn.private)
    deferred = monotonic()
    reply = await replier.reply_to(question, turn)
    if monotonic() - deferred >= ANSWERED_WITHIN_S:
        place = interaction.channel_id
        _once.warn("late", place, "An answer in channel %s was found too late to be sent.", place)
        return
    if reply.failed:
        await tell_alone(interaction, reply.content)
        return
    sent = await edit_answer(interaction, reply)
    replier.sent(turn, reply, sent.id)


def turn_of(
    interaction: discord.Interaction, *, private: bool, replied_to: int | None = None
) -> AskContext:
    """Who asks by a command, and where.

    What is asked in private is its own place, as the channel's id below zero: a question for all
    to see must not go on from it, and so tell of it.
    """
    channel = interaction.channel_id or 0
    return AskContext(interaction.user.id, -channel if private else channel, replied_to)
