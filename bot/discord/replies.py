"""What is said to a question on Discord, wherever it was asked."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import discord

from bot import phrases
from bot.discord.admission.question_queue import QuestionQueue
from bot.discord.components.answer_state import FURTHER, AnswerState, answer_state_of, save_later
from bot.discord.components.view import answer_view
from bot.discord.conversation_memory import AskContext, ConversationMemory
from bot.discord.layout.markdown import escape
from bot.discord.layout.messages import answer_embeds
from bot.discord.layout.plain import plain_answer
from bot.discord.logs import place_of
from bot.latency import LatencyRecorder
from bot.settings import Settings
from index import Answer, ClipdeskError, Engine

log = logging.getLogger(__name__)

_TOGETHER_S = 0.05  # cards of so long are written together: many cost little more than one


@dataclass(frozen=True, slots=True)
class Reply:
    """The content and the embeds of a message, and the question that was searched for, if any.

    `failed` marks what only tells the asker why there is no answer; `answer` is what it shows, if
    it is one; `card` is what the buttons need.
    """

    content: str
    embeds: list[discord.Embed] = field(default_factory=list)
    question: str = ""
    failed: bool = False
    answer: Answer | None = None
    card: AnswerState | None = None

    @property
    def plain(self) -> str:
        """All of an answer as text, for places where the bot may not show embeds."""
        return plain_answer(self.answer) if self.answer else ""

    @property
    def view(self) -> discord.ui.View | None:
        """The buttons of the message; None for none."""
        return answer_view(self.card) if self.card else None


class Replier:
    """Finds a reply to every question, and never raises: silence cannot be told from a crash.

    `wait_for_quiet` is awaited before each search.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        wait_for_quiet: Callable[[], Awaitable[None]],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._wait_for_quiet = wait_for_quiet
        self._memory = ConversationMemory()
        self._line = QuestionQueue()
        self.took = LatencyRecorder()
        self._writing: asyncio.Task[None] | None = None

    def sent(self, turn: AskContext, reply: Reply, message_id: int) -> None:
        """Take note that `reply` is that message, so that the next question can go on from it."""
        if reply.question:
            self._memory.remember(turn, reply.question, message_id)

    def question_of(self, message_id: int) -> str:
        """What the answer in that message was searched for; empty where that is forgotten."""
        return self._memory.answered(message_id) or ""

    @property
    def busy(self) -> bool:
        """Whether so many wait for an answer that no more questions should be taken."""
        return self._line.full

    async def reply_to(self, question: str, turn: AskContext) -> Reply:
        """What is said to `question`; to nothing, how to ask."""
        if not question:
            return Reply(escape(phrases.greeting()))
        if not self._engine.size[0]:
            return Reply(escape(str(phrases.NOTHING_INDEXED)))
        started = time.perf_counter()
        try:
            async with self._line.turn():
                await self._wait_for_quiet()
                answer = await self._engine.ask(
                    question,
                    before=self._memory.before(turn),
                    top=self._settings.passages,
                    more=FURTHER,
                )
            card = await answer_state_of(
                self._engine.key_values, answer, turn.asker, private=turn.private
            )
        except ClipdeskError as error:
            return Reply(escape(phrases.localize_error(error)), failed=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, the asker must hear of it
            log.error("A question could not be answered: %s", place_of(error))  # noqa: TRY400
            return Reply(escape(str(phrases.FAILURE)), failed=True)
        self.took.note((time.perf_counter() - started) * 1000)
        if card:
            self._keep(card)
        searched = "" if answer.small_talk else answer.question
        return Reply(
            escape(phrases.verdict(answer)),
            answer_embeds(answer),
            searched,
            answer=answer,
            card=card,
        )

    async def finish(self) -> None:
        """Wait for all that is being kept."""
        if self._writing:
            await asyncio.wait([self._writing])

    def _keep(self, card: AnswerState) -> None:
        """Keep a card while the answer is on its way: that must not wait for a busy disk."""
        save_later(self._engine.key_values, card)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_cards())

    async def _write_cards(self) -> None:
        await asyncio.sleep(_TOGETHER_S)
        try:
            await self._engine.key_values.write()
        except ClipdeskError as error:
            log.warning("The buttons of an answer will end with this run: %s", error)
