"""The bot on an engine that is not `SearchEngine`: it uses nothing beyond the Protocol."""

from collections.abc import AsyncIterator

import pytest

from bot import votes
from bot.discord.client import Client
from bot.votes import Verdict
from fakes.discord import Channel, LoopbackDiscord, Person
from fakes.engine import FakeEngine
from index import Article
from wire.newsroom import ANSWER, CLOSES, COST, COSTS, connected


@pytest.fixture
async def engine() -> FakeEngine:
    article = Article("ferry", "Ferry to close", "Eldholm Post", "", "2021", "", False, 2)  # noqa: FBT003
    engine = FakeEngine([(article, [CLOSES, COSTS])])
    await engine.reindex()
    return engine


@pytest.fixture
async def bot(loopback: LoopbackDiscord, engine: FakeEngine) -> AsyncIterator[Client]:
    async with connected(loopback, engine) as client:
        yield client
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_a_mention_is_answered_and_a_vote_counted(
    loopback: LoopbackDiscord, engine: FakeEngine, general: Channel, ada: Person
) -> None:
    answer = await loopback.ledger.reply(ada.says(general, f"{loopback.bot.mention} {COST}"))
    assert ANSWER in answer.embeds[0]["description"]
    voted = await loopback.ledger.answer(ada.clicks(answer, "Helpful"))
    assert voted.content.startswith("Thank you!")
    assert await votes.tally(engine.key_values) == {Verdict.HELPFUL: 1}


@pytest.mark.usefixtures("bot")
async def test_sources_are_listed(loopback: LoopbackDiscord, general: Channel, ada: Person) -> None:
    listed = await loopback.ledger.answer(ada.uses_command(general, "sources"))
    assert "Ferry to close · Eldholm Post" in listed.content
