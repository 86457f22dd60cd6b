"""A budget of events in a stretch of time: the shape of most of Discord's limits."""

from collections import deque

from .clock import Clock


class Budget:
    """Counts over the last `window_s` seconds, on the double's clock."""

    def __init__(self, clock: Clock, limit: int, window_s: float) -> None:
        self.limit = limit
        self.window_s = window_s
        self._clock = clock
        self._spent_at: deque[float] = deque()

    @property
    def used(self) -> int:
        oldest = self._clock.now() - self.window_s
        while self._spent_at and self._spent_at[0] <= oldest:
            self._spent_at.popleft()
        return len(self._spent_at)

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def reset_after_s(self) -> float:
        """Seconds until the first of what was spent is given back; 0 if nothing was spent."""
        return self._spent_at[0] + self.window_s - self._clock.now() if self.used else 0.0

    def spend(self, amount: int = 1) -> bool:
        """Take an amount; False, and nothing taken, where that is more than is left."""
        if amount > self.left:
            return False
        self._spent_at.extend([self._clock.now()] * amount)
        return True
