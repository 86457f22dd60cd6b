"""Faults that a test orders, waiting for their moment; each one that happens goes on the ledger.

    discord.faults.on("POST", "/channels/{channel_id}/messages", TooMany(retry_after_s=2))
    discord.faults.at(Moment.IDENTIFY, Invalidate(resumable=False), times=3)
    discord.faults.at("RESUMED", Reconnect(), times=ALWAYS)
    discord.faults.now(Drop())

What can happen to requests is in `rest_faults`, what can happen to the gateway in `gateway_faults`.
Without an order, nothing goes wrong.
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
"""As often as there is an occasion, until `clear`."""

F = TypeVar("F")


@dataclass(slots=True)
class _Order(Generic[F]):
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
    """Orders for one kind of occasion, first come, first served."""

    def __init__(self) -> None:
        self._orders: deque[_Order[F]] = deque()

    def put(self, faults: tuple[F | None, ...], times: int | None) -> None:
        if not faults:
            raise ValueError("an order needs a fault")
        self._orders.append(_Order(faults, times))

    @property
    def waits(self) -> bool:
        return any(order.times is not None and not order.exhausted for order in self._orders)

    def take(self) -> F | None:
        while self._orders and self._orders[0].exhausted:
            self._orders.popleft()
        return self._orders[0].take() if self._orders else None


class Faults:
    """Faults that are waiting, by route and by moment of the gateway."""

    def __init__(self, ledger: Ledger) -> None:
        self._strikers: list[Callable[[GatewayFault], None]] = []
        self.routes: set[tuple[str, str]] = set()
        self._ledger = ledger
        self._on_requests: dict[tuple[str, str], _Queue[RestFault]] = {}
        self._at_moments: dict[str, _Queue[GatewayFault]] = {}

    def on(self, method: str, route: str, *faults: RestFault | None, times: int | None = 1) -> None:
        """Let the next requests of a route meet these faults, one each, so many times over.

        A route is written as in Discord's documentation: "/channels/{channel_id}/messages"; all of
        them are in `routes`. None stands for a request that nothing happens to.
        """
        if (method, route) not in self.routes:
            raise ValueError(f"the double has no {method} {route}")
        self._on_requests.setdefault((method, route), _Queue()).put(faults, times)

    def at(self, moment: str, *faults: GatewayFault | None, times: int | None = 1) -> None:
        """Let the next moments of this kind meet these faults, one each, so many times over.

        A moment is a `Moment`, or the name of an event: "READY", "INTERACTION_CREATE".
        """
        self._at_moments.setdefault(moment, _Queue()).put(faults, times)

    def now(self, fault: GatewayFault) -> None:
        """Let this happen to every gateway connection there is."""
        self._record("now", fault)
        for strike_all in self._strikers:
            strike_all(fault)

    def call_now(self, strike_all: Callable[[GatewayFault], None]) -> None:
        """Name who carries out what is to happen now."""
        self._strikers.append(strike_all)

    def clear(self) -> None:
        """Forget what has not happened yet."""
        self._on_requests.clear()
        self._at_moments.clear()

    @property
    def waiting(self) -> list[str]:
        """Return the occasions that orders of a given number are still waiting for."""
        queues: dict[str, _Queue[RestFault] | _Queue[GatewayFault]] = {**self._at_moments}
        queues |= {" ".join(key): queue for key, queue in self._on_requests.items()}
        return sorted(occasion for occasion, queue in queues.items() if queue.waits)

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
