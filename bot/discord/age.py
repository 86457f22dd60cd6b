"""How old what comes in from Discord is, without trust in this machine's clock."""

import time
from collections import deque
from collections.abc import Callable

from discord.utils import snowflake_time

_KEPT = 200  # lags that the least one is taken of: a clock that drifts is followed


class Age:
    """Tells the age of events by their ids, which hold when Discord made them.

    A clock that is some seconds off must not make every question too old: what came in fastest of
    late is taken to have no age, and all else is measured from it. Time is that of `timer`, which
    no one sets: the first event of all has no age.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._lags: deque[float] = deque(maxlen=_KEPT)

    def of(self, event_id: int) -> float:
        """For how many seconds there is the message or interaction of this id, 0 at least."""
        lag = self._timer() - snowflake_time(event_id).timestamp()
        self._lags.append(lag)
        return lag - min(self._lags)
