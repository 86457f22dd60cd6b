"""The budget of session starts, as in `session_start_limit` of GET /gateway/bot."""

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
    """One IDENTIFY in five seconds, 1,000 a day; both budgets may be changed by a test."""

    def __init__(self, clock: Clock) -> None:
        self.a_day = Budget(clock, limits.IDENTIFIES_A_DAY, limits.DAY_S)
        self.at_once = Budget(clock, limits.IDENTIFIES_AT_ONCE, limits.IDENTIFY_INTERVAL_S)

    def count(self) -> Start:
        """Count an IDENTIFY, one that comes too soon as well."""
        if not self.a_day.spend():
            return Start.USED_UP
        return Start.ALLOWED if self.at_once.spend() else Start.TOO_SOON

    @property
    def payload(self) -> Json:
        return {
            "total": self.a_day.limit,
            "remaining": self.a_day.left,
            "reset_after": int(self.a_day.reset_after_s * 1000),
            "max_concurrency": self.at_once.limit,
        }
