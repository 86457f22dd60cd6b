"""Limits how many questions are searched for at once, and how many wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import phrases
from bot.discord.api_limits import ANSWERED_WITHIN_S
from index import ClipdeskError

MAX_WAITING = 1_100  # some ten seconds of work: about as long as anyone waits
RESERVED = 100  # of these, for questions that were acknowledged a moment ago
CONCURRENCY = 4  # one is searched for; the others are ready, so that the search is never idle
# Interactions expire soon after; this leaves time to report it.
MAX_WAIT_S = ANSWERED_WITHIN_S - 60.0


class QueueFullError(ClipdeskError):
    """A question was rejected: too many others wait, or it has waited too long."""


class QuestionQueue:
    """Gives out a few slots at a time, first come, first served."""

    def __init__(
        self,
        max_waiting: int = MAX_WAITING,
        max_wait_s: float = MAX_WAIT_S,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._max_waiting = max_waiting
        self._max_wait_s = max_wait_s
        self._waiting = 0
        self._slots = asyncio.Semaphore(concurrency)

    @property
    def full(self) -> bool:
        """True if questions that are not acknowledged yet should be rejected."""
        return self._waiting >= self._max_waiting - RESERVED

    @property
    def waiting(self) -> int:
        """The number of questions that wait for a slot."""
        return self._waiting

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a slot, and occupy it within the block. Raises QueueFullError.

        Rejected callers never take a slot.
        """
        if self._waiting >= self._max_waiting:
            raise QueueFullError(str(phrases.BUSY))
        self._waiting += 1
        try:
            async with asyncio.timeout(self._max_wait_s):
                await self._slots.acquire()
        except TimeoutError as error:
            raise QueueFullError(str(phrases.BUSY)) from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()
