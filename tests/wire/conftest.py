"""A loopback Discord with one guild, one channel and one person; and newsrooms, see `newsroom`."""

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
    async with LoopbackDiscord() as double:
        yield double


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
    """The double, with every discord.py client of this process sent to it."""
    monkeypatch.setattr(discord.http.Route, "BASE", loopback.api_url)
    gateway = yarl.URL(loopback.gateway_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    return loopback


@pytest.fixture
def description(loopback: LoopbackDiscord) -> None:
    if not loopback.checks_against_description:
        pytest.skip("Discord's OpenAPI description is not at hand")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The coverage: one article."""
    write_ferry(tmp_path / "coverage", CLOSES, COSTS)
    return tmp_path / "coverage"


@pytest.fixture
async def engine(folder: Path) -> AsyncIterator[SearchEngine]:
    """A desk over the coverage, indexed."""
    async with open_engine(MEMORY, [Source(str(folder))]) as opened:
        await opened.reindex()
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newsroom(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    """A newsroom of all tests of a module."""
    async with open_newsroom(tmp_path_factory.mktemp("newsroom")) as made:
        yield made
