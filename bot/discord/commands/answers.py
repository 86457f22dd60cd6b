"""Answers a question that was asked by an interaction."""

import logging
from time import monotonic

import discord

from bot import phrases
from bot.discord.acknowledge import acknowledge
from bot.discord.api_limits import ANSWERED_WITHIN_S
from bot.discord.conversation_memory import AskContext
from bot.discord.failures import refuse, report_privately
from bot.discord.layout.markdown import escape
from bot.discord.logs import LogOnce
from bot.discord.replies import Replier
from bot.discord.sending import edit_answer

log = logging.getLogger(__name__)
_once = LogOnce(log)


async def answer(
    interaction: discord.Interaction, replier: Replier, question: str, context: AskContext
) -> None:
    """Acknowledge a question and answer it; refuse it at once while too many others wait.

    An answer found after the interaction has expired, as after the machine slept, is not sent.
    """
    if replier.busy:
        await refuse(interaction, escape(str(phrases.BUSY)))
        return
    await acknowledge(interaction, ephemeral=context.private)
    acknowledged = monotonic()
    reply = (await replier.reply_to(question, context)).below(question)
    if monotonic() - acknowledged >= ANSWERED_WITHIN_S:
        channel = interaction.channel_id
        message = "An answer in channel %s was found too late to be sent."
        _once.warn("late", channel, message, channel)
        return
    if reply.failed:
        await report_privately(interaction, reply.content)
        return
    sent = await edit_answer(interaction, reply)
    replier.remember(context, reply, sent.id)


def ask_context(
    interaction: discord.Interaction, *, private: bool, replied_to: int | None = None
) -> AskContext:
    """The asker of an interaction, and the place.

    Private questions have the negated channel id: a public follow-up must not refer to them, which
    would reveal them.
    """
    channel = interaction.channel_id or 0
    return AskContext(interaction.user.id, -channel if private else channel, replied_to)
