"""What is let in of what Discord sends, and how fast it is read."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.discord.connection import intake as intakes
from bot.discord.connection.intake import Intake, Parser
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
    """Has an event come in."""

    def parse(data: Any) -> None:  # noqa: ANN401 - any JSON
        parsed.append(data["content"])

    events = ("MESSAGE_CREATE", "INTERACTION_CREATE", "MESSAGE_UPDATE")
    parsers: dict[str, Parser] = dict.fromkeys(events, parse)
    intake.guard(parsers)
    assert "MESSAGE_UPDATE" not in parsers

    def come(event: str, number: int, content: str = "", **rest: object) -> None:
        parsers[event]({"id": str(number), "content": content, "channel_id": "1", **rest})

    return come


def _id(seconds: float) -> int:
    return int(seconds * 1000) << 22


async def test_messages_for_others_are_passed_over(
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


async def test_what_is_malformed_or_comes_again_is_passed_over(
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


async def test_what_comes_too_late_is_dropped(
    comes: Callable[..., None], parsed: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    comes("INTERACTION_CREATE", _id(1_000), "in time")
    comes("INTERACTION_CREATE", _id(997), "late")
    comes("INTERACTION_CREATE", _id(996), "late")
    comes("INTERACTION_CREATE", _id(999), "in time")
    assert parsed == ["in time"] * 2
    assert caplog.messages == ["An interaction in channel 1 came too late to be answered."]


@in_no_time
async def test_no_more_is_read_while_too_many_wait(
    intake: Intake, comes: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intakes, "_MOST_WAITING", 3)
    monkeypatch.setattr(intakes, "_MANY_WAITING", 2)
    for number in (1, 2):
        await intake.room()
        comes("INTERACTION_CREATE", _id(number))
    wait_for_quiet = asyncio.create_task(intake.wait_for_quiet())
    await intake.room()
    comes("INTERACTION_CREATE", _id(3))
    room = asyncio.create_task(intake.room())
    await asyncio.sleep(1)
    assert not room.done()
    async with intake.first_responses.responding(_id(1)):
        pass
    await room
    assert not wait_for_quiet.done()
    async with intake.first_responses.responding(_id(2)):
        pass
    await wait_for_quiet
