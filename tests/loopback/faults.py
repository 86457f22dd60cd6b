"""Faults that a test orders for a route: too many requests, server errors, reset connections."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TooMany:
    """429 with the JSON body and headers of Discord."""

    retry_after_s: float
    scope: Literal["user", "global", "shared"] = "user"


@dataclass(frozen=True, slots=True)
class ServerError:
    """A 5xx with an HTML body; `after_work` when the request was carried out all the same."""

    status: int = 502
    after_work: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks before an answer; `after_work` as above."""

    after_work: bool = False


Fault = TooMany | ServerError | Reset


class Faults:
    """Faults waiting for their request, first come, first served."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], list[Fault]] = {}

    def order(self, method: str, route: str, faults: Iterable[Fault]) -> None:
        """Let the next requests of a route meet these faults, one each."""
        self._waiting.setdefault((method, route), []).extend(faults)

    def take(self, method: str, route: str) -> Fault | None:
        waiting = self._waiting.get((method, route))
        return waiting.pop(0) if waiting else None
