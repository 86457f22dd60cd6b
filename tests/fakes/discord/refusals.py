"""Discord's refusals, with the HTTP status, error code and message of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .limits import COMMAND_CREATES_A_DAY as A_DAY

Json = dict[str, Any]


class Refusal(Enum):
    """The refusals: (HTTP status, JSON error code, message)."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    UNKNOWN_ROUTE = (404, 0, "404: Not Found")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    TOO_MANY_COMMANDS = (
        400,
        30034,
        f"Max number of daily application command creates has been reached ({A_DAY})",
    )
    TOO_MANY_FOLLOW_UPS = (
        400,
        40094,
        "This interaction has reached the maximum number of follow-up messages",
    )
    THREAD_LOCKED = (400, 50083, "Thread is archived")
    UNKNOWN_APPLICATION = (404, 10002, "Unknown Application")
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_MESSAGE_USER = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
    INVALID_BODY = (400, 50035, "Invalid Form Body")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    NO_HISTORY = (400, 160002, "Cannot reply without permission to read message history")
    THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")
    RATE_LIMITED = (429, 0, "You are being rate limited.")

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def code(self) -> int:
        return self.value[1]

    @property
    def message(self) -> str:
        return self.value[2]

    @property
    def rule(self) -> str:
        """The name in the ledger, such as `unknown-channel`."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a body, with its path, such as ("embeds", 0, "title")."""

    path: tuple[str | int, ...]
    code: str
    message: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path)) or 'body'}: {self.message}"


class Refused(Exception):  # noqa: N818 - not an error of the fake: this is its answer
    """Raised by a route's handler to answer the request with a refusal."""

    def __init__(
        self, refusal: Refusal, problems: Iterable[Problem] = (), extra: Json | None = None
    ) -> None:
        self.refusal = refusal
        self.problems = tuple(problems)
        self.extra = extra or {}
        super().__init__("; ".join([refusal.message, *map(str, self.problems)]))

    @property
    def payload(self) -> Json:
        payload: Json = {"message": self.refusal.message, "code": self.refusal.code, **self.extra}
        if self.problems:
            payload["errors"] = _nested(self.problems)
        return payload


def invalid(path: tuple[str | int, ...], code: str, message: str) -> Refused:
    """Return the refusal of a body with one problem."""
    return Refused(Refusal.INVALID_BODY, [Problem(path, code, message)])


def _nested(problems: Iterable[Problem]) -> Json:
    tree: Json = {}
    for problem in problems:
        node = tree
        for step in problem.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
    return tree
