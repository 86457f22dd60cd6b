"""What has come in from Discord already, so that a replay of it changes nothing."""

from cachetools import TTLCache

from bot.discord.api_limits import ANSWERED_WITHIN_S

KEPT_S = ANSWERED_WITHIN_S  # a session can be resumed for less
KEPT = 10_000  # ids; the oldest are forgotten first


class Deduplicator:
    """Ids of messages and interactions, which share one sequence: an id is never both."""

    def __init__(self) -> None:
        self._ids: TTLCache[str, bool] = TTLCache(KEPT, KEPT_S)

    def first_time(self, event_id: str) -> bool:
        """Whether this id comes for the first time, as far as is remembered."""
        if event_id in self._ids:
            return False
        self._ids[event_id] = True
        return True
