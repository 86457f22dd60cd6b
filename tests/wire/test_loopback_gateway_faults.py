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
    Channel,
    Close,
    Corrupt,
    Delay,
    Drop,
    Frame,
    Freeze,
    Garbage,
    Injected,
    Invalidate,
    Listener,
    LoopbackDiscord,
    Moment,
    NoUpgrade,
    Person,
    Reconnect,
    Repeat,
    Silence,
)
from fakes.discord.discordpy import redirected, running, skipping_waits
from fakes.discord.gateway_faults import GatewayFault
from waiting import PATIENCE_S, until

HEARTBEAT, IDENTIFY, RESUME, HELLO, ACKNOWLEDGED = 1, 2, 6, 10, 11


class Receiver(discord.Client):
    """A client that records the messages that it receives."""

    def __init__(self, heartbeat_timeout_s: float = PATIENCE_S) -> None:
        intents = discord.Intents(dm_messages=True)
        super().__init__(intents=intents, heartbeat_timeout=heartbeat_timeout_s)
        self.received: list[str] = []
        self.arrival = asyncio.Event()
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ask", description="Ask the coverage.")(_ask)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait the usual five seconds."""

    async def on_message(self, message: discord.Message) -> None:
        self.received.append(message.content)
        self.arrival.set()

    async def receives(self, *texts: str) -> None:
        """Wait until exactly these texts have been received."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.received) < len(texts):
                await self.arrival.wait()
                self.arrival.clear()
        assert self.received == list(texts)


async def _ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("42")


@pytest.fixture
async def receiver(loopback: LoopbackDiscord) -> AsyncIterator[Receiver]:
    client = Receiver()
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
async def test_an_unreachable_gateway_ends_the_first_start(
    loopback: LoopbackDiscord, *, shut: bool
) -> None:
    if shut:
        await loopback.listeners.close(Listener.GATEWAY)
    else:
        loopback.faults.at(Moment.CONNECT, NoUpgrade(503))
    with redirected(loopback):
        async with Receiver() as client:
            with pytest.raises((AttributeError, aiohttp.ClientError)):
                await client.start(loopback.token)
    await loopback.listeners.open(Listener.GATEWAY)
    async with running(Receiver(), loopback):
        assert loopback.ledger.counts["gateway > READY"] == 1


@pytest.mark.parametrize("shut", [True, False])
async def test_a_dead_resume_address_is_retried(
    loopback: LoopbackDiscord, receiver: Receiver, ada: Person, *, shut: bool
) -> None:
    if shut:
        await loopback.listeners.close(Listener.RESUME)
    else:
        loopback.faults.at(Moment.CONNECT_TO_RESUME, NoUpgrade(503))
    with skipping_waits(loopback) as waits:
        loopback.faults.now(Drop())
        ada.dm("missed?")
        await until(lambda: waits)  # before it tries again
        await loopback.listeners.open(Listener.RESUME)
        await loopback.ledger.event("RESUMED")
        await receiver.receives("missed?")


async def test_a_connection_can_be_accepted_without_a_hello(loopback: LoopbackDiscord) -> None:
    loopback.faults.at(Moment.CONNECT, Silence(), Drop(), Drop(), Delay(0.01))
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


async def test_ready_can_be_suppressed(
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
    loopback.gateway.starts.concurrent.limit = 10
    loopback.faults.at(Moment.IDENTIFY, Invalidate(), times=3)
    async with running(Receiver(), loopback):
        assert loopback.ledger.counts["gateway < op 2"] == 4
        assert loopback.gateway.starts.daily.used == 4


# Staying there


@pytest.mark.parametrize(
    "fault",
    [Reconnect(), Invalidate(resumable=True), Close(1000), Close(4000), Close(4009), Drop()],
)
async def test_a_session_is_resumed_with_all_missed_events(
    loopback: LoopbackDiscord, receiver: Receiver, ada: Person, fault: GatewayFault
) -> None:
    loopback.faults.now(fault)
    for text in "123":
        ada.dm(text)
    await receiver.receives("1", "2", "3")
    assert loopback.ledger.counts["gateway < op 6"] == 1
    assert loopback.ledger.violations == []


async def test_each_resume_can_be_followed_by_the_next_fault(
    loopback: LoopbackDiscord, receiver: Receiver, ada: Person
) -> None:
    loopback.faults.at("RESUMED", Reconnect(), Invalidate(resumable=True), Close(4000))
    loopback.faults.now(Close(4000))
    await loopback.ledger.event("RESUMED", number=4)
    ada.dm("over?")
    await receiver.receives("over?")


async def test_a_resume_can_be_refused(
    loopback: LoopbackDiscord, receiver: Receiver, ada: Person
) -> None:
    loopback.clock.advance(5)
    loopback.faults.at(Moment.RESUME, Invalidate())
    loopback.faults.now(Drop())
    await loopback.ledger.event("READY", number=2)
    ada.dm("back?")
    await receiver.receives("back?")


@pytest.mark.usefixtures("receiver")
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
    """The client reads for a second at a time, and checks its heartbeats every 0.4 s.

    So reading ends first, and the test need not wait half a minute until discord.py closes a frozen
    connection.
    """
    loopback.gateway.heartbeat_s = 0.4
    receiver = Receiver(heartbeat_timeout_s=1.0)

    def end_it(entry: object) -> None:  # before the new connection's first heartbeat
        if isinstance(entry, Frame) and entry.op == RESUME:
            loopback.faults.clear()

    loopback.ledger.watch(end_it)
    async with running(receiver, loopback):
        loopback.faults.at(Moment.HEARTBEAT, fault, times=ALWAYS)
        await loopback.ledger.wait_for(lambda entry: isinstance(entry, Injected))
        ada.dm("anybody?")
        await loopback.ledger.wait_for(
            lambda entry: isinstance(entry, Frame) and entry.op == RESUME
        )
        await receiver.receives("anybody?")


# Saying strange things


async def test_events_can_come_twice(
    loopback: LoopbackDiscord, receiver: Receiver, ada: Person
) -> None:
    for text in "12":
        ada.dm(text)
    loopback.faults.now(Repeat(2))
    await receiver.receives("1", "2", "1", "2")
    loopback.faults.at("RESUMED", Repeat(2))  # "2", and RESUMED
    loopback.faults.now(Drop())
    await receiver.receives("1", "2", "1", "2", "2")


async def test_an_event_can_be_lost_or_delayed(
    loopback: LoopbackDiscord, receiver: Receiver, ada: Person
) -> None:
    loopback.faults.at("MESSAGE_CREATE", Silence(), Delay(0.1))
    for text in "123":
        ada.dm(text)
    await receiver.receives("2", "3")


@pytest.mark.usefixtures("receiver")
async def test_an_interaction_can_come_too_late(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    loopback.faults.at("INTERACTION_CREATE", Delay(0.05))
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
        async with Receiver() as client:
            with pytest.raises(error):
                await client.start(loopback.token)


async def test_an_event_can_be_corrupted(
    loopback: LoopbackDiscord, receiver: Receiver, ada: Person
) -> None:
    loopback.faults.at(
        "MESSAGE_CREATE", Corrupt("content", "forged"), Corrupt("author.bot", value=1)
    )
    loopback.faults.at("MESSAGE_CREATE", Corrupt("embeds"))
    for text in "123":
        ada.dm(text)
    await loopback.ledger.event("MESSAGE_CREATE", number=3)
    frames = [frame.data for frame in loopback.ledger.frames("MESSAGE_CREATE")]
    assert (frames[0]["content"], frames[1]["author"]["bot"]) == ("forged", 1)
    assert "embeds" not in frames[2]
    await receiver.receives("forged", "2", "3")


async def test_an_unknown_event_does_no_harm(
    loopback: LoopbackDiscord, receiver: Receiver, ada: Person
) -> None:
    loopback.faults.now(Garbage('{"op": 0, "t": "NO_SUCH_EVENT", "s": 9, "d": null}'))
    ada.dm("still there?")
    await receiver.receives("still there?")


# Compression


@pytest.mark.parametrize("kind", ["zlib-stream", "zstd-stream"])
async def test_a_stream_is_compressed_as_requested(loopback: LoopbackDiscord, kind: str) -> None:
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
