"""Rate limits, the question queue, event ages and the log, without Discord."""

import asyncio
import logging
from typing import Any

import pytest

from bot.discord.admission.question_queue import QuestionQueue, QueueFullError
from bot.discord.admission.rate_limits import RateLimits, Refusal, SlidingWindow
from bot.discord.commands.command_sync import same_commands
from bot.discord.connection.event_age import EventAge
from bot.discord.connection.gateway import Backoff
from bot.discord.connection.intake import KEPT, Deduplicator
from bot.discord.logs import LogOnce, RedactingFormatter, error_location, redact
from waiting import in_no_time


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_slides() -> None:
    clock = Clock()
    window = SlidingWindow(2, 30, clock)
    for _ in range(2):
        assert window.wait_s(1) == 0
        window.count(1)
        clock.now += 10
    assert window.wait_s(1) == 10
    assert window.wait_s(2) == 0
    clock.now += 10
    assert window.wait_s(1) == 0
    window.count(1)
    assert window.wait_s(1) == 10


def test_a_refusal_is_repeated_within_a_window_and_does_not_count() -> None:
    clock = Clock()
    limits = RateLimits(1, 2, 30, clock)
    assert limits.check(1, 7) is None
    assert limits.check(1, 7) == Refusal(30, repeated=False)
    assert limits.check(1, 7) == Refusal(30, repeated=True)
    assert limits.check(2, 7) is None
    assert limits.check(3, 7) == Refusal(30, repeated=False)
    clock.now += 30
    assert limits.check(1, 7) is None
    assert limits.check(1, 7) == Refusal(30, repeated=False)


def test_zero_is_no_limit() -> None:
    limits = RateLimits(0, 0)
    assert not any(limits.check(1, 1) for _ in range(1_000))


async def test_the_queue_is_first_come_first_served_and_bounded() -> None:
    queue, served, gate = QuestionQueue(max_waiting=3, concurrency=1), list[int](), asyncio.Event()

    async def ask(number: int) -> None:
        async with queue.slot():
            served.append(number)
            await gate.wait()

    tasks = []
    for number in range(4):  # one has the slot, three wait
        tasks.append(asyncio.create_task(ask(number)))
        await asyncio.sleep(0)
    with pytest.raises(QueueFullError, match="Too many"):
        await ask(4)
    gate.set()
    await asyncio.gather(*tasks)
    assert served == [0, 1, 2, 3]
    await ask(5)


async def test_a_full_queue_still_accepts_acknowledged_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.discord.admission.question_queue.RESERVED", 1)
    queue, gate = QuestionQueue(max_waiting=3, concurrency=1), asyncio.Event()

    async def ask() -> None:
        async with queue.slot():
            await gate.wait()

    tasks, full = [], []
    for _ in range(4):
        full.append(queue.full)
        tasks.append(asyncio.create_task(ask()))
        await asyncio.sleep(0)
    assert full == [False, False, False, True]
    gate.set()
    await asyncio.gather(*tasks)
    assert not queue.full


@in_no_time
async def test_waiting_too_long_raises_and_takes_no_slot() -> None:
    queue = QuestionQueue(max_wait_s=60, concurrency=1)
    async with queue.slot():
        with pytest.raises(QueueFullError):
            async with queue.slot():
                raise AssertionError
    async with queue.slot():
        pass


def _id(seconds: float) -> int:
    return int(seconds * 1000) << 22


def test_age_does_not_depend_on_the_local_clock() -> None:
    clock = Clock()
    age = EventAge(clock)
    assert age.age_s(_id(5)) == 0
    clock.now += 10
    assert age.age_s(_id(15)) == pytest.approx(0)
    clock.now += 4
    assert age.age_s(_id(16)) == pytest.approx(3)
    assert age.age_s(_id(19.5)) == 0  # faster than any before
    assert age.age_s(_id(19)) == pytest.approx(0.5)


def test_age_of_many_old_events() -> None:
    clock = Clock()
    age = EventAge(clock)
    age.age_s(_id(100))
    clock.now += 10
    assert [age.age_s(_id(100)) for _ in range(1_000)] == [pytest.approx(10)] * 1_000


def test_age_follows_clock_drift() -> None:
    clock = Clock()
    age = EventAge(clock)
    for _ in range(100):
        clock.now += 60
        late = age.age_s(_id(clock.now * 0.999))
    assert late < 1


def test_deduplication_is_bounded() -> None:
    deduplicator = Deduplicator()
    assert all(deduplicator.is_new(str(number)) for number in range(KEPT + 1))
    assert not deduplicator.is_new(str(KEPT))
    assert deduplicator.is_new("0")


def test_a_fault_is_logged_once_an_hour_and_channel(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    once = LogOnce(logging.getLogger("test"), clock)
    for channel in (1, 1, 2, 1):
        once.warn("fault", channel, "in %d", channel)
    clock.now += 3_601
    once.warn("fault", 1, "in %d", 1)
    assert caplog.messages == ["in 1", "in 2", "in 1"]


def test_tokens_are_redacted_and_error_messages_omitted() -> None:
    token = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"  # noqa: S105 - made up
    line = f"POST https://x/api/v10/interactions/12/aW50ZXJhY3Rpb24/callback and Bot {token}"
    assert redact(line) == "POST https://x/api/v10/interactions/12/…/callback and Bot …"
    assert redact("12 added; see bot.discord.client.py") == "12 added; see bot.discord.client.py"
    with pytest.raises(ValueError, match="zanzibar") as caught:
        int("zanzibar")
    assert error_location(caught.value).startswith("ValueError in test_tokens_are_redacted")
    assert "zanzibar" not in error_location(caught.value)


def test_a_log_record_is_always_one_line() -> None:
    forged = "a\nERROR forged\r\x1b[31m\u202e\u2028.txt"
    record = logging.LogRecord("bot", logging.WARNING, "", 1, "skipped %s", (forged,), None)
    line = RedactingFormatter(logging.Formatter("%(levelname)s %(message)s")).format(record)
    assert line == r"WARNING skipped a\nERROR forged\r\x1b[31m\u202e\u2028.txt"
    assert record.args == (forged,)


def test_commands_are_compared_by_content() -> None:
    wanted: dict[str, Any] = {
        "name": "ask",
        "type": 1,
        "description": "Ask",
        "options": [
            {"type": 3, "name": "question", "description": "What", "required": True},
            {"type": 3, "name": "source", "description": "Whose", "required": False},
        ],
        "nsfw": False,
        "dm_permission": True,
        "default_member_permissions": 32,
        "contexts": [0, 1],
        "integration_types": None,
    }
    known = wanted | {
        "id": "1",
        "version": "2",
        "default_member_permissions": "32",
        "contexts": [1, 0],
        "integration_types": [0],
        "name_localizations": None,
        "options": [wanted["options"][0], {"type": 3, "name": "source", "description": "Whose"}],
    }
    assert same_commands([wanted], [known])
    assert not same_commands([wanted], [])
    for change in (
        {"description": "Other"},
        {"default_member_permissions": None},
        {"contexts": [0]},
        {"options": known["options"][:1]},
        {"options": list(reversed(known["options"]))},
        {"options": [{**known["options"][0], "min_value": 0}, known["options"][1]]},
        {"type": 2},
        {"nsfw": True},
    ):
        assert not same_commands([wanted], [known | change]), change


def test_backoff_bounds_connects_and_sessions() -> None:
    backoff, elapsed, begun = Backoff(), 0.0, 0
    while elapsed < 3_600:  # each session is ended at once
        elapsed += 5 + backoff.pause_s(new_session=True)
        backoff.record(0, began_session=True)
        begun += 1
    assert begun <= 20
    backoff.record(3_600, began_session=False)
    assert backoff.pause_s(new_session=True) == 0
    elapsed, connects = 0.0, 0
    while elapsed < 60:
        elapsed += backoff.pause_s(new_session=False)
        backoff.record(0, began_session=False)
        connects += 1
    assert connects <= 15
