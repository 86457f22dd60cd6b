"""Filters incoming events before discord.py parses them, and applies back-pressure.

Discord sends events again when a connection is resumed. Deduplication here covers messages,
commands, buttons and forms in one place.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from cachetools import TTLCache

from bot.discord.api_limits import ANSWERED_WITHIN_S
from bot.discord.connection.discordpy_internals import Parser
from bot.discord.connection.event_age import EventAge
from bot.discord.connection.first_response import FirstResponses
from bot.discord.logs import LogOnce, error_location

log = logging.getLogger(__name__)

# Interactions that await their first response: few enough that each is acknowledged in time when
# the processor is the bottleneck, and enough for hundreds a second when Discord is.
_MAX_PENDING = 50
_MAX_PENDING_FOR_SEARCH = 25

KEPT_S = ANSWERED_WITHIN_S  # ids of events: longer than a session can be resumed
KEPT = 10_000  # the oldest are evicted first

_BEGINNINGS = frozenset({"READY", "RESUMED"})  # without them, a session is of no use

_Event = Mapping[str, Any]


class Intake:
    """Admits each message and interaction once, if it is for the bot and can still be answered.

    Reading pauses while too many interactions await their first response. So in a burst, those
    that have been read are answered in time, and those that are read too late cost nothing.
    """

    def __init__(self, own_id: Callable[[], int | None]) -> None:
        self.first_responses = FirstResponses()
        self._own_id = own_id
        self._deduplicator = Deduplicator()
        self._event_age = EventAge()
        self._once = LogOnce(log)

    def guard(self, parsers: dict[str, Parser]) -> None:
        """Replace a client's parsers by ones that only get admitted events.

        A malformed event is logged and dropped; without this, it would end the connection.
        """
        admits = {
            "MESSAGE_CREATE": self._admits_message,
            "MESSAGE_UPDATE": self._admits_edit,
            "INTERACTION_CREATE": self._admits_interaction,
        }
        for event in parsers.keys() - _BEGINNINGS:
            parsers[event] = self._guarded(event, admits.get(event, _any), parsers[event])

    async def throttle_reading(self) -> None:
        """Wait until the next event may be read; lets tasks of earlier events start first."""
        await asyncio.sleep(0)
        await self.first_responses.fewer_than(_MAX_PENDING)

    async def throttle_searches(self) -> None:
        """Wait while many interactions await their first response, which is more urgent."""
        await self.first_responses.fewer_than(_MAX_PENDING_FOR_SEARCH)

    def _guarded(self, event: str, admits: Callable[[_Event], bool], parse: Parser) -> Parser:
        def parse_admitted(data: Any) -> None:  # noqa: ANN401 - any JSON
            try:
                if admits(data):
                    parse(data)
            except Exception as error:  # noqa: BLE001 - one bad event must not end the connection
                where = error_location(error)
                self._once.warn(where, None, "A malformed %s was dropped: %s", event, where)

        return parse_admitted

    def _is_for_bot(self, message: _Event) -> bool:
        if message["author"].get("bot") or message.get("webhook_id"):
            return False
        mentioned = {str(one["id"]) for one in message.get("mentions", ())}
        return not message.get("guild_id") or str(self._own_id()) in mentioned

    def _admits_edit(self, message: _Event) -> bool:
        """True if a person has edited a message; an address that gets a preview is no edit."""
        edited = message.get("edited_timestamp")
        if not edited or not self._is_for_bot(message):
            return False
        return self._deduplicator.is_new(f"{message['id']} {edited}")

    def _admits_message(self, message: _Event) -> bool:
        if not self._is_for_bot(message):
            return False
        self._event_age.age_s(int(message["id"]))  # calibrates the ages of interactions
        return self._deduplicator.is_new(message["id"])

    def _admits_interaction(self, interaction: _Event) -> bool:
        if not self._deduplicator.is_new(interaction["id"]):
            return False
        interaction_id = int(interaction["id"])
        if self.first_responses.expect(interaction_id, self._event_age.age_s(interaction_id)):
            return True
        channel = interaction.get("channel_id")
        message = "An interaction in channel %s came too late to be answered."
        self._once.warn("late", channel and int(channel), message, channel)
        return False


def _any(_event: _Event) -> bool:
    return True


class Deduplicator:
    """Recent ids of messages and interactions, which share one number space."""

    def __init__(self) -> None:
        self._ids: TTLCache[str, bool] = TTLCache(KEPT, KEPT_S)

    def is_new(self, event_id: str) -> bool:
        """True if this id has not been seen recently; remembers it."""
        if event_id in self._ids:
            return False
        self._ids[event_id] = True
        return True
