"""The first response to an interaction, which Discord waits three seconds for: in time, or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from discord import app_commands

from bot.discord.api_limits import FIRST_RESPONSE_WITHIN_S
from bot.discord.logs import place_of

# Discord waits from when it sent the interaction on; some of the time goes by on the way.
FIRST_RESPONSE_S = FIRST_RESPONSE_WITHIN_S - 0.5
# How long a response takes is known from those before. The slowest of late counts, as one that
# comes too late is worse than none; but one that stalls must not keep all others from being sent.
_SLOWEST_S = 1.0
_FORGOTTEN_BY = 0.995


class UnacknowledgedError(app_commands.AppCommandError):
    """An interaction had no first response in time: whatever is computed for it is lost."""


class FirstResponses:
    """The interactions that wait for their first response, each with a time until which."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}  # seconds of the loop's clock
        self._fewer = asyncio.Event()
        self._takes_s = 0.0

    def expect(self, interaction_id: int, age_s: float) -> bool:
        """Take note of an interaction that is so old; False where it can have no response."""
        if age_s + self._takes_s > FIRST_RESPONSE_S:
            return False
        self._until[interaction_id] = asyncio.get_running_loop().time() + FIRST_RESPONSE_S - age_s
        return True

    @asynccontextmanager
    async def responding(self, interaction_id: int) -> AsyncIterator[None]:
        """Send the first response within the block; again, where the connection broke.

        Raises UnacknowledgedError, and before the block where it would come too late.
        """
        now = asyncio.get_running_loop().time
        begun, until = now(), self._until.get(interaction_id, 0.0)
        if begun + self._takes_s > until:
            self._forget(interaction_id)
            raise UnacknowledgedError("there is no time left")
        again = False
        try:
            async with asyncio.timeout_at(until) as limit:
                yield
        except (aiohttp.ClientError, OSError) as error:
            if limit.expired():
                raise UnacknowledgedError(place_of(error)) from error
            again = True
            raise
        finally:
            took_s = min(now() - begun, _SLOWEST_S)
            self._takes_s = max(took_s, self._takes_s * _FORGOTTEN_BY)
            if not again:
                self._forget(interaction_id)

    def _forget(self, interaction_id: int) -> None:
        self._until.pop(interaction_id, None)
        self._fewer.set()

    async def fewer_than(self, number: int) -> None:
        """Wait until fewer than so many wait for their first response."""
        now = asyncio.get_running_loop().time
        while len(self._until) >= number:
            oldest, until = next(iter(self._until.items()))
            self._fewer.clear()
            try:
                async with asyncio.timeout(until - now()):
                    await self._fewer.wait()
            except TimeoutError:  # whatever became of it
                self._until.pop(oldest, None)
