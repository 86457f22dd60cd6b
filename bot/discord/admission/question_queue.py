"""The line of questions that wait to be answered: few are searched for at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import phrases
from bot.discord.api_limits import ANSWERED_WITHIN_S
from index import ClipdeskError

MOST = 1_100  # waiting at once: some ten seconds of work, and no more of the asker's patience
ON_THEIR_WAY = 100  # of these, for whom room is kept: they were promised an answer just now
AT_ONCE = 4  # one that is searched for, and those that come next, so that no time is lost between
# Then, an interaction can soon be answered no more: this leaves time to say so.
PATIENCE_S = ANSWERED_WITHIN_S - 60.0


class QueueFullError(ClipdeskError):
    """A question is not searched for: too many others wait, or it has waited for too long."""


class QuestionQueue:
    """Lets in a few questions at a time, first come, first served."""

    def __init__(
        self, most: int = MOST, patience_s: float = PATIENCE_S, at_once: int = AT_ONCE
    ) -> None:
        self._most = most
        self._patience_s = patience_s
        self._waiting = 0
        self._turn = asyncio.Semaphore(at_once)

    @property
    def full(self) -> bool:
        """Whether whoever has not been promised an answer yet should be turned away."""
        return self._waiting >= self._most - ON_THEIR_WAY

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, and have it until the end of the block. Raises LineError.

        Whoever is turned away has cost nothing: there is a turn only for what is still awaited.
        """
        if self._waiting >= self._most:
            raise QueueFullError(str(phrases.BUSY))
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience_s):
                await self._turn.acquire()
        except TimeoutError as error:
            raise QueueFullError(str(phrases.BUSY)) from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()
