"""Staying connected to Discord's gateway, without ever hammering it.

discord.py speaks the protocol; this decides when to connect again, where, and whether to resume.
Its own loop dies of a first connect that is refused and of a broken frame, never leaves a resume
address that is dead, and reconnects without a pause where Discord asks for it time and again.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from yarl import URL

from bot.discord.logs import LogOnce, place_of

log = logging.getLogger(__name__)

_CONNECT_S = 30.0  # for a connection to say hello
_READY_S = 60.0  # for a session to be there after that
_LASTING_S = 60.0  # a connection that stood for so long was a good one
_FAR_S = 7.0  # the longest pause between two connects: about eight a minute
# A session costs one of 1,000 a day, and a token that uses them up is reset.
_SESSION_S = 10.0
_FARTHEST_S = 18 * 60.0
_SUSPICIOUS = 3  # sessions in vain
_RESUMES_THERE = 2  # tries at the address that Discord named, before its usual one is tried
_CLEAN_CLOSE = 1000
# At the end, what has come in is read until nothing more comes for a moment, but not for long.
_QUIET_S = 0.1
_REST_S = 1.0


@dataclass(slots=True)
class _Session:
    """What Discord would let go on; without an id, a new one is to be begun."""

    id: str | None = None
    sequence: int | None = None
    address: URL | None = None
    misses: int = 0  # connects to it in a row that came to nothing

    def keep(self, socket: DiscordWebSocket) -> None:
        self.id, self.sequence = socket.session_id, socket.sequence
        self.address, self.misses = socket.gateway, 0

    def forget(self) -> None:
        self.id = self.sequence = self.address = None
        self.misses = 0

    @property
    def where(self) -> URL | None:
        """Where to connect; None for the usual address."""
        return self.address if self.misses < _RESUMES_THERE else None


@dataclass(slots=True)
class Pace:
    """How long to wait before the next connect: the longer, the more of them came to nothing."""

    in_vain: int = 0  # connections in a row that did not last
    sessions_in_vain: int = 0  # of these, those that had begun a session

    def note(self, stood_s: float, *, began: bool) -> None:
        """Take note of a connection that is over."""
        if stood_s >= _LASTING_S:
            self.in_vain = self.sessions_in_vain = 0
        else:
            self.in_vain += 1
            self.sessions_in_vain += began
            if began and self.sessions_in_vain == _SUSPICIOUS:
                log.warning("Discord ends each session at once; waiting longer between them.")

    def pause_s(self, *, begins: bool) -> float:
        """For how long to wait; `begins` where the next connection is to begin a session."""
        pause_s = min(2.0 ** (self.in_vain - 2), _FAR_S) if self.in_vain > 1 else 0.0
        if begins and self.sessions_in_vain > 1:
            doubled = _SESSION_S * 2.0 ** (self.sessions_in_vain - 2)
            pause_s = max(pause_s, min(doubled, _FARTHEST_S))
        return pause_s * random.uniform(0.9, 1.0)  # noqa: S311 - keeps bots apart, no secret


async def stay_connected(client: discord.Client, room: Callable[[], Awaitable[None]]) -> None:
    """Listen to the gateway until the client is closed, or this cancelled: then the session ends.

    `room` is awaited before each event that is read.

    Raises discord.ConnectionClosed for what no new connection could heal, such as a token that was
    revoked.
    """
    session, pace, once = _Session(), Pace(), LogOnce(log)
    first = True
    while not client.is_closed():
        await asyncio.sleep(pace.pause_s(begins=session.id is None))
        resumes, socket, started = session.id is not None, None, time.monotonic()
        try:
            socket = await _connect(client, session, first=first)
            client.ws, first = socket, False
            await _listen(socket, "RESUMED" if resumes else "READY", room)
        except asyncio.CancelledError:
            await _read_rest(socket)
            await _hang_up(socket, _CLEAN_CLOSE)
            raise
        except ReconnectWebSocket as asked:
            if socket is None and not asked.resume:
                session.forget()
        except discord.ConnectionClosed as closed:
            if closed.code != _CLEAN_CLOSE:
                raise
        except Exception as error:  # noqa: BLE001 - a broken frame can break anything
            if client.is_closed():
                return
            line = "The connection to Discord broke (%s); connecting again."
            once.warn(type(error), None, line, place_of(error))
        if socket is None:
            session.misses += resumes
        else:
            await _hang_up(socket)
            session.keep(socket)
            client.dispatch("disconnect")
        stood_s = time.monotonic() - started if socket else 0.0
        pace.note(stood_s, began=socket is not None and not resumes)


async def _connect(client: discord.Client, session: _Session, *, first: bool) -> DiscordWebSocket:
    async with asyncio.timeout(_CONNECT_S):
        return await DiscordWebSocket.from_client(
            client,
            initial=first,
            gateway=session.where,
            session=session.id,
            sequence=session.sequence,
            resume=session.id is not None,
        )


async def _listen(
    socket: DiscordWebSocket, begins_with: str, room: Callable[[], Awaitable[None]]
) -> None:
    there = socket.wait_for(begins_with, lambda _data: True)
    async with asyncio.timeout(_READY_S):
        while not there.done():
            await socket.poll_event()
    while True:
        await room()
        await socket.poll_event()


async def _read_rest(socket: DiscordWebSocket | None) -> None:
    """Read what has come in: whoever asked before the end is answered, too."""
    with suppress(Exception):  # whatever it is, this is the end of the connection
        async with asyncio.timeout(_REST_S):
            while socket is not None:
                async with asyncio.timeout(_QUIET_S):
                    await socket.poll_event()


async def _hang_up(socket: DiscordWebSocket | None, code: int = 4000) -> None:
    """Close what is still open; after any code but 1000, Discord keeps the session for a while."""
    if socket is not None:
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await socket.close(code)


async def log_in(client: discord.Client, token: str, patience_s: float) -> None:
    """Log in; where Discord cannot be reached, try again for so long.

    Raises discord.LoginFailure for a wrong token at once, and what made the last try fail.
    """
    until = time.monotonic() + patience_s
    told = False
    for pause_s in _pauses():
        try:
            await client.login(token)
        except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as e:
            passing = not isinstance(e, discord.HTTPException) or e.status >= 500  # noqa: PLR2004
            if not passing or time.monotonic() + pause_s > until:
                raise
            if not told:
                log.warning("Discord cannot be reached; trying again for %d s.", patience_s)
                told = True
        else:
            return
        # A login opens a session of its own.
        await client.http.close()
        client.http.connector = discord.utils.MISSING
        await asyncio.sleep(pause_s)


def _pauses() -> Iterator[float]:
    pause_s = 0.5
    while True:
        yield pause_s
        pause_s = min(pause_s * 2, _FAR_S)
