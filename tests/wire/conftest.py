"""Fixtures: a loopback Discord with a guild, a channel and a person; and a newsroom."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
import pytest_asyncio
import yarl

from fakes.discord import Channel, Guild, LoopbackDiscord, Person
from index import MEMORY, SearchEngine, Source, open_engine
from wire.newsroom import CLOSES, COSTS, Newsroom, open_newsroom, write_ferry


@pytest.fixture
async def loopback() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as discord_:
        yield discord_


@pytest.fixture
def guild(loopback: LoopbackDiscord) -> Guild:
    return loopback.add_guild("Newsroom")


@pytest.fixture
def general(loopback: LoopbackDiscord, guild: Guild) -> Channel:
    return loopback.add_channel(guild, "general")


@pytest.fixture
def ada(loopback: LoopbackDiscord, guild: Guild) -> Person:
    return loopback.add_person("Ada", guild)


@pytest.fixture
def pointed_at_loopback(
    loopback: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch
) -> LoopbackDiscord:
    """The loopback Discord, to which all discord.py clients of this process connect."""
    monkeypatch.setattr(discord.http.Route, "BASE", loopback.api_url)
    gateway = yarl.URL(loopback.gateway_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    return loopback


@pytest.fixture
def description(loopback: LoopbackDiscord) -> None:
    if not loopback.checks_against_description:
        pytest.skip("Discord's OpenAPI description is not available")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of coverage with one article."""
    write_ferry(tmp_path / "coverage", CLOSES, COSTS)
    return tmp_path / "coverage"


@pytest.fixture
async def engine(folder: Path) -> AsyncIterator[SearchEngine]:
    """An engine that has indexed the coverage."""
    async with open_engine(MEMORY, [Source(str(folder))]) as opened:
        await opened.reindex()
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newsroom(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    """A newsroom shared by the tests of a module."""
    async with open_newsroom(tmp_path_factory.mktemp("newsroom")) as made:
        yield made
