"""Remembers recent questions, so that a follow-up can refer to them.

In this process only, for ten minutes, and never logged.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

KEPT_S = 10 * 60
KEPT = 1_000  # pairs of user and channel, and answers; the oldest are evicted first


@dataclass(frozen=True, slots=True)
class AskContext:
    """The asker and the place, as Discord's ids; `replied_to` is the message replied to, if any.

    `follows_up` is whether that is an answer of the bot.
    """

    asker: int
    channel: int
    replied_to: int | None = None
    follows_up: bool = False

    @property
    def private(self) -> bool:
        """True if only the asker sees the answer: then the channel's id is negated."""
        return self.channel < 0


class ConversationMemory:
    """The last question of each user in each channel, and the question of each answer."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._by_asker: TTLCache[tuple[int, int], str] = TTLCache(KEPT, KEPT_S, timer)
        self._by_answer: TTLCache[int, str] = TTLCache(KEPT, KEPT_S, timer)

    def previous_question(self, context: AskContext) -> str | None:
        """The question that a follow-up refers to; None if there is none, or it has expired.

        A reply refers to the message it replies to and to nothing else: if that is no remembered
        answer, the user's own last question would be the wrong one.
        """
        if context.replied_to is not None:
            return self.question_of(context.replied_to)
        return self._by_asker.get((context.asker, context.channel))

    def question_of(self, answer_id: int) -> str | None:
        """The question that a message answers; None if it is no answer, or has expired."""
        return self._by_answer.get(answer_id)

    def remember(self, context: AskContext, question: str, answer_id: int) -> None:
        """Remember a question as it was searched for, and the message that answers it."""
        self._by_asker[context.asker, context.channel] = question
        self._by_answer[answer_id] = question
