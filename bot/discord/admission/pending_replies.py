"""Tracks replies in progress, so that a bot that stops leaves nobody waiting."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import discord

log = logging.getLogger(__name__)

# Together less than the ten seconds that containers get to stop.
FINISH_S = 5.0
NOTIFY_S = 2.0
_SETTLE_S = 0.1  # the latest events may not have been tracked yet

NotifyStopping = Callable[[], Awaitable[object]]


class PendingReplies:
    """The tasks that reply to somebody, each with a callback that says it could not finish."""

    def __init__(self) -> None:
        self._pending: dict[asyncio.Task[object], NotifyStopping] = {}

    def track(self, notify: NotifyStopping) -> None:
        """Track the current task until it ends."""
        task = asyncio.current_task()
        if task is not None:
            self._pending[task] = notify
            task.add_done_callback(lambda done: self._pending.pop(done, None))

    async def finish(self, finish_s: float = FINISH_S, notify_s: float = NOTIFY_S) -> None:
        """Wait for all replies, then cancel the rest and notify those who asked.

        Call it when no new events arrive.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(finish_s):
                await asyncio.sleep(_SETTLE_S)
                while self._pending:
                    await asyncio.wait(self._pending)
        unfinished = dict(self._pending)
        for task in unfinished:
            task.cancel()
        if unfinished:
            log.warning("Questions or clicks not answered before the end: %d", len(unfinished))
            await asyncio.wait(unfinished, timeout=notify_s / 2)
            tasks = [asyncio.create_task(_suppressed(one)) for one in unfinished.values()]
            await asyncio.wait(tasks, timeout=notify_s)


async def _suppressed(notify: NotifyStopping) -> None:
    with suppress(discord.DiscordException, aiohttp.ClientError, OSError, ValueError):
        await notify()
