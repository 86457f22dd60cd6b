"""Faults of a request and its answer."""

from dataclasses import dataclass
from typing import Literal

from .refusals import Refusal


@dataclass(frozen=True, slots=True)
class TooMany:
    """429 with the JSON body and headers of Discord, and no request through until then.

    "user" closes the route's bucket, "shared" too, though such an answer is not held against the
    application; "global" closes all but the interaction endpoints. `says_when` is false for an
    answer that lacks `retry_after`.
    """

    retry_after_s: float
    scope: Literal["user", "global", "shared"] = "user"
    says_when: bool = True


@dataclass(frozen=True, slots=True)
class Banned:
    """An answer of Cloudflare in Discord's place: HTML, and no `Via` header."""

    status: int = 429


@dataclass(frozen=True, slots=True)
class Refuse:
    """A refusal that the state of the world does not call for: a revoked token, a lost channel."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class ServerError:
    """A 5xx with an HTML body; `after_work` when the request was carried out all the same."""

    status: int = 502
    after_work: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks before an answer; `after_work` as above."""

    after_work: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """The true answer comes so much later; `after_work` when only the answer is held up."""

    seconds: float
    after_work: bool = False


@dataclass(frozen=True, slots=True)
class SlowBody:
    """The true answer, its body drop by drop over so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class CutBody:
    """The true answer, the connection breaking in the middle of its body."""


@dataclass(frozen=True, slots=True)
class BrokenBody:
    """The work is done, and the status is right, but the body is this."""

    text: str = '{"id": '
    content_type: str = "application/json"


RestFault = TooMany | Banned | Refuse | ServerError | Reset | Late | SlowBody | CutBody | BrokenBody
