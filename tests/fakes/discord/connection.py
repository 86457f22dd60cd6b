"""One websocket, and what can be done to it: send, hold up, freeze, close, break."""

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
    """Sends in order from a queue, so that nobody waits for a slow client; keeps the record."""

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
        """Queue a frame, recorded as sent; "s" and "t" are there even where they say nothing."""
        frame = {"t": None, "s": None} | frame
        self.send_raw(json.dumps(frame))
        self._record(frame, sent=True)

    def receive(self, text: str) -> Json:
        """Return the frame that the client sent, recorded as received."""
        frame: Json = json.loads(text)
        self._record(frame, sent=False)
        return frame

    def send_raw(self, data: str | bytes) -> None:
        """Queue what need not be a frame: text is compressed if the client asked for it."""
        packed = self._compress(data) if isinstance(data, str) else data
        if isinstance(packed, str):
            self._outbox.put_nowait(lambda: self.socket.send_str(packed))
        else:
            self._outbox.put_nowait(lambda: self.socket.send_bytes(packed))

    def hold(self, seconds: float) -> None:
        """Send nothing for so long, once what was queued before has left."""
        self._outbox.put_nowait(lambda: asyncio.sleep(seconds))

    def freeze(self) -> None:
        """Neither read nor write from now on."""
        self._thawed.clear()
        if isinstance(self._transport, asyncio.Transport):
            self._transport.pause_reading()

    def close(self, code: int) -> None:
        """Close the websocket once what was queued before has left."""
        self.closing = True
        self._outbox.put_nowait(lambda: self.socket.close(code=code))

    def abort(self) -> None:
        """Break the connection without a word."""
        if isinstance(self._transport, asyncio.Transport):
            self._transport.abort()

    async def write(self) -> None:
        """Send what is queued, for as long as the connection lasts."""
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
