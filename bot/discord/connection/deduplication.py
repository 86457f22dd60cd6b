"""Recognises messages and interactions that Discord sends again."""

from cachetools import TTLCache

from bot.discord.api_limits import ANSWERED_WITHIN_S

KEPT_S = ANSWERED_WITHIN_S  # longer than a session can be resumed
KEPT = 10_000  # ids; the oldest are evicted first


class Deduplicator:
    """Recent ids of messages and interactions, which share one number space."""

    def __init__(self) -> None:
        self._ids: TTLCache[str, bool] = TTLCache(KEPT, KEPT_S)

    def is_new(self, event_id: str) -> bool:
        """Whether this id has not been seen recently; from now on it has."""
        if event_id in self._ids:
            return False
        self._ids[event_id] = True
        return True
