"""What is said to a question on Discord, wherever it was asked."""

import logging
from dataclasses import dataclass, field

import discord

from bot import phrases
from bot.markdown import escape
from bot.messages import answer_embeds
from bot.settings import Settings
from index import ClipdeskError, Desk

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """The content and the embeds of a message."""

    content: str
    embeds: list[discord.Embed] = field(default_factory=list)


class Replier:
    """Finds a reply to every question, and never raises: silence cannot be told from a crash."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings

    async def reply_to(self, question: str) -> Reply:
        """What is said to `question`; to nothing, how to ask."""
        if not question:
            return Reply(escape(phrases.GREETING))
        if not self._desk.corpus.articles:
            return Reply(escape(phrases.NOTHING_INDEXED))
        try:
            answer = await self._desk.ask(
                question, top=self._settings.passages, threshold=self._settings.threshold
            )
        except ClipdeskError as error:
            return Reply(escape(str(error)))
        except Exception:  # whatever it is, the asker must not be left without a word
            log.exception("A question could not be answered.")
            return Reply(escape(phrases.FAILURE))
        return Reply(escape(phrases.verdict(answer)), answer_embeds(answer))
