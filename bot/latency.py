"""How long answers take, for those who run the bot to see."""

import statistics
from collections import deque
from dataclasses import dataclass

KEPT = 1_000  # the newest answers; what was longer ago says little of now


@dataclass(frozen=True, slots=True)
class LatencyQuantiles:
    """The time, in milliseconds, in which half and 95 % of `answers` questions were answered."""

    p50_ms: float
    p95_ms: float
    answers: int


class LatencyRecorder:
    """The times that the newest answers took, and nothing of what was asked."""

    def __init__(self) -> None:
        self._times_ms: deque[float] = deque(maxlen=KEPT)

    def note(self, time_ms: float) -> None:
        """Note how long an answer took, waiting included."""
        self._times_ms.append(time_ms)

    def quantiles(self) -> LatencyQuantiles | None:
        """The median and the 95th percentile; None before the first answer."""
        times = list(self._times_ms)
        if not times:
            return None
        if len(times) == 1:
            return LatencyQuantiles(times[0], times[0], 1)
        # At every twentieth: the tenth cut is the median, the last the 95th percentile.
        cuts = statistics.quantiles(times, n=20, method="inclusive")
        return LatencyQuantiles(cuts[9], cuts[18], len(times))
