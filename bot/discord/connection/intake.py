"""What comes in from Discord, as it comes off the wire: what is let in, and how fast it is read.

When a connection is resumed, Discord sends again what it is not sure of: without this, one question
could be answered twice. Here, messages, commands, buttons and forms are all covered in one place,
before discord.py makes anything of them.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.discord.connection.deduplication import Deduplicator
from bot.discord.connection.event_age import EventAge
from bot.discord.connection.first_response import FirstResponses
from bot.discord.logs import LogOnce, place_of

log = logging.getLogger(__name__)

# Interactions that wait for their first response: few enough that none waits for long where it is
# the processor that all wait for, and enough for hundreds a second where it is Discord.
_MOST_WAITING = 50
_MANY_WAITING = 25

Parser = Callable[[Any], None]
_Event = Mapping[str, Any]


class Intake:
    """Lets in each message and interaction once, if it is for the bot and can still be answered.

    What Discord sends waits to be read while too many are to be responded to: of a burst, those
    that are read are answered in time, and nothing is done for those that are read too late.
    """

    def __init__(self, own_id: Callable[[], int | None]) -> None:
        self.first_responses = FirstResponses()
        self._own_id = own_id
        self._seen = Deduplicator()
        self._age = EventAge()
        self._once = LogOnce(log)

    def guard(self, parsers: dict[str, Parser]) -> None:
        """Let nothing else through to the parsers of a client, in place.

        A malformed event is told in a line of the log and passed over, where it would else end the
        connection.
        """
        for event, admits in (
            ("MESSAGE_CREATE", self._admits_message),
            ("INTERACTION_CREATE", self._admits_interaction),
        ):
            parsers[event] = self._guarded(event, admits, parsers[event])
        # The bot's own answers, each time they are edited, and what others say in its channels.
        parsers.pop("MESSAGE_UPDATE", None)

    async def room(self) -> None:
        """Wait until the next event may be read, and let go on what was begun by those before."""
        await asyncio.sleep(0)
        await self.first_responses.fewer_than(_MOST_WAITING)

    async def wait_for_quiet(self) -> None:
        """Wait while many wait for their first response, before anything that can wait."""
        await self.first_responses.fewer_than(_MANY_WAITING)

    def _guarded(self, event: str, admits: Callable[[_Event], bool], parse: Parser) -> Parser:
        def parse_admitted(data: Any) -> None:  # noqa: ANN401 - any JSON
            try:
                if admits(data):
                    parse(data)
            except Exception as error:  # noqa: BLE001 - one bad event must not end the connection
                where = place_of(error)
                self._once.warn(where, None, "A malformed %s was passed over: %s", event, where)

        return parse_admitted

    def _admits_message(self, message: _Event) -> bool:
        if message["author"].get("bot") or message.get("webhook_id"):
            return False
        mentioned = {str(one["id"]) for one in message.get("mentions", ())}
        if message.get("guild_id") and str(self._own_id()) not in mentioned:
            return False
        self._age.of(int(message["id"]))
        return self._seen.first_time(message["id"])

    def _admits_interaction(self, interaction: _Event) -> bool:
        if not self._seen.first_time(interaction["id"]):
            return False
        number = int(interaction["id"])
        if self.first_responses.expect(number, self._age.of(number)):
            return True
        place = interaction.get("channel_id")
        line = "An interaction in channel %s came too late to be answered."
        self._once.warn("late", place and int(place), line, place)
        return False
