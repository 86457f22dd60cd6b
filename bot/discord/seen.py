"""What has come in from Discord already, so that a replay of it changes nothing.

When a connection is resumed, Discord sends again what it is not sure of: without this, one
question could be answered twice. It works on events as they come off the wire, so that messages,
commands, buttons and forms are all covered in one place.
"""

import logging
from collections.abc import Callable
from typing import Any

from cachetools import TTLCache

from bot.discord.limits_of_discord import ANSWERED_WITHIN_S
from bot.discord.logs import LogOnce, place_of

log = logging.getLogger(__name__)

KEPT_S = ANSWERED_WITHIN_S  # a session can be resumed for less
KEPT = 10_000  # ids; the oldest are forgotten first

_ASKED = ("MESSAGE_CREATE", "INTERACTION_CREATE")

Parser = Callable[[Any], None]


class Seen:
    """Ids of messages and interactions, which share one sequence: an id is never both."""

    def __init__(self) -> None:
        self._ids: TTLCache[str, bool] = TTLCache(KEPT, KEPT_S)

    def first_time(self, event_id: str) -> bool:
        """Whether this id comes for the first time, as far as is remembered."""
        if event_id in self._ids:
            return False
        self._ids[event_id] = True
        return True


def once_each(parsers: dict[str, Parser], seen: Seen) -> None:
    """Let each message and each interaction through to its parser once, in place.

    A malformed one is told in a line of the log and passed over, where it would else end the
    connection.
    """
    for event in _ASKED:
        parsers[event] = _guarded(event, parsers[event], seen)


def _guarded(event: str, parse: Parser, seen: Seen) -> Parser:
    once = LogOnce(log)

    def parse_once(data: Any) -> None:  # noqa: ANN401 - any JSON
        try:
            if seen.first_time(data["id"]):
                parse(data)
        except Exception as error:  # noqa: BLE001 - one bad event must not end the connection
            where = place_of(error)
            once.warn(where, None, "A malformed %s was passed over: %s", event, where)

    return parse_once
