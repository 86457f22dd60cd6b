"""Connects to Discord's gateway and reconnects at a bounded rate.

discord.py speaks the protocol; this module decides when and where to connect, and whether to
resume. discord.py's own loop ends on a refused first connect and on a broken frame, never gives up
a dead resume address, and reconnects without a pause when Discord repeatedly requests it.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
import discord
from yarl import URL

from bot.discord.connection import discordpy_internals as internals
from bot.discord.connection.discordpy_internals import GatewaySocket, ReconnectRequested, Session
from bot.discord.logs import LogOnce, error_location

log = logging.getLogger(__name__)

_CONNECT_S = 30.0  # until a connection receives Hello
_READY_S = 60.0  # from then until its session is ready
_STABLE_S = 60.0  # a connection that lasts this long counts as a success
_MAX_PAUSE_S = 7.0  # between connects: about eight a minute
# Discord allows 1,000 sessions a day, and resets the token of a bot that uses them up.
_SESSION_PAUSE_S = 10.0
_MAX_SESSION_PAUSE_S = 18 * 60.0
_WARN_AFTER = 3  # failed sessions
_MAX_RESUME_FAILURES = 2  # at the resume address, before the default address is tried
_NORMAL_CLOSURE = 1000
_RESUMABLE_CLOSURE = 4000  # any code but 1000 lets Discord keep the session for a while
# On shutdown, events are read until none arrives for a moment, within a limit.
_DRAIN_IDLE_S = 0.1
_DRAIN_S = 1.0


@dataclass(slots=True)
class _Resumption:
    """The session to resume, and how many connects in a row failed to resume it."""

    session: Session = field(default_factory=Session)
    failures: int = 0

    @property
    def possible(self) -> bool:
        """True if there is a session; otherwise a new one begins."""
        return self.session.id is not None

    @property
    def url(self) -> URL | None:
        """The address to connect to; None for the default one."""
        return self.session.url if self.failures < _MAX_RESUME_FAILURES else None


@dataclass(slots=True)
class Backoff:
    """Computes the pause before the next connect, which grows with each failure in a row."""

    failures: int = 0  # connections that were not stable
    session_failures: int = 0  # those of them that had begun a session

    def record(self, lasted_s: float, *, began_session: bool) -> None:
        """Record a connection that has ended."""
        if lasted_s >= _STABLE_S:
            self.failures = self.session_failures = 0
            return
        self.failures += 1
        self.session_failures += began_session
        if began_session and self.session_failures == _WARN_AFTER:
            log.warning("Discord ends each session at once; waiting longer between them.")

    def pause_s(self, *, new_session: bool) -> float:
        """Seconds to wait; `new_session` if the next connection does not resume."""
        pause_s = min(2.0 ** (self.failures - 2), _MAX_PAUSE_S) if self.failures > 1 else 0.0
        if new_session and self.session_failures > 1:
            doubled = _SESSION_PAUSE_S * 2.0 ** (self.session_failures - 2)
            pause_s = max(pause_s, min(doubled, _MAX_SESSION_PAUSE_S))
        return pause_s * random.uniform(0.9, 1.0)  # noqa: S311 - jitter between bots, no secret


async def stay_connected(
    client: discord.Client, throttle_reading: Callable[[], Awaitable[None]]
) -> None:
    """Receive gateway events until the client is closed, or this is cancelled.

    Cancellation ends the session. `throttle_reading` is awaited before each event.

    Raises discord.ConnectionClosed when reconnecting cannot help, such as for a revoked token.
    """
    resumption, backoff, once = _Resumption(), Backoff(), LogOnce(log)
    first = True
    while not client.is_closed():
        await asyncio.sleep(backoff.pause_s(new_session=not resumption.possible))
        resumes, socket, started = resumption.possible, None, time.monotonic()
        try:
            async with asyncio.timeout(_CONNECT_S):
                socket = await GatewaySocket.open(
                    client, resumption.session, resumption.url, first=first
                )
            first = False
            await _listen(socket, "RESUMED" if resumes else "READY", throttle_reading)
        except asyncio.CancelledError:
            await _finish(socket)
            raise
        except ReconnectRequested as request:
            if socket is None and not request.resume:
                resumption = _Resumption()
        except discord.ConnectionClosed as closed:
            if closed.code != _NORMAL_CLOSURE:
                raise
        except Exception as error:  # noqa: BLE001 - a broken frame can cause any error
            if client.is_closed():
                return
            message = "The connection to Discord broke (%s); connecting again."
            once.warn(type(error), None, message, error_location(error))
        lasted_s = 0.0
        if socket is None:
            resumption.failures += resumes
        else:
            await _close(socket, _RESUMABLE_CLOSURE)
            resumption = _Resumption(socket.session)
            internals.dispatch_disconnect(client)
            lasted_s = time.monotonic() - started
        backoff.record(lasted_s, began_session=socket is not None and not resumes)


async def _listen(
    socket: GatewaySocket, first_event: str, throttle_reading: Callable[[], Awaitable[None]]
) -> None:
    ready = socket.expect(first_event)
    async with asyncio.timeout(_READY_S):
        while not ready.done():
            await socket.receive()
    while True:
        await throttle_reading()
        await socket.receive()


async def _finish(socket: GatewaySocket | None) -> None:
    """Read events that have already arrived, so that they are answered; then end the session."""
    if socket is None:
        return
    with suppress(Exception):  # the connection ends in any case
        async with asyncio.timeout(_DRAIN_S):
            while True:
                async with asyncio.timeout(_DRAIN_IDLE_S):
                    await socket.receive()
    await _close(socket, _NORMAL_CLOSURE)


async def _close(socket: GatewaySocket, code: int) -> None:
    with suppress(aiohttp.ClientError, OSError, TimeoutError):
        async with asyncio.timeout(1.0):
            await socket.close(code)


async def log_in(client: discord.Client, token: str, patience_s: float) -> None:
    """Log in; while Discord cannot be reached, retry for `patience_s` seconds.

    Raises discord.LoginFailure for a wrong token at once, otherwise the error of the last attempt.
    """
    deadline = time.monotonic() + patience_s
    warned = False
    for pause_s in _pauses():
        try:
            await client.login(token)
        except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as e:
            transient = not isinstance(e, discord.HTTPException) or e.status >= 500  # noqa: PLR2004
            if not transient or time.monotonic() + pause_s > deadline:
                raise
            if not warned:
                log.warning("Discord cannot be reached; trying again for %d s.", patience_s)
                warned = True
        else:
            return
        await internals.discard_http_session(client)
        await asyncio.sleep(pause_s)


def _pauses() -> Iterator[float]:
    pause_s = 0.5
    while True:
        yield pause_s
        pause_s = min(pause_s * 2, _MAX_PAUSE_S)
