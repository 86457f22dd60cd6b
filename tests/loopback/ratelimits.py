"""Rate limits: one bucket for each method, route and major id, with Discord's headers."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

from . import limits
from .clock import Clock

MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_token")

Headers = dict[str, str]


@dataclass(slots=True)
class _Window:
    ends_at: float = 0.0
    used: int = 0


@dataclass(slots=True)
class RateLimits:
    """Counts requests in fixed windows; `requests` and `window_s` may be changed at any time."""

    clock: Clock
    requests: int = limits.BUCKET_REQUESTS
    window_s: float = limits.BUCKET_WINDOW_S
    _windows: defaultdict[tuple[str, ...], _Window] = field(
        default_factory=lambda: defaultdict(_Window)
    )

    def count(self, method: str, route: str, params: dict[str, str]) -> tuple[Headers, float]:
        """Count a request; return its headers and for how long it must wait (0: it may pass)."""
        window = self._windows[(method, route, *(params.get(name, "") for name in MAJOR))]
        now = self.clock.now()
        if now >= window.ends_at:
            window.ends_at, window.used = now + self.window_s, 0
        wait_s = window.ends_at - now if window.used >= self.requests else 0.0
        window.used += not wait_s
        bucket = hashlib.blake2s(f"{method} {route}".encode(), digest_size=16).hexdigest()
        headers = {
            "X-RateLimit-Limit": str(self.requests),
            "X-RateLimit-Remaining": str(self.requests - window.used),
            "X-RateLimit-Reset": f"{window.ends_at:.3f}",
            "X-RateLimit-Reset-After": f"{window.ends_at - now:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        return headers, wait_s
