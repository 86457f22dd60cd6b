"""Quantiles of response times, shown by `/status`."""

import statistics
from collections import deque
from dataclasses import dataclass

KEPT = 1_000  # answers; older ones say little about the current speed


@dataclass(frozen=True, slots=True)
class LatencyQuantiles:
    """The median and 95th percentile of the response times, in ms, of `answers` answers."""

    p50_ms: float
    p95_ms: float
    answers: int


class LatencyRecorder:
    """Records the response times of the latest answers, and nothing about the questions."""

    def __init__(self) -> None:
        self._times_ms: deque[float] = deque(maxlen=KEPT)

    def note(self, time_ms: float) -> None:
        """Record a response time, queueing included."""
        self._times_ms.append(time_ms)

    def quantiles(self) -> LatencyQuantiles | None:
        """Return the median and the 95th percentile; None before the first answer."""
        times = list(self._times_ms)
        if not times:
            return None
        if len(times) == 1:
            return LatencyQuantiles(times[0], times[0], 1)
        # Of the 19 cut points, the tenth is the median and the last the 95th percentile.
        cuts = statistics.quantiles(times, n=20, method="inclusive")
        return LatencyQuantiles(cuts[9], cuts[18], len(times))
