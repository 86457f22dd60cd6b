"""What is said to a question on Discord, wherever it was asked."""

import logging
from dataclasses import dataclass, field

import discord

from bot import phrases
from bot.markdown import escape
from bot.memory import Memory, Turn
from bot.messages import answer_embeds
from bot.settings import Settings
from index import ClipdeskError, Desk

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """The content and the embeds of a message, and the question that was searched for, if any."""

    content: str
    embeds: list[discord.Embed] = field(default_factory=list)
    question: str = ""


class Replier:
    """Finds a reply to every question, and never raises: silence cannot be told from a crash."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings
        self._memory = Memory()

    def sent(self, turn: Turn, reply: Reply, message_id: int) -> None:
        """Take note that `reply` is that message, so that the next question can go on from it."""
        if reply.question:
            self._memory.remember(turn, reply.question, message_id)

    async def reply_to(self, question: str, turn: Turn) -> Reply:
        """What is said to `question`; to nothing, how to ask."""
        if not question:
            return Reply(escape(phrases.GREETING))
        if not self._desk.corpus.articles:
            return Reply(escape(phrases.NOTHING_INDEXED))
        try:
            answer = await self._desk.ask(
                question,
                before=self._memory.before(turn),
                top=self._settings.passages,
            )
        except ClipdeskError as error:
            return Reply(escape(str(error)))
        except Exception:  # whatever it is, the asker must not be left without a word
            log.exception("A question could not be answered.")
            return Reply(escape(phrases.FAILURE))
        searched = "" if answer.small_talk else answer.question
        return Reply(escape(phrases.verdict(answer)), answer_embeds(answer), searched)
