"""Entries of the ledger: requests, gateway frames, changes of messages, faults, violations.

The `kind` of an entry is what the ledger counts it under.
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
    """One HTTP request and its answer; `route` is written as in Discord's documentation."""

    at: float
    method: str
    route: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    answer: object
    interaction: Interaction | None = None

    @property
    def kind(self) -> str:
        return f"{self.method} {self.route} {self.status}"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body} -> {self.status}"


@dataclass(frozen=True, slots=True)
class Frame:
    """One gateway frame; `sent` is true where the double sent it."""

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
    """A message right after a change, and the interaction in answer to which it was changed."""

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
    """Something that a well-behaved application does not do."""

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
    """A fault that was ordered and has happened now, on this occasion."""

    at: float
    occasion: str
    fault: object

    @property
    def kind(self) -> str:
        return f"fault {type(self.fault).__name__}"

    def __str__(self) -> str:
        return f"FAULT {self.occasion}: {self.fault}"


Entry = Request | Frame | MessageChange | Injected | Violation
