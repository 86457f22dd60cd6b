"""Sessions that survive their connections, and connections that may break."""

import asyncio
import json
import secrets
import zlib
from collections import deque
from contextlib import suppress

from aiohttp import web

from . import limits
from .protocol import Intents
from .refusals import Json


class Connection:
    """One websocket; sends in order from a queue, so that nobody waits for a slow client."""

    def __init__(self, socket: web.WebSocketResponse, compression: str | None) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.closing = False
        self.received_at: deque[float] = deque(maxlen=limits.GATEWAY_SENDS_MAX)
        self._outbox: asyncio.Queue[str | bytes | int] = asyncio.Queue()
        self._deflate = zlib.compressobj() if compression == "zlib-stream" else None

    def send(self, frame: Json) -> None:
        text = json.dumps(frame)
        if self._deflate is None:
            self._outbox.put_nowait(text)
            return
        packed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        self._outbox.put_nowait(packed)

    def close(self, code: int) -> None:
        """Close the websocket once what was sent before has left."""
        self.closing = True
        self._outbox.put_nowait(code)

    async def write(self) -> None:
        """Send what is queued until told to close."""
        with suppress(ConnectionError):
            while True:
                match await self._outbox.get():
                    case int(code):
                        await self.socket.close(code=code)
                        return
                    case str(text):
                        await self.socket.send_str(text)
                    case packed:
                        await self.socket.send_bytes(packed)


class Session:
    """What one IDENTIFY opened."""

    def __init__(self, intents: Intents) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.events: list[Json] = []
        self.sequence = 0
        self.connection: Connection | None = None
