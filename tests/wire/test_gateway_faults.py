"""Faults of the gateway, after which the bot continues to answer."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from fakes.discord import Corrupt, Garbage, Permissions, Repeat
from fakes.discord.protocol import PRIVILEGED, Op
from waiting import until
from wire.bot_process import running_bot
from wire.newsroom import COMMANDS, MESSAGES, Newsroom, open_newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEGABYTES = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newsroom(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    async with open_newsroom(tmp_path_factory.mktemp("newsroom")) as room:
        yield room
        # What was on its way to a place that is gone is refused there.
        assert set(room.discord.ledger.rules_broken) <= {
            *("unknown-channel", "missing-access", "thread-locked"),
            "already-acknowledged",  # by the other copy
        }


def _frame(event: str | None, data: object, op: int = Op.DISPATCH) -> str:
    return json.dumps({"op": op, "t": event, "s": None, "d": data})


# What a client has no use for

_HARMLESS = [
    _frame(None, None, op=99),
    _frame(None, {"any": 1}, op=-1),
    _frame("SOMETHING_NEW", {"id": "1"}),
    _frame("MESSAGE_CREATE", None),
    _frame("MESSAGE_CREATE", []),
    _frame("MESSAGE_CREATE", {"id": "1"}),
    _frame("MESSAGE_CREATE", {"id": {}, "channel_id": "x", "author": 7}),
    _frame("INTERACTION_CREATE", "no"),
    _frame("INTERACTION_CREATE", {"id": "2", "type": 99}),
    _frame("INTERACTION_CREATE", {"id": "3", "type": 2, "data": {}}),
    _frame("SOMETHING_NEW", "a" * 5 * MEGABYTES),
]


async def test_malformed_frames_are_ignored(newsroom: Newsroom) -> None:
    ledger = newsroom.discord.ledger
    sessions = len(ledger.frames(op=Op.RESUME))
    for frame in _HARMLESS:
        newsroom.discord.faults.now(Garbage(frame))
    await newsroom.expect_answer(newsroom.asks())
    await newsroom.expect_answer(newsroom.uses())
    assert len(ledger.frames(op=Op.RESUME)) == sessions


@pytest.mark.long
async def test_mutated_events_neither_crash_the_bot_nor_leak_memory(newsroom: Newsroom) -> None:
    """Sends ten thousand events with one value replaced or removed."""
    chance = random.Random(11)  # noqa: S311 - the same each time
    ledger, discord = newsroom.discord.ledger, newsroom.discord
    await newsroom.expect_answer(newsroom.uses())
    events = [ledger.frames(name)[-1] for name in ("MESSAGE_CREATE", "INTERACTION_CREATE")]
    sessions = len(ledger.frames("READY"))
    before = _memory_mb(newsroom)
    for number in range(10_000):
        data = json.loads(json.dumps(events[number % 2].data)) | {"id": str(number + 1)}
        _mutate(data, chance)
        discord.faults.now(Garbage(_frame(events[number % 2].event, data)))
        if number % 500 == 0:
            await newsroom.expect_answer(newsroom.asks())
    await newsroom.expect_answer(newsroom.uses())
    assert len(ledger.frames("READY")) == sessions
    assert _memory_mb(newsroom) <= before + 10


def _mutate(data: Any, chance: random.Random) -> None:  # noqa: ANN401 - any JSON
    """Change one value, at any depth."""
    while True:
        keys = list(data) if isinstance(data, dict) else list(range(len(data)))
        key = chance.choice(keys)
        inner = data[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.6:
            data = inner
            continue
        if isinstance(data, dict) and chance.random() < 0.3:
            del data[key]
        else:
            data[key] = chance.choice(
                [None, -1, 2**70, "", "\x00", "a" * 9_000, [], {}, [{}], True]
            )
        return


def _memory_mb(newsroom: Newsroom) -> float:
    status = Path(f"/proc/{newsroom.bot.process.pid}/status").read_text("ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


async def test_repeated_ready_events_repeat_nothing(newsroom: Newsroom) -> None:
    discord, bot = newsroom.discord, newsroom.bot
    await newsroom.expect_answer(newsroom.asks())
    [session] = discord.gateway.sessions.values()
    events = len(session.after(0))

    def in_use() -> tuple[int, int, int]:
        handles = bot.open_files().count(bot.database)
        return len(discord.ledger.requests("GET", COMMANDS)), bot.threads(), handles

    first = in_use()
    for _ in range(50):
        discord.faults.now(Repeat(events))
    asked = newsroom.asks()
    await newsroom.expect_answer(asked)
    assert in_use() == first


# Intents


async def test_no_privileged_intent_is_requested(newsroom: Newsroom) -> None:
    for identify in newsroom.discord.ledger.frames(op=Op.IDENTIFY):
        assert not identify.data["intents"] & PRIVILEGED


# Places that end in the middle of an answer


async def test_a_channel_deleted_meanwhile_affects_no_other(newsroom: Newsroom) -> None:
    discord, errors = newsroom.discord, newsroom.bot.count_log_lines("ERROR")
    channel, other = newsroom.channel(), newsroom.channel()
    thread = newsroom.ada.starts_thread(newsroom.channel(), "More")
    locked = newsroom.ada.starts_thread(newsroom.channel(), "Locked")
    await newsroom.expect_answer(newsroom.asks(other))
    for place in (channel, thread, locked):
        newsroom.asks(place)
        newsroom.uses(place)
    discord.remove_channel(channel)
    discord.remove_channel(thread)
    discord.lock(locked)
    await newsroom.expect_answer(newsroom.asks(other))
    await newsroom.expect_answer(newsroom.uses(other))
    assert newsroom.bot.count_log_lines("ERROR") == errors


async def test_questions_are_answered_after_a_rename(newsroom: Newsroom) -> None:
    discord, guild, errors = newsroom.discord, newsroom.guild, newsroom.bot.count_log_lines("ERROR")
    channel, parent = newsroom.channel(), newsroom.channel()
    thread = newsroom.ada.starts_thread(parent, "More")
    role = discord.add_role(guild, "Readers", Permissions.NONE)
    guild.members[newsroom.ada.user.id].role_ids.append(role.id)
    asked = [ask(place) for place in (channel, thread) for ask in (newsroom.asks, newsroom.uses)]
    for place in (guild, channel, parent, thread):
        discord.rename(place, "Renamed")
    discord.change_role(guild, role, "Renamed", Permissions.MANAGE_GUILD)
    discord.remove_role(guild, role)
    asked += [ask(place) for place in (channel, thread) for ask in (newsroom.asks, newsroom.uses)]
    for one in asked:
        await newsroom.expect_answer(one)
    discord.rename(guild, "Newsroom")
    assert newsroom.bot.count_log_lines("ERROR") == errors
    assert "loopback-error" not in discord.ledger.rules_broken


async def test_a_server_left_meanwhile_affects_no_other(newsroom: Newsroom) -> None:
    discord, errors = newsroom.discord, newsroom.bot.count_log_lines("ERROR")
    gone = discord.add_guild("Gone")
    lobby = discord.add_channel(gone, "lobby")
    bo = discord.add_person("Bo", gone)
    bo.says(lobby, f"{discord.bot.mention} ferry")
    bo.uses_command(lobby, "ask", question="ferry")
    discord.remove_bot(gone)
    await newsroom.expect_answer(newsroom.asks())
    assert newsroom.bot.count_log_lines("ERROR") == errors


# Fields that are missing


@pytest.mark.parametrize("field", ["author", "channel_id", "id", "content", "mentions", "type"])
async def test_a_message_without_a_field_does_not_stop_the_bot(
    newsroom: Newsroom, field: str
) -> None:
    newsroom.discord.faults.at("MESSAGE_CREATE", Corrupt(field))
    newsroom.asks()
    await newsroom.expect_answer(newsroom.asks())


@pytest.mark.parametrize(
    "field", ["data", "member", "member.user", "channel", "type", "token", "id"]
)
async def test_an_interaction_without_a_field_does_not_stop_the_bot(
    newsroom: Newsroom, field: str
) -> None:
    newsroom.discord.faults.at("INTERACTION_CREATE", Corrupt(field))
    newsroom.uses()
    await newsroom.expect_answer(newsroom.uses())


async def test_a_malformed_event_costs_that_event_alone(newsroom: Newsroom) -> None:
    discord, ledger = newsroom.discord, newsroom.discord.ledger
    resumed = len(ledger.frames(op=Op.RESUME))
    asked = newsroom.asks(place := newsroom.channel())
    await newsroom.expect_answer(asked)
    for event, field in (("CHANNEL_UPDATE", "id"), ("MESSAGE_UPDATE", "author")):
        discord.faults.at(event, Corrupt(field))
    discord.faults.at("MESSAGE_DELETE", Corrupt("id"))
    discord.rename(place, "renamed")
    newsroom.ada.edits(asked, f"{asked.content} (again)")
    newsroom.ada.deletes(asked)
    await newsroom.wait_for_faults()
    await newsroom.expect_answer(newsroom.asks())
    assert len(ledger.frames(op=Op.RESUME)) == resumed


# Time


async def test_a_clock_jump_delays_no_answer(newsroom: Newsroom) -> None:
    """As after a suspended machine: Discord's clock is an hour ahead of the bot's."""
    for hours in (1, 24):
        newsroom.discord.clock.advance(hours * 3_600)
        await newsroom.expect_answer(newsroom.asks())
        await newsroom.expect_answer(newsroom.uses())


# Two on one token


@pytest.mark.long
async def test_a_second_bot_on_the_same_database_does_not_start(newsroom: Newsroom) -> None:
    sessions = len(newsroom.discord.ledger.frames(op=Op.IDENTIFY))
    async with running_bot(newsroom.discord, newsroom.folder, log_name="second") as second:
        assert await second.exit_code() == 1
        [said] = [line for line in second.log.splitlines() if line.startswith("clipdesk: ")]
        assert said.startswith("clipdesk: Another clipdesk bot is already using the database")
    assert len(newsroom.discord.ledger.frames(op=Op.IDENTIFY)) == sessions
    await newsroom.expect_answer(newsroom.asks())


@pytest.mark.long
async def test_two_bots_with_one_token_answer_once(newsroom: Newsroom, tmp_path: Path) -> None:
    discord, ledger = newsroom.discord, newsroom.discord.ledger
    discord.clock.advance(10)  # a session begins each five seconds
    coverage = ("--coverage", str(newsroom.coverage))
    async with running_bot(discord, tmp_path, *coverage) as second:
        await second.wait_for_log("Connected as")
        await second.wait_until_indexed()
        sent = len(ledger.requests("POST", MESSAGES))
        asked = [newsroom.asks() for _ in range(10)]
        used = [newsroom.uses() for _ in range(10)]
        await asyncio.gather(
            *(newsroom.expect_answer(each) for each in asked),
            *(newsroom.expect_answer(each) for each in used),
        )
        # Both have tried with each.
        await until(lambda: len(ledger.requests("POST", MESSAGES)) == sent + 20)
        await until(lambda: all(len(ledger.callbacks(one)) == 2 for one in used))
        assert all(len(ledger.replies(one)) == 1 for one in asked)
