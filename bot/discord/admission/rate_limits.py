"""Rate limits per user and per channel, over a sliding window."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

WINDOW_S = 30.0
CHEAP_REQUEST_FACTOR = 3  # clicks and commands such as /help are more frequent and cost less
_KEPT = 10_000  # users, and channels, that are counted; the oldest are evicted first


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rejected request.

    It is allowed again in `wait_s` seconds. `repeated` is whether an earlier one was refused within
    the window and none was allowed since: then the user need not be notified again.
    """

    wait_s: float
    repeated: bool


class SlidingWindow:
    """At most `limit` requests per key in any `window_s` seconds; 0 for no limit.

    Rejected requests do not count, so that retrying does not prolong the wait.
    """

    def __init__(
        self,
        limit: int,
        window_s: float = WINDOW_S,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._window_s = window_s
        self._timer = timer
        self._times: TTLCache[int, deque[float]] = TTLCache(_KEPT, window_s, timer)

    def wait_s(self, key: int) -> float:
        """Seconds until `key` may make another request; 0 for now."""
        times = self._times.get(key)
        if not self._limit or times is None or len(times) < self._limit:
            return 0.0
        return max(0.0, times[0] + self._window_s - self._timer())

    def count(self, key: int) -> None:
        """Count a request of `key`."""
        if self._limit:
            # The latest `limit` times suffice: the first of them decides when the next is allowed.
            times = self._times.get(key) or deque[float](maxlen=self._limit)
            times.append(self._timer())
            self._times[key] = times


class RateLimits:
    """The limit of users and that of channels combined."""

    def __init__(
        self,
        user_limit: int,
        channel_limit: int,
        window_s: float = WINDOW_S,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._users = SlidingWindow(user_limit, window_s, timer)
        self._channels = SlidingWindow(channel_limit, window_s, timer)
        self._refused: TTLCache[tuple[int, int], bool] = TTLCache(_KEPT, window_s, timer)

    def check(self, user: int, channel: int) -> Refusal | None:
        """The refusal of a request of that user in that channel; None allows and counts it."""
        wait_s = max(self._users.wait_s(user), self._channels.wait_s(channel))
        key = (user, channel)
        if wait_s > 0:
            refusal = Refusal(wait_s, repeated=key in self._refused)
            self._refused.setdefault(key, True)
            return refusal
        self._users.count(user)
        self._channels.count(channel)
        self._refused.pop(key, None)
        return None
