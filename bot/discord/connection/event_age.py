"""Estimates event age without trusting the local clock."""

import time
from collections.abc import Callable

from discord.utils import snowflake_time

_SPAN_S = 60  # one minimum is kept for each span of this length
_SPANS = 10  # kept, few enough that clock drift within them is negligible


class EventAge:
    """Estimates the age of events from their ids, which contain Discord's time of creation.

    Age is the lag behind the fastest event of the last ten minutes, so that a local clock that is
    wrong by seconds does not make every question look too old. `timer` is monotonic; the first
    event has age 0.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._min_lag: dict[int, float] = {}  # by span, the earliest first

    def age_s(self, event_id: int) -> float:
        """Seconds since the message or interaction with this id was created, at least 0."""
        now = self._timer()
        lag = now - snowflake_time(event_id).timestamp()
        span = int(now // _SPAN_S)
        self._min_lag[span] = min(lag, self._min_lag.get(span, lag))
        while (first := next(iter(self._min_lag))) <= span - _SPANS:
            del self._min_lag[first]
        return lag - min(self._min_lag.values())
