"""What the gateway can say or do to the bot, and that it goes on answering."""

import asyncio
import json
import random
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from loopback import (
    Close,
    Garbage,
    Hold,
    LoopbackDiscord,
    Mangle,
    Moment,
    Permissions,
    Repeat,
)
from loopback.protocol import PRIVILEGED, Op
from wire.bot_process import Newsroom, open_newsroom, running_bot, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

COMMANDS = "/applications/{application_id}/commands"
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


async def test_frames_without_sense_are_passed_over(newsroom: Newsroom) -> None:
    ledger = newsroom.discord.ledger
    sessions = len(ledger.frames(op=Op.RESUME))
    for frame in _HARMLESS:
        newsroom.discord.faults.now(Garbage(frame))
    await newsroom.answered(newsroom.asks())
    await newsroom.answered(newsroom.uses())
    assert len(ledger.frames(op=Op.RESUME)) == sessions


async def test_mutated_events_end_nothing_and_leave_no_memory_taken(newsroom: Newsroom) -> None:
    """Ten thousand events with one value in them replaced or taken out."""
    chance = random.Random(11)  # noqa: S311 - the same each time
    ledger, discord = newsroom.discord.ledger, newsroom.discord
    await newsroom.answered(newsroom.uses())
    events = [ledger.frames(name)[-1] for name in ("MESSAGE_CREATE", "INTERACTION_CREATE")]
    before = _memory_mb(newsroom)
    for number in range(10_000):
        data = json.loads(json.dumps(events[number % 2].data)) | {"id": str(number + 1)}
        _mutate(data, chance)
        discord.faults.now(Garbage(_frame(events[number % 2].event, data)))
        if number % 500 == 0:
            await newsroom.answered(newsroom.asks())
    await newsroom.answered(newsroom.uses())
    assert len(ledger.frames("READY")) == 1
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


# What ends a connection


@pytest.mark.parametrize(
    "broken",
    [_frame("GUILD_UPDATE", None), '{"op": 0', zlib.compress(b"{}")],
    ids=["an event without data", "cut", "another stream"],
)
async def test_a_frame_that_breaks_the_connection_costs_no_answer(
    newsroom: Newsroom, broken: str | bytes
) -> None:
    """More of them, without the pauses in between, are in test_reconnecting."""
    newsroom.discord.faults.now(Garbage(broken))
    asked = newsroom.asks()
    await newsroom.answered(asked)
    assert len(newsroom.discord.ledger.frames("READY")) == 1


async def test_being_ready_many_times_does_nothing_twice(newsroom: Newsroom) -> None:
    discord, bot = newsroom.discord, newsroom.bot
    await newsroom.answered(newsroom.asks())
    [session] = discord.gateway.sessions.values()
    events = len(session.after(0))

    def in_use() -> tuple[int, int, int]:
        handles = bot.open_files().count(bot.database)
        return len(discord.ledger.requests("GET", COMMANDS)), bot.threads(), handles

    first = in_use()
    for _ in range(50):
        discord.faults.now(Repeat(events))
    asked = newsroom.asks()
    await newsroom.answered(asked)
    assert in_use() == first


# Intents


async def test_no_privileged_intent_is_asked_for(newsroom: Newsroom) -> None:
    [identify] = newsroom.discord.ledger.frames(op=Op.IDENTIFY)
    assert not identify.data["intents"] & PRIVILEGED


@pytest.mark.parametrize(
    ("code", "refused"),
    [(4004, "DISCORD_TOKEN"), (4013, "the bot's intents"), (4014, "the bot's intents")],
)
async def test_what_the_gateway_refuses_for_good_ends_the_bot_in_one_line(
    tmp_path: Path, code: int, refused: str
) -> None:
    async with LoopbackDiscord(application="clipdesk") as discord:
        discord.faults.at(Moment.IDENTIFY, Close(code))
        async with running_bot(discord, tmp_path) as bot:
            assert await bot.ended(60) == 2
            said = bot.log.splitlines()[-1]
        assert said.startswith(f"clipdesk: Discord refuses {refused}; ")
        assert len(discord.ledger.frames(op=Op.IDENTIFY)) == 1


# Places that end in the middle of an answer


async def test_a_place_that_ends_meanwhile_harms_no_other(newsroom: Newsroom) -> None:
    discord, errors = newsroom.discord, newsroom.bot.lines("ERROR")
    channel, other = newsroom.channel(), newsroom.channel()
    thread = newsroom.ada.starts_thread(newsroom.channel(), "More")
    locked = newsroom.ada.starts_thread(newsroom.channel(), "Locked")
    await newsroom.answered(newsroom.asks(other))
    discord.faults.at("MESSAGE_CREATE", Hold(0.3))
    for place in (channel, thread, locked):
        newsroom.asks(place)
        newsroom.uses(place)
    discord.remove_channel(channel)
    discord.remove_channel(thread)
    discord.lock(locked)
    await newsroom.answered(newsroom.asks(other))
    await newsroom.answered(newsroom.uses(other))
    assert newsroom.bot.lines("ERROR") == errors


async def test_what_is_renamed_meanwhile_is_answered_all_the_same(newsroom: Newsroom) -> None:
    discord, guild, errors = newsroom.discord, newsroom.guild, newsroom.bot.lines("ERROR")
    channel, parent = newsroom.channel(), newsroom.channel()
    thread = newsroom.ada.starts_thread(parent, "More")
    role = discord.add_role(guild, "Readers", Permissions.NONE)
    guild.members[newsroom.ada.user.id].role_ids.append(role.id)
    discord.faults.at("MESSAGE_CREATE", Hold(0.3))
    asked = [ask(place) for place in (channel, thread) for ask in (newsroom.asks, newsroom.uses)]
    for place in (guild, channel, parent, thread):
        discord.rename(place, "Renamed")
    discord.change_role(guild, role, "Renamed", Permissions.MANAGE_GUILD)
    discord.remove_role(guild, role)
    asked += [ask(place) for place in (channel, thread) for ask in (newsroom.asks, newsroom.uses)]
    for one in asked:
        await newsroom.answered(one)
    discord.rename(guild, "Newsroom")
    assert newsroom.bot.lines("ERROR") == errors
    assert "loopback-itself" not in discord.ledger.rules_broken


async def test_a_server_that_ends_meanwhile_harms_no_other(newsroom: Newsroom) -> None:
    discord, errors = newsroom.discord, newsroom.bot.lines("ERROR")
    gone = discord.add_guild("Gone")
    lobby = discord.add_channel(gone, "lobby")
    bo = discord.add_person("Bo", gone)
    discord.faults.at("MESSAGE_CREATE", Hold(0.3))
    bo.says(lobby, f"{discord.bot.mention} ferry")
    bo.uses_command(lobby, "ask", question="ferry")
    discord.expel_bot(gone)
    await newsroom.answered(newsroom.asks())
    assert newsroom.bot.lines("ERROR") == errors


# Fields that are missing


@pytest.mark.parametrize("field", ["author", "channel_id", "id", "content", "mentions", "type"])
async def test_a_message_without_a_field_is_no_end(newsroom: Newsroom, field: str) -> None:
    newsroom.discord.faults.at("MESSAGE_CREATE", Mangle(field))
    newsroom.asks()
    await newsroom.answered(newsroom.asks())


@pytest.mark.parametrize(
    "field", ["data", "member", "member.user", "channel", "type", "token", "id"]
)
async def test_an_interaction_without_a_field_is_no_end(newsroom: Newsroom, field: str) -> None:
    newsroom.discord.faults.at("INTERACTION_CREATE", Mangle(field))
    newsroom.uses()
    await newsroom.answered(newsroom.uses())


# Time


async def test_a_clock_that_jumps_keeps_nobody_waiting(newsroom: Newsroom) -> None:
    """As where a machine slept: Discord is an hour on, and the bot's own clock is not."""
    for hours in (1, 24):
        newsroom.discord.clock.advance(hours * 3_600)
        await newsroom.answered(newsroom.asks())
        await newsroom.answered(newsroom.uses())


# Two on one token


async def test_a_second_copy_on_the_same_database_does_not_start(newsroom: Newsroom) -> None:
    sessions = len(newsroom.discord.ledger.frames(op=Op.IDENTIFY))
    async with running_bot(
        newsroom.discord, newsroom.bot.database.parent, log_name="second"
    ) as second:
        assert await second.ended(60) == 1
        [said] = [line for line in second.log.splitlines() if line.startswith("clipdesk: ")]
        assert said.startswith("clipdesk: Another clipdesk is on Discord with the database")
    assert len(newsroom.discord.ledger.frames(op=Op.IDENTIFY)) == sessions
    await newsroom.answered(newsroom.asks())


async def test_two_copies_on_one_token_answer_once(newsroom: Newsroom, tmp_path: Path) -> None:
    discord = newsroom.discord
    discord.clock.advance(10)  # a session begins each five seconds
    async with running_bot(discord, tmp_path) as second:
        await until(lambda: second.lines("Connected as") and second.lines("; now "))
        asked = [newsroom.asks() for _ in range(10)]
        used = [newsroom.uses() for _ in range(10)]
        await asyncio.gather(*map(newsroom.answered, asked), *map(newsroom.answered, used))
        await asyncio.sleep(1)
        assert all(len(discord.ledger.replies(one)) == 1 for one in asked)
