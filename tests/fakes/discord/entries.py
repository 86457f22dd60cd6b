"""The entries of the ledger: requests, gateway frames, message changes, faults, violations.

The ledger counts entries by `kind`.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from .model import Interaction, Message


class Change(Enum):
    POSTED = "posted"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request and its response; `route` is written as in Discord's documentation."""

    at: float
    method: str
    route: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    response: object
    interaction: Interaction | None = None

    @property
    def kind(self) -> str:
        return f"{self.method} {self.route} {self.status}"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body} -> {self.status}"


@dataclass(frozen=True, slots=True)
class Frame:
    """A gateway frame; `sent` is true if the fake sent it."""

    at: float
    session_id: str | None
    sent: bool
    op: int
    event: str | None
    sequence: int | None
    data: Any

    @property
    def kind(self) -> str:
        return f"gateway {'>' if self.sent else '<'} {self.event or f'op {self.op}'}"

    def __str__(self) -> str:
        return f"gateway {'>' if self.sent else '<'} op {self.op} {self.event or ''} {self.data}"


@dataclass(frozen=True, slots=True)
class MessageChange:
    """A message after a change, and the interaction whose response changed it, if any."""

    at: float
    change: Change
    message: Message
    interaction: Interaction | None = None

    @property
    def kind(self) -> str:
        return f"message {self.change.value}"

    def __str__(self) -> str:
        message = self.message
        return f"{message.author.name} {self.change.value} {message.id}: {message.content!r}"


@dataclass(frozen=True, slots=True)
class Violation:
    """Behaviour that a well-behaved application does not show."""

    at: float
    rule: str
    detail: str

    @property
    def kind(self) -> str:
        return f"violation {self.rule}"

    def __str__(self) -> str:
        return f"VIOLATION {self.rule}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Injected:
    """A scheduled fault that has been applied; `occasion` is the request or moment."""

    at: float
    occasion: str
    fault: object

    @property
    def kind(self) -> str:
        return f"fault {type(self.fault).__name__}"

    def __str__(self) -> str:
        return f"FAULT {self.occasion}: {self.fault}"


Entry = Request | Frame | MessageChange | Injected | Violation
