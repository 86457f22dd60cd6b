"""The faults of the gateway, and the moments at which they can be applied."""

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
    """The moments of faults; an event is a moment too, given by its name.

    A fault at one of these replaces the normal response; a fault at an event follows the event.
    Three exceptions: `Delay` only delays, `Silence` suppresses events too, `Corrupt` changes them.
    """

    CONNECT = "connect"
    CONNECT_TO_RESUME = "connect to the address that READY named"
    HELLO = "hello"
    IDENTIFY = "identify"
    RESUME = "resume"
    HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class NoUpgrade:
    """Refuses the websocket with an HTTP status, as a proxy does; only at a connect."""

    status: int = 503

    def apply(self, connection: Connection) -> None:
        """Do nothing: this connection is open already."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Suppresses the response or event."""

    def apply(self, connection: Connection) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Delays everything sent to the client, in order."""

    seconds: float

    def apply(self, connection: Connection) -> None:
        connection.delay(self.seconds)


@dataclass(frozen=True, slots=True)
class Freeze:
    """Leaves a half-open connection: the fake stops reading and writing without closing it."""

    def apply(self, connection: Connection) -> None:
        connection.freeze()


@dataclass(frozen=True, slots=True)
class Close:
    """Closes the websocket with a code; the session stays resumable."""

    code: int

    def apply(self, connection: Connection) -> None:
        connection.close(self.code)


@dataclass(frozen=True, slots=True)
class Drop:
    """Breaks the connection without a close frame."""

    def apply(self, connection: Connection) -> None:
        connection.abort()


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Asks the client to reconnect: op 7."""

    def apply(self, connection: Connection) -> None:
        connection.send({"op": Op.RECONNECT, "d": None})


@dataclass(frozen=True, slots=True)
class Invalidate:
    """Invalidates the session: op 9; ends it unless `resumable`."""

    resumable: bool = False

    def apply(self, connection: Connection) -> None:
        connection.send({"op": Op.INVALID_SESSION, "d": self.resumable})


@dataclass(frozen=True, slots=True)
class Garbage:
    """Sends arbitrary data: text compressed like a frame, bytes unchanged."""

    data: str | bytes

    def apply(self, connection: Connection) -> None:
        connection.send_raw(self.data)


@dataclass(frozen=True, slots=True)
class Corrupt:
    """Sends an event without a field, or with another value: "member.permissions", "data"."""

    path: str
    value: object = GONE

    def apply(self, connection: Connection) -> None:
        """Do nothing: there is no event to corrupt."""

    def corrupted(self, frame: Json) -> Json:
        frame = deepcopy(frame)
        *parents, last = self.path.split(".")
        inner = frame["d"]
        for step in parents:
            inner = inner.setdefault(step, {})
        inner[last] = self.value
        if self.value is GONE:
            del inner[last]
        return frame


@dataclass(frozen=True, slots=True)
class Repeat:
    """Sends the last events again, with the same sequence numbers, as a resume may do."""

    events: int = 1

    def apply(self, connection: Connection) -> None:
        for frame in connection.session.last(self.events) if connection.session else []:
            connection.send(frame)


GatewayFault = (
    NoUpgrade
    | Silence
    | Delay
    | Freeze
    | Close
    | Drop
    | Reconnect
    | Invalidate
    | Garbage
    | Corrupt
    | Repeat
)


async def fail_to_connect(request: web.Request, fault: GatewayFault) -> web.Response | None:
    """Apply a fault to a connecting client; returns None if it gets its websocket after all."""
    match fault:
        case Delay(seconds):
            await asyncio.sleep(seconds)
            return None
        case Silence() | Freeze():
            await asyncio.Event().wait()
        case Drop() if request.transport:
            request.transport.abort()
    return web.Response(status=fault.status if isinstance(fault, NoUpgrade) else 503)
