"""Rate limits: a bucket for each method, route and major id, and one limit over all of them.

As documented, interaction endpoints are exempt from the global limit. A refused request does not
count. Each response has the state of its bucket in its headers, so that clients can wait in time.
"""

import hashlib
import math
from dataclasses import dataclass

from . import limits
from .bounded_dict import BoundedDict
from .clock import Clock

MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_token")
PUNCTUAL_S = 0.01  # tolerance for clients whose timers run a little fast

Headers = dict[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    requests: int = limits.BUCKET_REQUESTS
    window_s: float = limits.BUCKET_WINDOW_S


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rate limiter's verdict on a request, which is accepted if `wait_s` is 0."""

    headers: Headers
    wait_s: float = 0.0
    scope: str = "user"


@dataclass(slots=True)
class _Window:
    rule: Rule
    ends_at: float = 0.0
    used: int = 0

    def take(self, now: float) -> float:
        """Count a request and return 0, or return the seconds that it must wait."""
        if now >= self.ends_at - PUNCTUAL_S:
            self.ends_at, self.used = now + self.rule.window_s, 0
        if self.used >= self.rule.requests:
            return self.ends_at - now
        self.used += 1
        return 0.0

    def close(self, until: float) -> None:
        self.ends_at, self.used = until, self.rule.requests


class RateLimits:
    """Counts requests in fixed windows; rules can be changed at any time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._usual = Rule()
        self._of_routes: dict[tuple[str, str], Rule] = {}
        self._all = _Window(Rule(limits.GLOBAL_REQUESTS, limits.GLOBAL_WINDOW_S))
        self._windows: BoundedDict[Key, _Window] = BoundedDict(limits.CAPACITY)

    def limit(self, method: str, route: str, *, requests: int, window_s: float) -> None:
        """Set the limit of a route, which applies to each of its major ids."""
        self._of_routes[method, route] = Rule(requests, window_s)

    def limit_all(self, *, requests: int, window_s: float = limits.GLOBAL_WINDOW_S) -> None:
        """Set the global limit."""
        self._all = _Window(Rule(requests, window_s))

    def block(self, method: str, route: str, params: dict[str, str], seconds: float) -> None:
        """Refuse the requests of a bucket for that many seconds."""
        self._window(method, route, params).close(self._clock.now() + seconds)

    def block_all(self, seconds: float) -> None:
        """Refuse requests to all but the interaction endpoints for that many seconds."""
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
    """Round up to milliseconds, so that clients that wait that long are not too early."""
    return math.ceil(seconds * 1000) / 1000
