"""Rate limits: a bucket for each method, route and major id, and one limit over all of them.

As documented, the interaction endpoints are exempt from the global limit. A refused request uses
nothing up. Each answer tells how its bucket stands, so that a client never has to run into a wall.
"""

import hashlib
import math
from dataclasses import dataclass

from . import limits
from .clock import Clock
from .newest import Newest

MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_token")
PUNCTUAL_S = 0.01  # a client that comes this much early is taken for one that waited

Headers = dict[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    requests: int = limits.BUCKET_REQUESTS
    window_s: float = limits.BUCKET_WINDOW_S


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict of the limits on one request; it may pass if it need not wait."""

    headers: Headers
    wait_s: float = 0.0
    scope: str = "user"


@dataclass(slots=True)
class _Window:
    rule: Rule
    ends_at: float = 0.0
    used: int = 0

    def take(self, now: float) -> float:
        """Take one request; return for how long it must wait instead (0: it has been taken)."""
        if now >= self.ends_at - PUNCTUAL_S:
            self.ends_at, self.used = now + self.rule.window_s, 0
        if self.used >= self.rule.requests:
            return self.ends_at - now
        self.used += 1
        return 0.0

    def close(self, until: float) -> None:
        self.ends_at, self.used = until, self.rule.requests


class RateLimits:
    """Counts requests in fixed windows; the rules may be changed at any time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._usual = Rule()
        self._of_routes: dict[tuple[str, str], Rule] = {}
        self._all = _Window(Rule(limits.GLOBAL_REQUESTS, limits.GLOBAL_WINDOW_S))
        self._windows: Newest[Key, _Window] = Newest(limits.REMEMBERED)

    def limit(self, method: str, route: str, *, requests: int, window_s: float) -> None:
        """Set the limit of one route, for each of its major ids."""
        self._of_routes[method, route] = Rule(requests, window_s)

    def limit_all(self, *, requests: int, window_s: float = limits.GLOBAL_WINDOW_S) -> None:
        """Set the global limit."""
        self._all = _Window(Rule(requests, window_s))

    def block(self, method: str, route: str, params: dict[str, str], seconds: float) -> None:
        """Close one bucket for so long."""
        self._window(method, route, params).close(self._clock.now() + seconds)

    def block_all(self, seconds: float) -> None:
        """Close all but the interaction endpoints for so long."""
        self._all.close(self._clock.now() + seconds)

    def count(self, method: str, route: str, params: dict[str, str], *, exempt: bool) -> Verdict:
        """Count a request; `exempt` from the global limit."""
        now, window = self._clock.now(), self._window(method, route, params)
        wait_s = 0.0 if exempt else self._all.take(now)
        if wait_s:
            return Verdict({}, wait_s, "global")
        wait_s = window.take(now)
        bucket = hashlib.blake2s(f"{method} {route}".encode(), digest_size=16).hexdigest()
        headers = {
            "X-RateLimit-Limit": str(window.rule.requests),
            "X-RateLimit-Remaining": str(window.rule.requests - window.used),
            "X-RateLimit-Reset": f"{window.ends_at:.3f}",
            "X-RateLimit-Reset-After": f"{_ceiling(window.ends_at - now):.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        return Verdict(headers, _ceiling(wait_s))

    def _window(self, method: str, route: str, params: dict[str, str]) -> _Window:
        key = (method, route, *(params.get(name, "") for name in MAJOR))
        rule = self._of_routes.get((method, route), self._usual)
        window = self._windows.get(key)
        if window is None or window.rule != rule:
            window = self._windows[key] = _Window(rule)
        return window


def _ceiling(seconds: float) -> float:
    """Round up to milliseconds, so that nobody who waits as told comes too early."""
    return math.ceil(seconds * 1000) / 1000
