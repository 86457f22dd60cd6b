"""Runs discord.py clients of this process against the fake; the library stays unmodified.

Only two addresses are replaced, which discord.py 2.7 has in `Route.BASE` and
`DiscordWebSocket.DEFAULT_GATEWAY`. A bot that is a process of its own must set them itself.
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
    """Connect all clients of this process to the fake within the block."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = loopback.api_url, URL(loopback.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@contextmanager
def skipping_waits(
    loopback: LoopbackDiscord, gate: asyncio.Event | None = None
) -> Iterator[list[float]]:
    """Skip the waits of discord.py, once the gate is open, by advancing the fake's clock.

    Yields a growing list with the seconds of each wait: those before a retry, and those that
    Discord has requested.
    """
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if gate:
            await gate.wait()
        loopback.clock.advance(seconds)
        await asyncio.sleep(0)

    fast_asyncio = SimpleNamespace(**(vars(asyncio) | {"sleep": sleep}))
    with (
        mock.patch.object(discord.http, "asyncio", fast_asyncio),
        mock.patch.object(discord.client, "asyncio", fast_asyncio),
    ):
        yield waits


@asynccontextmanager
async def running(client: discord.Client, loopback: LoopbackDiscord) -> AsyncIterator[None]:
    """Run a client until the end of the block; raises the error that stops it earlier."""
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
