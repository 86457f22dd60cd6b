"""The faults of requests and their responses."""

from dataclasses import dataclass
from typing import Literal

from .refusals import Refusal


@dataclass(frozen=True, slots=True)
class TooMany:
    """Responds 429 as Discord does, and refuses further requests until then.

    The scope "user" blocks the route's bucket, and so does "shared", which does not count toward a
    ban; "global" blocks all but the interaction endpoints. If `with_retry_after` is false, the
    response lacks `retry_after`.
    """

    retry_after_s: float
    scope: Literal["user", "global", "shared"] = "user"
    with_retry_after: bool = True


@dataclass(frozen=True, slots=True)
class Banned:
    """Responds as Cloudflare does after a ban: with HTML, and without a `Via` header."""

    status: int = 429


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refuses a valid request, as if a token were revoked or a channel were gone."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class ServerError:
    """Responds 5xx with an HTML body; handles the request before if `after_handling`."""

    status: int = 502
    after_handling: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """Breaks the connection before the response; `after_handling` as above."""

    after_handling: bool = False


@dataclass(frozen=True, slots=True)
class SlowResponse:
    """Delays the request, or only its response if `after_handling`."""

    seconds: float
    after_handling: bool = False


@dataclass(frozen=True, slots=True)
class SlowBody:
    """Sends the body of the response in small pieces over that many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class CutBody:
    """Breaks the connection in the middle of the response's body."""


@dataclass(frozen=True, slots=True)
class BrokenBody:
    """Handles the request and keeps the status, but replaces the body."""

    text: str = '{"id": '
    content_type: str = "application/json"


RestFault = (
    TooMany | Banned | Refuse | ServerError | Reset | SlowResponse | SlowBody | CutBody | BrokenBody
)
