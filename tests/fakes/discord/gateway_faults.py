"""Faults of the gateway, and their moments.

Each fault knows how to strike a connection that is up.
"""

import asyncio
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aiohttp import web

from .connection import Connection
from .protocol import Op
from .refusals import Json

GONE: Final = object()


class Moment(StrEnum):
    """Moments of faults, apart from events, which go by their names.

    A fault at one of these takes the place of what would have happened; a fault at an event
    follows it. Three exceptions: `Hold` only delays, `Silence` keeps even an event back, `Mangle`
    changes it.
    """

    CONNECT = "connect"
    CONNECT_TO_RESUME = "connect to the address that READY named"
    HELLO = "hello"
    IDENTIFY = "identify"
    RESUME = "resume"
    HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class NoUpgrade:
    """HTTP refuses the websocket, as a proxy does with no server behind it; only at a connect."""

    status: int = 503

    def strike(self, connection: Connection) -> None:
        """Do nothing: this connection is up."""


@dataclass(frozen=True, slots=True)
class Silence:
    """The client waits for this in vain."""

    def strike(self, connection: Connection) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing reaches the client for so long; then all of it, in order."""

    seconds: float

    def strike(self, connection: Connection) -> None:
        connection.hold(self.seconds)


@dataclass(frozen=True, slots=True)
class Freeze:
    """A half-open connection: the double neither reads nor writes any more, nor hangs up."""

    def strike(self, connection: Connection) -> None:
        connection.freeze()


@dataclass(frozen=True, slots=True)
class Close:
    """The websocket is closed with a code; the session stays resumable."""

    code: int

    def strike(self, connection: Connection) -> None:
        connection.close(self.code)


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection breaks without a word."""

    def strike(self, connection: Connection) -> None:
        connection.abort()


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Op 7."""

    def strike(self, connection: Connection) -> None:
        connection.send({"op": Op.RECONNECT, "d": None})


@dataclass(frozen=True, slots=True)
class Invalidate:
    """Op 9; if not resumable, the session is gone."""

    resumable: bool = False

    def strike(self, connection: Connection) -> None:
        connection.send({"op": Op.INVALID_SESSION, "d": self.resumable})


@dataclass(frozen=True, slots=True)
class Garbage:
    """Anything at all: text goes the way of every frame, bytes go as they are."""

    data: str | bytes

    def strike(self, connection: Connection) -> None:
        connection.send_raw(self.data)


@dataclass(frozen=True, slots=True)
class Mangle:
    """The event comes with one field gone, or with another value: "member.permissions", "data"."""

    path: str
    value: object = GONE

    def strike(self, connection: Connection) -> None:
        """Do nothing: there is no event."""

    def mangled(self, frame: Json) -> Json:
        frame = deepcopy(frame)
        *way, last = self.path.split(".")
        inner = frame["d"]
        for step in way:
            inner = inner.setdefault(step, {})
        inner[last] = self.value
        if self.value is GONE:
            del inner[last]
        return frame


@dataclass(frozen=True, slots=True)
class Repeat:
    """The last so many events once more, under their old numbers, as a resume may do."""

    events: int = 1

    def strike(self, connection: Connection) -> None:
        for frame in connection.session.last(self.events) if connection.session else []:
            connection.send(frame)


GatewayFault = (
    NoUpgrade
    | Silence
    | Hold
    | Freeze
    | Close
    | Drop
    | Reconnect
    | Invalidate
    | Garbage
    | Mangle
    | Repeat
)


async def fail_to_connect(request: web.Request, fault: GatewayFault) -> web.Response | None:
    """Let a client that wants a websocket meet a fault; None if it is to get one after all."""
    match fault:
        case Hold(seconds):
            await asyncio.sleep(seconds)
            return None
        case Silence() | Freeze():
            await asyncio.Event().wait()
        case Drop() if request.transport:
            request.transport.abort()
    return web.Response(status=fault.status if isinstance(fault, NoUpgrade) else 503)
