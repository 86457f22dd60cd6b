"""Gateway faults of the loopback Discord, and the reactions of the real discord.py."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
from discord import app_commands

from fakes.discord import (
    ALWAYS,
    AdmissionControl,
    Channel,
    Close,
    Drop,
    Frame,
    Freeze,
    Garbage,
    Hold,
    Injected,
    Invalidate,
    LoopbackDiscord,
    Mangle,
    Moment,
    NoUpgrade,
    Person,
    Reconnect,
    Repeat,
    Silence,
)
from fakes.discord.discordpy import redirected, running, waits_skipped
from fakes.discord.gateway_faults import GatewayFault
from waiting import PATIENCE_S, until

HEARTBEAT, IDENTIFY, RESUME, HELLO, ACKNOWLEDGED = 1, 2, 6, 10, 11


class Listener(discord.Client):
    """Remembers what it was told."""

    def __init__(self, heartbeat_timeout_s: float = PATIENCE_S) -> None:
        intents = discord.Intents(dm_messages=True)
        super().__init__(intents=intents, heartbeat_timeout=heartbeat_timeout_s)
        self.heard: list[str] = []
        self.news = asyncio.Event()
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ask", description="Ask the coverage.")(_ask)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait the usual five seconds."""

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message.content)
        self.news.set()

    async def hears(self, *texts: str) -> None:
        """Wait until exactly this has been heard."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.heard) < len(texts):
                await self.news.wait()
                self.news.clear()
        assert self.heard == list(texts)


async def _ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("42")


@pytest.fixture
async def listener(loopback: LoopbackDiscord) -> AsyncIterator[Listener]:
    client = Listener()
    async with running(client, loopback):
        yield client


@pytest.fixture
async def ws(loopback: LoopbackDiscord) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(loopback.gateway_url, timeout=_AT_ONCE) as ws,
    ):
        yield ws


_AT_ONCE = aiohttp.ClientWSTimeout(ws_close=0.05)


# Getting there


@pytest.mark.parametrize("shut", [True, False])
async def test_a_gateway_that_is_not_there_ends_the_first_start(
    loopback: LoopbackDiscord, *, shut: bool
) -> None:
    if shut:
        await loopback.doors.shut(AdmissionControl.GATEWAY)
    else:
        loopback.faults.at(Moment.CONNECT, NoUpgrade(503))
    with redirected(loopback):
        async with Listener() as client:
            with pytest.raises((AttributeError, aiohttp.ClientError)):
                await client.start(loopback.token)
    await loopback.doors.open(AdmissionControl.GATEWAY)
    async with running(Listener(), loopback):
        assert loopback.ledger.counts["gateway > READY"] == 1


@pytest.mark.parametrize("shut", [True, False])
async def test_a_dead_address_to_resume_at_is_tried_again(
    loopback: LoopbackDiscord, listener: Listener, ada: Person, *, shut: bool
) -> None:
    if shut:
        await loopback.doors.shut(AdmissionControl.RESUME)
    else:
        loopback.faults.at(Moment.CONNECT_TO_RESUME, NoUpgrade(503))
    with waits_skipped(loopback) as waits:
        loopback.faults.now(Drop())
        ada.dm("missed?")
        await until(lambda: waits)  # before it tries again
        await loopback.doors.open(AdmissionControl.RESUME)
        await loopback.ledger.event("RESUMED")
        await listener.hears("missed?")


async def test_a_connection_can_be_accepted_and_left_alone(loopback: LoopbackDiscord) -> None:
    loopback.faults.at(Moment.CONNECT, Silence(), Drop(), Drop(), Hold(0.01))
    loopback.faults.at(Moment.HELLO, Silence())
    async with aiohttp.ClientSession() as session:
        connecting = asyncio.create_task(session.ws_connect(loopback.gateway_url))
        await loopback.ledger.wait_for(lambda entry: isinstance(entry, Injected))
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.ws_connect(loopback.gateway_url)  # aiohttp tries a GET twice
        async with session.ws_connect(loopback.gateway_url, timeout=_AT_ONCE) as silent:
            hearing = asyncio.create_task(silent.receive())
            async with session.ws_connect(loopback.gateway_url, timeout=_AT_ONCE) as ws:
                assert (await ws.receive_json())["op"] == HELLO
            assert not hearing.done()
            hearing.cancel()
        assert not connecting.done()
        connecting.cancel()


async def test_ready_can_fail_to_come(
    loopback: LoopbackDiscord, ws: aiohttp.ClientWebSocketResponse
) -> None:
    loopback.faults.at(Moment.IDENTIFY, Silence())
    assert (await ws.receive_json())["op"] == HELLO
    await ws.send_json({"op": IDENTIFY, "d": {"token": loopback.token, "intents": 0}})
    await ws.send_json({"op": HEARTBEAT, "d": None})
    assert (await ws.receive_json())["op"] == ACKNOWLEDGED
    assert loopback.gateway.sessions == {}


async def test_an_identify_can_be_answered_with_an_invalid_session(
    loopback: LoopbackDiscord,
) -> None:
    loopback.gateway.starts.at_once.limit = 10
    loopback.faults.at(Moment.IDENTIFY, Invalidate(), times=3)
    async with running(Listener(), loopback):
        assert loopback.ledger.counts["gateway < op 2"] == 4
        assert loopback.gateway.starts.a_day.used == 4


# Staying there


@pytest.mark.parametrize(
    "fault",
    [Reconnect(), Invalidate(resumable=True), Close(1000), Close(4000), Close(4009), Drop()],
)
async def test_a_session_is_resumed_with_all_that_was_missed(
    loopback: LoopbackDiscord, listener: Listener, ada: Person, fault: GatewayFault
) -> None:
    loopback.faults.now(fault)
    for text in "123":
        ada.dm(text)
    await listener.hears("1", "2", "3")
    assert loopback.ledger.counts["gateway < op 6"] == 1
    assert loopback.ledger.violations == []


async def test_each_resume_can_be_followed_by_the_next_fault(
    loopback: LoopbackDiscord, listener: Listener, ada: Person
) -> None:
    loopback.faults.at("RESUMED", Reconnect(), Invalidate(resumable=True), Close(4000))
    loopback.faults.now(Close(4000))
    await loopback.ledger.event("RESUMED", number=4)
    ada.dm("over?")
    await listener.hears("over?")


async def test_a_resume_can_be_refused(
    loopback: LoopbackDiscord, listener: Listener, ada: Person
) -> None:
    loopback.clock.advance(5)
    loopback.faults.at(Moment.RESUME, Invalidate())
    loopback.faults.now(Drop())
    await loopback.ledger.event("READY", number=2)
    ada.dm("back?")
    await listener.hears("back?")


@pytest.mark.usefixtures("listener")
async def test_a_session_too_old_to_replay_is_invalid(loopback: LoopbackDiscord) -> None:
    loopback.clock.advance(5)
    (session,) = loopback.gateway.sessions.values()
    for _ in range(3):
        session.add("TYPING_START", {})
    session._events.popleft()  # noqa: SLF001 - as 10,000 events would
    session._events.popleft()  # noqa: SLF001
    loopback.faults.now(Drop())
    await loopback.ledger.event("READY", number=2)
    assert loopback.ledger.violations == []


@pytest.mark.parametrize("fault", [Silence(), Freeze()])
async def test_a_heartbeat_without_answer_makes_a_client_resume(
    loopback: LoopbackDiscord, ada: Person, fault: Silence | Freeze
) -> None:
    """Of a client that reads for a second, and looks at its heartbeats every 0.4 s.

    So the reading ends first, and nobody waits for a connection that is frozen to be closed, which
    takes discord.py half a minute.
    """
    loopback.gateway.heartbeat_s = 0.4
    listener = Listener(heartbeat_timeout_s=1.0)

    def end_it(entry: object) -> None:  # before the new connection's first heartbeat
        if isinstance(entry, Frame) and entry.op == RESUME:
            loopback.faults.clear()

    loopback.ledger.watch(end_it)
    async with running(listener, loopback):
        loopback.faults.at(Moment.HEARTBEAT, fault, times=ALWAYS)
        await loopback.ledger.wait_for(lambda entry: isinstance(entry, Injected))
        ada.dm("anybody?")
        await loopback.ledger.wait_for(
            lambda entry: isinstance(entry, Frame) and entry.op == RESUME
        )
        await listener.hears("anybody?")


# Saying strange things


async def test_events_can_come_twice(
    loopback: LoopbackDiscord, listener: Listener, ada: Person
) -> None:
    for text in "12":
        ada.dm(text)
    loopback.faults.now(Repeat(2))
    await listener.hears("1", "2", "1", "2")
    loopback.faults.at("RESUMED", Repeat(2))  # "2", and RESUMED
    loopback.faults.now(Drop())
    await listener.hears("1", "2", "1", "2", "2")


async def test_an_event_can_be_lost_or_held_up(
    loopback: LoopbackDiscord, listener: Listener, ada: Person
) -> None:
    loopback.faults.at("MESSAGE_CREATE", Silence(), Hold(0.1))
    for text in "123":
        ada.dm(text)
    await listener.hears("2", "3")


@pytest.mark.usefixtures("listener")
async def test_an_interaction_can_come_too_late(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    loopback.faults.at("INTERACTION_CREATE", Hold(0.05))
    asked = ada.uses_command(general, "ask")
    loopback.clock.advance(2.99)
    await loopback.ledger.wait_for(lambda _: bool(loopback.ledger.callbacks(asked)))
    assert loopback.ledger.rules_broken == ["unknown-interaction"]


@pytest.mark.parametrize(
    ("garbage", "error"),
    [
        ('{"op": 0, "t": "MESS', json.JSONDecodeError),
        ("[]", AttributeError),
        (b"no stream\x00\x00\xff\xff", Exception),  # that of zlib, or of zstd
        ('{"op": 0, "t": "READY", "s": 1, "d": {}}', KeyError),
    ],
)
async def test_garbage_ends_a_client(
    loopback: LoopbackDiscord, garbage: str | bytes, error: type[Exception]
) -> None:
    loopback.faults.at("READY", Garbage(garbage))
    with redirected(loopback):
        async with Listener() as client:
            with pytest.raises(error):
                await client.start(loopback.token)


async def test_an_event_can_come_mangled(
    loopback: LoopbackDiscord, listener: Listener, ada: Person
) -> None:
    loopback.faults.at("MESSAGE_CREATE", Mangle("content", "forged"), Mangle("author.bot", value=1))
    loopback.faults.at("MESSAGE_CREATE", Mangle("embeds"))
    for text in "123":
        ada.dm(text)
    await loopback.ledger.event("MESSAGE_CREATE", number=3)
    frames = [frame.data for frame in loopback.ledger.frames("MESSAGE_CREATE")]
    assert (frames[0]["content"], frames[1]["author"]["bot"]) == ("forged", 1)
    assert "embeds" not in frames[2]
    await listener.hears("forged", "2", "3")


async def test_an_unknown_event_does_no_harm(
    loopback: LoopbackDiscord, listener: Listener, ada: Person
) -> None:
    loopback.faults.now(Garbage('{"op": 0, "t": "NO_SUCH_EVENT", "s": 9, "d": null}'))
    ada.dm("still there?")
    await listener.hears("still there?")


# Compression


@pytest.mark.parametrize("kind", ["zlib-stream", "zstd-stream"])
async def test_a_stream_is_compressed_as_asked(loopback: LoopbackDiscord, kind: str) -> None:
    if kind == "zstd-stream":
        zstandard = pytest.importorskip("zstandard")
        decompress = zstandard.ZstdDecompressor().decompressobj().decompress
    else:
        decompress = zlib.decompressobj().decompress
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{loopback.gateway_url}?compress={kind}", timeout=_AT_ONCE) as ws,
    ):
        hello = json.loads(decompress(await ws.receive_bytes()))
        assert hello["op"] == HELLO
        await ws.send_json({"op": IDENTIFY, "d": {"token": loopback.token, "intents": 0}})
        assert json.loads(decompress(await ws.receive_bytes()))["t"] == "READY"
