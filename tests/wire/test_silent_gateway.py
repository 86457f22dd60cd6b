"""A silent or unreachable Discord, for as long as the bot's timeouts.

Everything that takes a minute happens at the same time, to a bot each.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from fakes.discord import Drop, Freeze, Listener, LoopbackDiscord, Moment, Silence
from fakes.discord.protocol import Op
from waiting import until
from wire.bot_process import running_bot
from wire.newsroom import COSTS, open_newsroom, write_ferry

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

_OUTAGE_S = 60.0
_PATIENCE_S = 300.0  # with a bot that has patience itself, for up to 100 seconds


async def _without_first_word(moment: Moment, folder: Path) -> None:
    write_ferry(folder / "coverage", COSTS)
    async with LoopbackDiscord(application="clipdesk") as discord:
        ledger = discord.ledger
        discord.faults.at(moment, Silence())
        async with running_bot(discord, folder) as bot:
            await until(lambda: ledger.faults)
            await bot.wait_until_indexed()
            threads, files = bot.threads(), len(bot.open_files())
            await until(lambda: ledger.frames("READY"), _PATIENCE_S)
            await until(lambda: bot.threads() <= threads + 2)
            await until(lambda: len(bot.open_files()) <= files + 2)
        assert ledger.violations == []


async def _silent_later(fault: Silence | Freeze, folder: Path) -> None:
    async with open_newsroom(folder) as room:
        discord = room.discord
        if isinstance(fault, Silence):
            discord.faults.at(Moment.HEARTBEAT, fault)
        else:
            discord.faults.now(fault)
            asked = room.asks()
        await until(lambda: discord.ledger.frames(op=Op.RESUME), _PATIENCE_S)
        if isinstance(fault, Silence):
            asked = room.asks()
        await room.expect_answer(asked)
        assert discord.ledger.violations == []


async def _absent_at_first(folder: Path) -> None:
    write_ferry(folder / "coverage", COSTS)
    async with LoopbackDiscord(application="clipdesk") as discord:
        await discord.listeners.close(Listener.GATEWAY)
        async with running_bot(discord, folder) as bot:
            await asyncio.sleep(_OUTAGE_S)
            await discord.listeners.open(Listener.GATEWAY)
            await discord.ledger.event("READY")
            assert len(bot.log.splitlines()) <= 10
        assert discord.ledger.violations == []


async def _absent_later(folder: Path) -> None:
    async with open_newsroom(folder) as room:
        discord, before = room.discord, len(room.bot.log.splitlines())
        await discord.listeners.close(*Listener)
        discord.faults.now(Drop())
        asked = room.asks()
        await asyncio.sleep(_OUTAGE_S)
        await discord.listeners.open(*Listener)
        await discord.ledger.event("RESUMED")
        await room.expect_answer(asked)
        assert len(room.bot.log.splitlines()) <= before + 10
        assert discord.ledger.violations == []


_ACTS: dict[str, Callable[[Path], Awaitable[None]]] = {
    "HELLO": partial(_without_first_word, Moment.HELLO),
    "READY": partial(_without_first_word, Moment.IDENTIFY),
    "heartbeats": partial(_silent_later, Silence()),
    "everything": partial(_silent_later, Freeze()),
    "at first": _absent_at_first,
    "later": _absent_later,
}
Acts = Mapping[str, asyncio.Future[None]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def acts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Acts]:
    """All scenarios, which have been running since the first test began."""
    started = {
        name: asyncio.ensure_future(act(tmp_path_factory.mktemp("act")))
        for name, act in _ACTS.items()
    }
    yield started
    for act in started.values():
        act.cancel()
    await asyncio.gather(*started.values(), return_exceptions=True)


@pytest.mark.parametrize("lacking", ["HELLO", "READY"])
async def test_a_gateway_without_hello_is_left_without_leaks(acts: Acts, lacking: str) -> None:
    await acts[lacking]


@pytest.mark.parametrize("lacking", ["heartbeats", "everything"])
async def test_a_silent_connection_is_resumed_without_losing_questions(
    acts: Acts, lacking: str
) -> None:
    await acts[lacking]


@pytest.mark.parametrize("when", ["at first", "later"])
async def test_an_outage_of_a_minute_is_survived(acts: Acts, when: str) -> None:
    await acts[when]
