"""Running a discord.py client of this process against the double; the library stays as it is.

Two addresses are all that is changed: discord.py 2.7 keeps them in `Route.BASE` and
`DiscordWebSocket.DEFAULT_GATEWAY`. A bot that is a process of its own needs to set them itself.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import SimpleNamespace
from unittest import mock

from yarl import URL

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .server import LoopbackDiscord


@contextmanager
def redirected(loopback: LoopbackDiscord) -> Iterator[None]:
    """Send every client of this process to the double, until the end of the block."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = loopback.api_url, URL(loopback.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@contextmanager
def waits_skipped(
    loopback: LoopbackDiscord, gate: asyncio.Event | None = None
) -> Iterator[list[float]]:
    """Let no wait of discord.py last, once the gate is open: the double's clock goes on instead.

    Gives the seconds of each wait so far: before it tries a request or a connection again, and
    where it was told to.
    """
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if gate:
            await gate.wait()
        loopback.clock.advance(seconds)
        await asyncio.sleep(0)

    hasty = SimpleNamespace(**(vars(asyncio) | {"sleep": sleep}))
    with (
        mock.patch.object(discord.http, "asyncio", hasty),
        mock.patch.object(discord.client, "asyncio", hasty),
    ):
        yield waits


@asynccontextmanager
async def running(client: discord.Client, loopback: LoopbackDiscord) -> AsyncIterator[None]:
    """Run a client until the end of the block; what made it stop before is raised."""
    with redirected(loopback):
        async with client:
            run = asyncio.create_task(client.start(loopback.token))
            ready = asyncio.create_task(loopback.ledger.event("READY"))
            await asyncio.wait({run, ready}, return_when=asyncio.FIRST_COMPLETED)
            if run.done():
                ready.cancel()
                await run
            await ready
            yield
        await run
