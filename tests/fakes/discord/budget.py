"""A budget of events in a sliding window, the form of most of Discord's limits."""

from collections import deque

from .clock import Clock


class Budget:
    """Counts events in the last `window_s` seconds of the fake's clock."""

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
        """Seconds until the oldest event leaves the window; 0 if there is none."""
        return self._spent_at[0] + self.window_s - self._clock.now() if self.used else 0.0

    def spend(self, amount: int = 1) -> bool:
        """Count that many events if the budget allows it; otherwise count none and return False."""
        if amount > self.left:
            return False
        self._spent_at.extend([self._clock.now()] * amount)
        return True
