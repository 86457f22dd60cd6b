"""Intake: which events are admitted, and back-pressure."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.discord.connection import intake as intakes
from bot.discord.connection.intake import Intake
from waiting import in_no_time

US, OTHER = 7, 8


@pytest.fixture
def parsed() -> list[str]:
    return []


@pytest.fixture
def intake() -> Intake:
    return Intake(lambda: US)


@pytest.fixture
def comes(intake: Intake, parsed: list[str]) -> Callable[..., None]:
    """Return a function that passes events to a guarded parser."""

    def parse(data: Any) -> None:  # noqa: ANN401 - any JSON
        parsed.append(data["content"])

    events = ("MESSAGE_CREATE", "INTERACTION_CREATE", "MESSAGE_UPDATE")
    parsers: dict[str, Callable[[Any], None]] = dict.fromkeys(events, parse)
    intake.guard(parsers)

    def come(event: str, number: int, content: str = "", **rest: object) -> None:
        parsers[event]({"id": str(number), "content": content, "channel_id": "1", **rest})

    return come


def _id(seconds: float) -> int:
    return int(seconds * 1000) << 22


async def test_messages_for_others_are_dropped(
    comes: Callable[..., None], parsed: list[str]
) -> None:
    ours, theirs = [{"id": str(OTHER)}, {"id": str(US)}], [{"id": str(OTHER)}]
    comes("MESSAGE_CREATE", 1, "in private", author={})
    comes("MESSAGE_CREATE", 2, "to us", author={}, guild_id="1", mentions=ours)
    comes("MESSAGE_CREATE", 3, "to others", author={}, guild_id="1", mentions=theirs)
    comes("MESSAGE_CREATE", 4, "to nobody", author={}, guild_id="1", mentions=[])
    comes("MESSAGE_CREATE", 5, "of a bot", author={"bot": True})
    comes("MESSAGE_CREATE", 6, "of a webhook", author={}, webhook_id="9")
    assert parsed == ["in private", "to us"]


async def test_malformed_and_repeated_events_are_dropped(
    comes: Callable[..., None], parsed: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        comes("MESSAGE_CREATE", 1, "zanzibar", author={})
        comes("INTERACTION_CREATE", 2, "b")
    comes("MESSAGE_CREATE", 3, "without author")
    comes("MESSAGE_CREATE", 4, "with a bad one", author=[])
    assert parsed == ["zanzibar", "b"]
    assert len(caplog.messages) == 2
    assert "zanzibar" not in caplog.text


async def test_only_edits_of_questions_are_parsed_once(
    comes: Callable[..., None], parsed: list[str]
) -> None:
    for _ in range(2):  # the second is a pin, or the preview of an address
        comes("MESSAGE_UPDATE", 1, "edited", author={}, edited_timestamp="2021-03-04")
        comes("MESSAGE_UPDATE", 1, "previewed", author={}, edited_timestamp=None)
    comes("MESSAGE_UPDATE", 1, "again", author={}, edited_timestamp="2021-03-05")
    comes("MESSAGE_UPDATE", 2, "of a bot", author={"bot": True}, edited_timestamp="2021-03-05")
    assert parsed == ["edited", "again"]


async def test_expired_interactions_are_dropped(
    comes: Callable[..., None], parsed: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    comes("INTERACTION_CREATE", _id(1_000), "in time")
    comes("INTERACTION_CREATE", _id(997), "late")
    comes("INTERACTION_CREATE", _id(996), "late")
    comes("INTERACTION_CREATE", _id(999), "in time")
    assert parsed == ["in time"] * 2
    assert caplog.messages == ["An interaction in channel 1 came too late to be answered."]


@in_no_time
async def test_reading_pauses_while_too_many_interactions_are_pending(
    intake: Intake, comes: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intakes, "_MAX_PENDING", 3)
    monkeypatch.setattr(intakes, "_MAX_PENDING_FOR_SEARCH", 2)
    for number in (1, 2):
        await intake.throttle_reading()
        comes("INTERACTION_CREATE", _id(number))
    search = asyncio.create_task(intake.throttle_searches())
    await intake.throttle_reading()
    comes("INTERACTION_CREATE", _id(3))
    read = asyncio.create_task(intake.throttle_reading())
    await asyncio.sleep(1)
    assert not read.done()
    async with intake.first_responses.responding(_id(1)):
        pass
    await read
    assert not search.done()
    async with intake.first_responses.responding(_id(2)):
        pass
    await search
