"""The fake's clock: real time plus the time that tests have skipped; and ids made from it."""

import time
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000
TIMESTAMP_SHIFT = 22


class Clock:
    """Monotonic Unix time in seconds; `advance` skips time without sleeping."""

    def __init__(self) -> None:
        self._stopped_s: float | None = None
        self._ahead_s = time.time() - time.monotonic()

    def now(self) -> float:
        timer_s = time.monotonic() if self._stopped_s is None else self._stopped_s
        return timer_s + self._ahead_s

    def stop(self) -> None:
        """Stop the clock; from now on only `advance` moves it."""
        self._stopped_s = time.monotonic()

    def advance(self, seconds: float) -> None:
        self._ahead_s += seconds


class Snowflakes:
    """Generates Discord's ids, strictly ascending: milliseconds, then a counter."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        now_ms = int(self._clock.now() * 1000)
        self._last = max((now_ms - DISCORD_EPOCH_MS) << TIMESTAMP_SHIFT, self._last + 1)
        return self._last


def iso(seconds: float) -> str:
    """Format a time as Discord does: ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
