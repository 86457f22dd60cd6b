"""How old what comes in from Discord is, without trust in this machine's clock."""

import time
from collections.abc import Callable

from discord.utils import snowflake_time

_SPAN_S = 60  # of which only the least lag is kept
_SPANS = 10  # for so many, a clock that drifts is not seen to


class EventAge:
    """Tells the age of events by their ids, which hold when Discord made them.

    A clock that is some seconds off must not make every question too old: what came in fastest of
    late is taken to have no age, and all else is measured from it. Time is that of `timer`, which
    no one sets: the first event of all has no age.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._least: dict[int, float] = {}  # lag of each span, the earliest first

    def of(self, event_id: int) -> float:
        """For how many seconds there is the message or interaction of this id, 0 at least."""
        now = self._timer()
        lag = now - snowflake_time(event_id).timestamp()
        span = int(now // _SPAN_S)
        self._least[span] = min(lag, self._least.get(span, lag))
        while (first := next(iter(self._least))) <= span - _SPANS:
            del self._least[first]
        return lag - min(self._least.values())
