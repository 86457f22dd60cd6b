"""Gateway sessions, which outlive connections and keep their events."""

import secrets
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from . import limits
from .protocol import Intents, Op
from .refusals import Json

if TYPE_CHECKING:
    from .connection import Connection


class Session:
    """A session, which keeps its newest events so that RESUME can replay them."""

    def __init__(self, intents: Intents) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.sequence = 0
        self.connection: Connection | None = None
        self._events: deque[Json] = deque(maxlen=limits.CAPACITY)

    def add(self, event: str, data: Json) -> Json:
        """Give an event the next sequence number and store it; return its frame."""
        self.sequence += 1
        frame = {"op": Op.DISPATCH, "t": event, "s": self.sequence, "d": data}
        self._events.append(frame)
        return frame

    def can_replay_after(self, sequence: int) -> bool:
        oldest = self._events[0]["s"] if self._events else 1
        return oldest - 1 <= sequence <= self.sequence

    def after(self, sequence: int) -> list[Json]:
        """Return the events after a sequence number, except RESUMED."""
        missed = [frame for frame in self._events if frame["s"] > sequence]
        return [frame for frame in missed if frame["t"] != "RESUMED"]

    def last(self, count: int) -> list[Json]:
        return list(islice(self._events, max(0, len(self._events) - count), None))
