"""Computes the reply to a question, wherever on Discord it was asked."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import discord

from bot import phrases
from bot.discord.admission.question_queue import QuestionQueue
from bot.discord.components.answer_state import FURTHER, AnswerState, answer_state_of, save_later
from bot.discord.components.view import answer_view
from bot.discord.conversation_memory import AskContext, ConversationMemory
from bot.discord.indexing import Indexing
from bot.discord.layout.fitting import fit_content
from bot.discord.layout.markdown import escape, without_mentions
from bot.discord.layout.messages import answer_embeds
from bot.discord.layout.plain import plain_passages
from bot.discord.logs import error_location
from bot.latency import LatencyRecorder
from bot.settings import Settings
from index import Answer, ClipdeskError, Engine

log = logging.getLogger(__name__)

_BATCH_S = 0.05  # answer states are written in batches: many cost little more than one


@dataclass(frozen=True, slots=True)
class Reply:
    """The content and embeds of a message.

    `question` is the question as it was searched for, empty if there was no search. `failed` marks
    an error message. `answer` is the answer shown, if any, and `state` is what its buttons need.
    """

    content: str
    embeds: list[discord.Embed] = field(default_factory=list)
    question: str = ""
    failed: bool = False
    answer: Answer | None = None
    state: AnswerState | None = None

    @property
    def plain(self) -> str:
        """The answer as text, for channels in which the bot may not show embeds; may be empty."""
        if self.answer is None:
            return ""
        return plain_passages(self.content, self.answer.shown, marked=self.answer.answered)

    def below(self, question: str) -> "Reply":
        """The reply with the question above it, for messages that would not show it."""
        if not self.question:  # nothing was searched for
            return self
        above = escape(phrases.asked(without_mentions(question)))
        return replace(self, content=fit_content(f"{above}\n{self.content}".rstrip()))

    @property
    def view(self) -> discord.ui.View | None:
        """The buttons of the message; None for none."""
        return answer_view(self.state) if self.state else None


async def why_nothing_is_indexed(engine: Engine, indexing: Indexing) -> str:
    """Say that nothing is indexed yet, and whether to wait for it. Raises StoreError."""
    if indexing.running:
        return phrases.first_index(indexing.progress)
    failed = (await engine.status()).failure
    return str(phrases.INDEXING_FAILED if failed else phrases.NOTHING_INDEXED)


class Replier:
    """Replies to every question, and never raises: users cannot tell silence from a crash.

    `throttle_searches` is awaited before each search.
    """

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        throttle_searches: Callable[[], Awaitable[None]],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._throttle_searches = throttle_searches
        self._memory = ConversationMemory()
        self._queue = QuestionQueue()
        self.latency = LatencyRecorder()
        self.indexing = Indexing(engine)
        self._writing: asyncio.Task[None] | None = None

    def remember(self, context: AskContext, reply: Reply, message_id: int) -> None:
        """Remember that `reply` was sent as that message, for follow-ups and votes."""
        if reply.question:
            self._memory.remember(context, reply.question, message_id)

    def question_of(self, message_id: int) -> str:
        """The question that a message answers; empty if it is no longer remembered."""
        return self._memory.question_of(message_id) or ""

    @property
    def busy(self) -> bool:
        """True if further questions should be rejected."""
        return self._queue.full

    async def reply_to(self, question: str, context: AskContext) -> Reply:
        """The reply to `question`; to one without words a greeting, to a call for help, help."""
        question = without_mentions(question)
        previous = self._memory.previous_question(context)
        if phrases.is_call_for_help(question):
            return Reply(escape(phrases.how_to_ask()))
        question = phrases.without_command(question)
        if not question:
            return Reply(escape(phrases.greeting()))
        started = time.perf_counter()
        try:
            if not self._engine.size[0]:
                return Reply(escape(await why_nothing_is_indexed(self._engine, self.indexing)))
            async with self._queue.slot():
                await self._throttle_searches()
                answer = await self._engine.ask(
                    question,
                    previous=previous,
                    top=self._settings.passages,
                    more=FURTHER,
                    hurry=self._queue.waiting > 0,
                )
            state = await answer_state_of(
                self._engine.key_values, answer, context.asker, private=context.private
            )
        except ClipdeskError as error:
            return Reply(escape(phrases.localize_error(error)), failed=True)
        except Exception as error:  # noqa: BLE001 - the user must get a reply whatever happens
            log.error("A question could not be answered: %s", error_location(error))  # noqa: TRY400
            return Reply(escape(str(phrases.FAILURE)), failed=True)
        self.latency.note((time.perf_counter() - started) * 1000)
        if state:
            self._save(state)
        forgotten = context.follows_up and previous is None and not answer.small_talk
        parts = [*([str(phrases.FORGOTTEN)] if forgotten else []), phrases.verdict(answer)]
        return Reply(
            escape(" ".join(filter(None, parts))),
            answer_embeds(answer),
            question="" if answer.small_talk else answer.question,
            answer=answer,
            state=state,
        )

    async def finish(self) -> None:
        """Wait until all answer states are written."""
        if self._writing:
            await asyncio.wait([self._writing])

    def _save(self, state: AnswerState) -> None:
        """Save a state while the answer is being sent, which must not wait for a busy disk."""
        save_later(self._engine.key_values, state)
        self.write_soon()

    def write_soon(self) -> None:
        """Write in a moment what was stored for later."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def _write(self) -> None:
        await asyncio.sleep(_BATCH_S)
        try:
            await self._engine.key_values.write()
        except ClipdeskError as error:
            log.warning("The buttons of an answer will not outlast this run: %s", error)
