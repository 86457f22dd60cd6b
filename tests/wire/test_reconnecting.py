"""Recurring gateway faults: the bot reconnects at a bounded rate, and recovers.

The bot's pauses are added up instead of waited for, as are the five seconds that discord.py leaves
between two sessions, so that a day passes in seconds.
"""

import asyncio
import logging
import random
import socket
import threading
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from yarl import URL

from bot.discord.client import Client
from bot.discord.connection import gateway
from bot.settings import load_settings
from fakes.discord import (
    ALWAYS,
    Channel,
    Close,
    Drop,
    Garbage,
    Invalidate,
    Listener,
    LoopbackDiscord,
    Moment,
    Person,
    Reconnect,
    Silence,
)
from fakes.discord.gateway_faults import GatewayFault
from fakes.discord.protocol import Op
from index import MEMORY, SearchEngine
from waiting import until
from wire.newsroom import connected

QUESTION = "what does rebuilding cost?"
NAME = "discord.test"
HOUR_S = 3_600.0
BETWEEN_SESSIONS_S = 5.0


@dataclass
class Pauses:
    """The total of the bot's pauses, and its value at each connect."""

    total_s: float = 0.0
    connects: list[float] = field(default_factory=list)

    def most_in(self, window_s: float, *, after: int = 0) -> int:
        """The most connects in any `window_s`, after the first few."""
        counted = self.connects[after:]
        return max(
            sum(begin <= at < begin + window_s for at in counted[number:])
            for number, begin in enumerate(counted)
        )


@pytest.fixture
def pauses(loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch) -> Pauses:
    recorded = Pauses()

    class Hurried(gateway.Backoff):
        def pause_s(self, *, new_session: bool) -> float:
            recorded.total_s += super().pause_s(new_session=new_session)
            recorded.connects.append(recorded.total_s)
            return 0.0

    async def between_sessions(_: Client, _shard: int | None, *, initial: bool = False) -> None:
        recorded.total_s += 0 if initial else BETWEEN_SESSIONS_S

    monkeypatch.setattr(gateway, "Backoff", Hurried)
    monkeypatch.setattr(Client, "before_identify_hook", between_sessions)
    loopback.gateway.starts.concurrent.limit = loopback.gateway.starts.daily.limit
    return recorded


@pytest.fixture
async def bot(
    loopback: LoopbackDiscord, engine: SearchEngine, pauses: Pauses
) -> AsyncIterator[Client]:
    assert not pauses.connects
    async with connected(loopback, engine) as client:
        yield client


Answered = Callable[[], Any]


@pytest.fixture
def answered(loopback: LoopbackDiscord, ada: Person, general: Channel) -> Answered:
    """Asks a question, and checks that it is answered once."""

    async def ask() -> None:
        asked = ada.says(general, f"{loopback.bot.mention} {QUESTION}")
        assert "40 million" in str((await loopback.ledger.reply(asked)).embeds)
        assert len(loopback.ledger.replies(asked)) == 1

    return ask


# How often


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "fault",
    [Reconnect(), Invalidate(resumable=True), Close(1000), Close(4000), Close(4009)],
    ids=str,
)
async def test_a_fault_after_each_resume_causes_few_connects(
    loopback: LoopbackDiscord, pauses: Pauses, answered: Answered, fault: GatewayFault
) -> None:
    """Over two minutes of pauses."""
    loopback.faults.at("RESUMED", fault, times=ALWAYS)
    loopback.faults.now(fault)
    await until(lambda: pauses.total_s > 120)
    assert pauses.most_in(60, after=3) <= 12
    loopback.faults.clear()
    await answered()
    assert len(loopback.ledger.frames(op=Op.IDENTIFY)) == 1


@pytest.mark.usefixtures("bot")
async def test_refused_sessions_do_not_exhaust_the_session_limit(
    loopback: LoopbackDiscord,
    pauses: Pauses,
    answered: Answered,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Discord allows a thousand sessions a day."""
    loopback.faults.at(Moment.IDENTIFY, Invalidate(), times=ALWAYS)
    loopback.faults.now(Invalidate())
    await until(lambda: pauses.total_s > 24 * HOUR_S)
    assert pauses.most_in(HOUR_S) <= 20
    assert pauses.most_in(24 * HOUR_S) <= 100
    assert [line for line in caplog.messages if "ends each session at once" in line] == [
        "Discord ends each session at once; waiting longer between them."
    ]
    loopback.faults.clear()
    await loopback.ledger.event("READY", number=2)
    await answered()


# What never comes


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("moment", [Moment.HELLO, Moment.IDENTIFY, Moment.RESUME])
async def test_silent_connections_leak_no_thread_and_no_file(
    loopback: LoopbackDiscord,
    answered: Answered,
    monkeypatch: pytest.MonkeyPatch,
    moment: Moment,
) -> None:
    """Twenty in a row, cut short; test_silent_gateway waits for a full one."""
    await answered()
    before = _open_files(), threading.active_count()
    monkeypatch.setattr(gateway, "_CONNECT_S", 0.1)
    monkeypatch.setattr(gateway, "_READY_S", 0.1)
    loopback.faults.at(moment, Silence(), times=20)
    begins = moment is Moment.IDENTIFY
    loopback.faults.now(Invalidate() if begins else Drop())
    await until(lambda: not loopback.faults.pending)
    await loopback.ledger.event("READY", number=2 if begins else 1)
    await answered()
    await until(lambda: len(loopback.gateway.connections) == 1)
    now = _open_files(), threading.active_count()
    # Fewer may be left: what was idle before is closed meanwhile.
    assert all(one <= other + 2 for one, other in zip(now, before, strict=True)), (before, now)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


# What is not there


@pytest.mark.usefixtures("bot")
async def test_a_dead_resume_address_is_abandoned(
    loopback: LoopbackDiscord, answered: Answered
) -> None:
    await loopback.listeners.close(Listener.RESUME)
    loopback.faults.now(Drop())
    await answered()


async def test_a_refused_first_connect_is_retried(
    loopback: LoopbackDiscord, engine: SearchEngine, pauses: Pauses, answered: Answered
) -> None:
    await loopback.listeners.close(Listener.GATEWAY)

    async def open_later() -> None:
        await until(lambda: len(pauses.connects) > 3)
        await loopback.listeners.open(Listener.GATEWAY)

    opening = asyncio.create_task(open_later())
    async with connected(loopback, engine):
        await answered()
    await opening


# What is no frame


def _broken(chance: random.Random) -> str | bytes:
    """Payloads that no client can use."""
    frame = '{"op": 0, "t": "MESSAGE_CREATE", "s": 7, "d": {"id": "1", "content": "…"}}'
    nonsense = chance.randbytes(chance.randrange(1, 200))
    kinds: list[str | bytes] = [
        frame[: chance.randrange(1, len(frame) - 1)],
        chance.choice(["[1]", "null", "7", '"text"', "", "[" * 100_000, "\x00"]),
        f'{{"op": 0, "t": "{chance.choice(["GUILD_UPDATE", "READY"])}", "s": 7, "d": [1]}}',
        nonsense + b"\x00\x00\xff\xff",
        zlib.compress(frame.encode()),
        b"\xff\xfe" * 32 + b"\x00\x00\xff\xff",
    ]
    return chance.choice(kinds)


@pytest.mark.usefixtures("bot")
async def test_broken_frames_lose_no_answer(loopback: LoopbackDiscord, answered: Answered) -> None:
    """One at a time, each on a working connection."""
    chance = random.Random(11)  # noqa: S311 - the same each time
    for _ in range(25):
        loopback.faults.now(Garbage(_broken(chance)))
        await answered()
    assert len(loopback.ledger.frames(op=Op.RESUME)) > 15


# A network that is gone


@dataclass
class Names:
    """A resolver that can fail."""

    known: bool = False
    _real: Callable[..., Any] = socket.getaddrinfo

    def resolve(self, host: Any, *rest: Any, **options: Any) -> Any:  # noqa: ANN401 - as `socket`
        if host != NAME:
            return self._real(host, *rest, **options)
        if not self.known:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return self._real("127.0.0.1", *rest, **options)


async def test_an_outage_of_ten_minutes_is_survived(  # noqa: PLR0913, PLR0917 - fixtures
    loopback: LoopbackDiscord,
    engine: SearchEngine,
    pauses: Pauses,
    answered: Answered,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """First name resolution fails, then connections are refused."""
    caplog.set_level(logging.INFO)
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names.resolve)
    there = loopback.gateway
    there.url = there.url.replace("127.0.0.1", NAME)
    there.resume_url = there.resume_url.replace("127.0.0.1", NAME)
    monkeypatch.setattr(discord.http.Route, "BASE", loopback.api_url.replace("127.0.0.1", NAME))
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(loopback.gateway_url))
    settings = load_settings(database=MEMORY, environment={"CLIPDESK_PATIENCE": "60"})
    async with Client(engine, settings) as client:
        running = asyncio.create_task(client.start(loopback.token))
        await until(lambda: "Discord cannot be reached; trying again for 60 s." in caplog.messages)
        assert not loopback.ledger.requests()
        names.known = True
        await loopback.ledger.event("READY")
        await answered()

        lines, names.known = len(caplog.messages), False
        assert isinstance(client.http.connector, aiohttp.TCPConnector)
        client.http.connector.clear_dns_cache()
        await loopback.listeners.close(*Listener)
        loopback.faults.now(Drop())
        gone_at = pauses.total_s
        await until(lambda: pauses.total_s > gone_at + 600)
        returned_at, names.known = pauses.total_s, True
        await loopback.listeners.open(*Listener)
        await answered()
        assert pauses.total_s < returned_at + 30
        assert len(caplog.messages) <= lines + 10
    await running
    assert loopback.ledger.violations == []
