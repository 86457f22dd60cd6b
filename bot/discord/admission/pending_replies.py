"""What is being answered right now, so that a bot that stops leaves nobody waiting."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import discord

log = logging.getLogger(__name__)

# Together less than the ten seconds that containers are given to stop in.
FINISH_S = 5.0
TELL_S = 2.0
_SETTLE_S = 0.1  # what came in last may not have been noted yet

Tell = Callable[[], Awaitable[object]]


class PendingReplies:
    """The tasks that answer somebody, each with a way to tell them that it cannot."""

    def __init__(self) -> None:
        self._told_by: dict[asyncio.Task[object], Tell] = {}

    def note(self, tell: Tell) -> None:
        """Take note that the current task answers somebody, until it ends."""
        task = asyncio.current_task()
        if task is not None:
            self._told_by[task] = tell
            task.add_done_callback(lambda done: self._told_by.pop(done, None))

    async def finish(self, finish_s: float = FINISH_S, tell_s: float = TELL_S) -> None:
        """Wait for all to be answered; cancel what takes longer, and tell those who asked.

        For when nothing new comes in any more.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(finish_s):
                await asyncio.sleep(_SETTLE_S)
                while self._told_by:
                    await asyncio.wait(self._told_by)
        left = dict(self._told_by)
        for task in left:
            task.cancel()
        if left:
            log.warning("%d questions or clicks were not answered before the end.", len(left))
            await asyncio.wait(left, timeout=tell_s / 2)
            told = [asyncio.create_task(_quietly(tell)) for tell in left.values()]
            await asyncio.wait(told, timeout=tell_s)


async def _quietly(tell: Tell) -> None:
    with suppress(discord.DiscordException, aiohttp.ClientError, OSError, ValueError):
        await tell()
