"""How many questions, or clicks, of one person and in one channel are taken at once."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

WINDOW_S = 30.0
LOOKS_A_QUESTION = 3  # clicks and commands such as /help come more often, and each costs less
_KEPT = 10_000  # people, and channels, that are counted; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class TooMany:
    """Why a question is turned away.

    It may be asked in `wait_s` seconds. `told` is whether the asker was told so already, since a
    question of theirs was last let through or for a whole window.
    """

    wait_s: float
    told: bool


class Window:
    """At most `most` questions in any `window_s` seconds of each key; 0 stands for any number.

    What is turned away does not count, so that whoever goes on trying is let in all the same.
    """

    def __init__(
        self,
        most: int,
        window_s: float = WINDOW_S,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._window_s = window_s
        self._timer = timer
        self._asked: TTLCache[int, deque[float]] = TTLCache(_KEPT, window_s, timer)

    def wait_s(self, key: int) -> float:
        """In how many seconds `key` may ask; 0 for now."""
        asked = self._asked.get(key)
        if not self._most or asked is None or len(asked) < self._most:
            return 0.0
        return max(0.0, asked[0] + self._window_s - self._timer())

    def count(self, key: int) -> None:
        """Count a question of `key`."""
        if self._most:
            # Only the newest matter: the oldest of them tells when there is room again.
            asked = self._asked.get(key) or deque[float](maxlen=self._most)
            asked.append(self._timer())
            self._asked[key] = asked


class Limits:
    """The limits of people and of channels together."""

    def __init__(
        self,
        of_person: int,
        of_channel: int,
        window_s: float = WINDOW_S,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._people = Window(of_person, window_s, timer)
        self._channels = Window(of_channel, window_s, timer)
        self._told: TTLCache[tuple[int, int], bool] = TTLCache(_KEPT, window_s, timer)

    def turn_away(self, person: int, channel: int) -> TooMany | None:
        """Why that person's question is turned away there; None lets it in, and counts it."""
        wait_s = max(self._people.wait_s(person), self._channels.wait_s(channel))
        key = (person, channel)
        if wait_s > 0:
            refusal = TooMany(wait_s, told=key in self._told)
            self._told.setdefault(key, True)
            return refusal
        self._people.count(person)
        self._channels.count(channel)
        self._told.pop(key, None)
        return None
