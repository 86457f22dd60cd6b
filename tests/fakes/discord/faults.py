"""Schedules faults; each one that is applied is recorded on the ledger.

    discord.faults.on("POST", "/channels/{channel_id}/messages", TooMany(retry_after_s=2))
    discord.faults.at(Moment.IDENTIFY, Invalidate(resumable=False), times=3)
    discord.faults.at("RESUMED", Reconnect(), times=ALWAYS)
    discord.faults.now(Drop())

`rest_faults` has the faults of requests, `gateway_faults` those of the gateway. Without scheduled
faults, nothing fails.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from .entries import Injected
from .gateway_faults import GatewayFault
from .ledger import Ledger
from .rest_faults import RestFault

ALWAYS: Final = None
"""Every time, until `clear`."""

F = TypeVar("F")


@dataclass(slots=True)
class _Scheduled(Generic[F]):
    faults: tuple[F | None, ...]
    times: int | None
    taken: int = 0

    @property
    def exhausted(self) -> bool:
        return self.times is not None and self.taken >= self.times * len(self.faults)

    def take(self) -> F | None:
        fault = self.faults[self.taken % len(self.faults)]
        self.taken += 1
        return fault


class _Queue(Generic[F]):
    """The faults scheduled for one occasion, in the order in which they were scheduled."""

    def __init__(self) -> None:
        self._scheduled: deque[_Scheduled[F]] = deque()

    def put(self, faults: tuple[F | None, ...], times: int | None) -> None:
        if not faults:
            raise ValueError("no fault to schedule")
        self._scheduled.append(_Scheduled(faults, times))

    @property
    def is_pending(self) -> bool:
        return any(order.times is not None and not order.exhausted for order in self._scheduled)

    def take(self) -> F | None:
        while self._scheduled and self._scheduled[0].exhausted:
            self._scheduled.popleft()
        return self._scheduled[0].take() if self._scheduled else None


class Faults:
    """The scheduled faults, by route and by moment of the gateway."""

    def __init__(self, ledger: Ledger) -> None:
        self._handlers: list[Callable[[GatewayFault], None]] = []
        self.routes: set[tuple[str, str]] = set()
        self._ledger = ledger
        self._on_requests: dict[tuple[str, str], _Queue[RestFault]] = {}
        self._at_moments: dict[str, _Queue[GatewayFault]] = {}

    def on(self, method: str, route: str, *faults: RestFault | None, times: int | None = 1) -> None:
        """Apply these faults to the next requests of a route, one each, `times` times over.

        Routes are written as in Discord's documentation: "/channels/{channel_id}/messages"; all of
        them are in `routes`. None stands for a request without a fault.
        """
        if (method, route) not in self.routes:
            raise ValueError(f"the fake has no {method} {route}")
        self._on_requests.setdefault((method, route), _Queue()).put(faults, times)

    def at(self, moment: str, *faults: GatewayFault | None, times: int | None = 1) -> None:
        """Apply these faults at the next such moments, one each, `times` times over.

        A moment is a `Moment`, or the name of an event: "READY", "INTERACTION_CREATE".
        """
        self._at_moments.setdefault(moment, _Queue()).put(faults, times)

    def now(self, fault: GatewayFault) -> None:
        """Apply a fault to every open gateway connection."""
        self._record("now", fault)
        for apply_to_all in self._handlers:
            apply_to_all(fault)

    def add_handler(self, apply_to_all: Callable[[GatewayFault], None]) -> None:
        """Add a function that applies a fault to all connections, for `now`."""
        self._handlers.append(apply_to_all)

    def clear(self) -> None:
        """Remove all faults that have not been applied yet."""
        self._on_requests.clear()
        self._at_moments.clear()

    @property
    def pending(self) -> list[str]:
        """The occasions for which faults are scheduled a limited number of times."""
        queues: dict[str, _Queue[RestFault] | _Queue[GatewayFault]] = {**self._at_moments}
        queues |= {" ".join(key): queue for key, queue in self._on_requests.items()}
        return sorted(occasion for occasion, queue in queues.items() if queue.is_pending)

    def take_for_request(self, method: str, route: str) -> RestFault | None:
        return self._take(self._on_requests.get((method, route)), f"{method} {route}")

    def take_for_moment(self, moment: str) -> GatewayFault | None:
        return self._take(self._at_moments.get(moment), moment)

    def _take(self, queue: _Queue[F] | None, occasion: str) -> F | None:
        fault = queue.take() if queue else None
        if fault is not None:
            self._record(occasion, fault)
        return fault

    def _record(self, occasion: str, fault: object) -> None:
        self._ledger.record(Injected(self._ledger.now(), occasion, fault))
