"""A gateway connection, which can send, be delayed, freeze, close and break."""

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from . import limits
from .budget import Budget
from .clock import Clock
from .compression import Compressor
from .entries import Frame
from .ledger import Ledger
from .refusals import Json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .session import Session


class Connection:
    """Sends queued frames in order, so that callers need not wait; records all frames."""

    def __init__(
        self, request: web.Request, socket: web.WebSocketResponse, clock: Clock, ledger: Ledger
    ) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.closing = False
        self.received = Budget(clock, limits.GATEWAY_SENDS_MAX, limits.GATEWAY_SENDS_WINDOW_S)
        self._transport = request.transport
        self._ledger = ledger
        self._outbox: asyncio.Queue[Callable[[], Awaitable[object]]] = asyncio.Queue()
        self._compress = Compressor(request.query.get("compress"))
        self._thawed = asyncio.Event()
        self._thawed.set()

    def send(self, frame: Json) -> None:
        """Queue a frame and record it as sent; "s" and "t" are null if they are missing."""
        frame = {"t": None, "s": None} | frame
        self.send_raw(json.dumps(frame))
        self._record(frame, sent=True)

    def receive(self, text: str) -> Json:
        """Parse a frame from the client and record it as received."""
        frame: Json = json.loads(text)
        self._record(frame, sent=False)
        return frame

    def send_raw(self, data: str | bytes) -> None:
        """Queue arbitrary data; text is compressed if the client has requested compression."""
        packed = self._compress(data) if isinstance(data, str) else data
        if isinstance(packed, str):
            self._outbox.put_nowait(lambda: self.socket.send_str(packed))
        else:
            self._outbox.put_nowait(lambda: self.socket.send_bytes(packed))

    def delay(self, seconds: float) -> None:
        """Send nothing for that many seconds, after what is queued already."""
        self._outbox.put_nowait(lambda: asyncio.sleep(seconds))

    def freeze(self) -> None:
        """Stop reading and writing, without closing."""
        self._thawed.clear()
        if isinstance(self._transport, asyncio.Transport):
            self._transport.pause_reading()

    def close(self, code: int) -> None:
        """Close the websocket, after what is queued already."""
        self.closing = True
        self._outbox.put_nowait(lambda: self.socket.close(code=code))

    def abort(self) -> None:
        """Break the connection without a close frame."""
        if isinstance(self._transport, asyncio.Transport):
            self._transport.abort()

    async def write(self) -> None:
        """Send what is queued until the connection ends."""
        with suppress(ConnectionError):
            while not self.socket.closed:
                step = await self._outbox.get()
                await self._thawed.wait()
                await step()

    def _record(self, frame: Json, *, sent: bool) -> None:
        session_id = self.session.id if self.session else None
        entry = Frame(
            at=self._ledger.now(),
            session_id=session_id,
            sent=sent,
            op=frame["op"],
            event=frame.get("t"),
            sequence=frame.get("s"),
            data=frame.get("d"),
        )
        self._ledger.record(entry)
