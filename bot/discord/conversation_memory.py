"""What was asked a moment ago on Discord, so that a question can go on from it.

Held in this process only, for ten minutes, and never logged: it ends with the process.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

KEPT_S = 10 * 60
KEPT = 1_000  # askers in a channel, and answers: the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class AskContext:
    """Who asks and where, as Discord's ids; `replied_to` is the message replied to, if any."""

    asker: int
    channel: int
    replied_to: int | None = None

    @property
    def private(self) -> bool:
        """Whether only the asker sees what is said: such a place has an id below zero."""
        return self.channel < 0


class ConversationMemory:
    """The last question of each asker in each channel, and the question of each answer."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._asked: TTLCache[tuple[int, int], str] = TTLCache(KEPT, KEPT_S, timer)
        self._answered: TTLCache[int, str] = TTLCache(KEPT, KEPT_S, timer)

    def before(self, turn: AskContext) -> str | None:
        """The question that `turn` may go on from; None where it is none, or forgotten.

        A reply goes on from what it replies to, and from nothing else: where that is no answer that
        is remembered, the asker's own last question would be the wrong one.
        """
        if turn.replied_to is not None:
            return self.answered(turn.replied_to)
        return self._asked.get((turn.asker, turn.channel))

    def answered(self, answer_id: int) -> str | None:
        """The question that a message answers; None where it is no answer, or forgotten."""
        return self._answered.get(answer_id)

    def remember(self, turn: AskContext, question: str, answer_id: int) -> None:
        """Remember what was searched for, and the message that answers it."""
        self._asked[turn.asker, turn.channel] = question
        self._answered[answer_id] = question
