"""The limits of session starts, as in `session_start_limit` of GET /gateway/bot."""

from enum import Enum, auto

from . import limits
from .budget import Budget
from .clock import Clock
from .refusals import Json


class Start(Enum):
    ALLOWED = auto()
    TOO_SOON = auto()
    USED_UP = auto()


class SessionStarts:
    """Allows one IDENTIFY in five seconds and 1,000 a day; tests can change both limits."""

    def __init__(self, clock: Clock) -> None:
        self.daily = Budget(clock, limits.IDENTIFIES_A_DAY, limits.DAY_S)
        self.concurrent = Budget(clock, limits.IDENTIFIES_AT_ONCE, limits.IDENTIFY_INTERVAL_S)

    def count(self) -> Start:
        """Count an IDENTIFY, even if it comes too soon."""
        if not self.daily.spend():
            return Start.USED_UP
        return Start.ALLOWED if self.concurrent.spend() else Start.TOO_SOON

    @property
    def payload(self) -> Json:
        return {
            "total": self.daily.limit,
            "remaining": self.daily.left,
            "reset_after": int(self.daily.reset_after_s * 1000),
            "max_concurrency": self.concurrent.limit,
        }
