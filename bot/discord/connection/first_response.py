"""Tracks the deadlines of first responses: Discord waits three seconds for each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from discord import app_commands

from bot.discord.api_limits import FIRST_RESPONSE_WITHIN_S
from bot.discord.logs import error_location

# Discord's clock starts when it sends the interaction; half a second is left for transmission.
FIRST_RESPONSE_S = FIRST_RESPONSE_WITHIN_S - 0.5
# The duration of a response is predicted by a maximum that decays with each response: one that
# comes too late is worse than none. It is capped, so that a single stall does not block all others.
_MAX_DURATION_S = 1.0
_DECAY = 0.995


class UnacknowledgedError(app_commands.AppCommandError):
    """An interaction got no first response in time: no result can be shown for it."""


class FirstResponses:
    """The interactions that await their first response, with their deadlines."""

    def __init__(self) -> None:
        self._deadlines: dict[int, float] = {}  # on the loop's clock, by interaction id
        self._removed = asyncio.Event()
        self._expected_duration_s = 0.0

    def expect(self, interaction_id: int, age_s: float) -> bool:
        """Register an interaction of that age; False if its response would come too late."""
        if age_s + self._expected_duration_s > FIRST_RESPONSE_S:
            return False
        now = asyncio.get_running_loop().time()
        self._deadlines[interaction_id] = now + FIRST_RESPONSE_S - age_s
        return True

    @asynccontextmanager
    async def responding(self, interaction_id: int) -> AsyncIterator[None]:
        """Bound the block, which sends the first response; enter again after a network error.

        Raises UnacknowledgedError, before the block if the response would come too late.
        """
        now = asyncio.get_running_loop().time
        started, deadline = now(), self._deadlines.get(interaction_id, 0.0)
        if started + self._expected_duration_s > deadline:
            self._remove(interaction_id)
            raise UnacknowledgedError("there is no time left")
        retry = False
        try:
            async with asyncio.timeout_at(deadline) as limit:
                yield
        except (aiohttp.ClientError, OSError) as error:
            if limit.expired():
                raise UnacknowledgedError(error_location(error)) from error
            retry = True
            raise
        finally:
            duration_s = min(now() - started, _MAX_DURATION_S)
            self._expected_duration_s = max(duration_s, self._expected_duration_s * _DECAY)
            if not retry:
                self._remove(interaction_id)

    def _remove(self, interaction_id: int) -> None:
        self._deadlines.pop(interaction_id, None)
        self._removed.set()

    async def fewer_than(self, number: int) -> None:
        """Wait until fewer than `number` interactions await their first response."""
        now = asyncio.get_running_loop().time
        while len(self._deadlines) >= number:
            oldest, deadline = next(iter(self._deadlines.items()))
            self._removed.clear()
            try:
                async with asyncio.timeout(deadline - now()):
                    await self._removed.wait()
            except TimeoutError:  # no response was ever sent
                self._deadlines.pop(oldest, None)
