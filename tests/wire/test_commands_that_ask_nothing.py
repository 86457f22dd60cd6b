"""`/help`, `/sources` and `/status` are no questions, and have a rate limit of their own."""

import pytest

from fakes.discord import Channel, LoopbackDiscord, Person
from index import SearchEngine
from wire.newsroom import QUESTION, connected

_LOOKS = ("help", "sources", "status")


async def test_they_do_not_count_as_questions(
    loopback: LoopbackDiscord, engine: SearchEngine, ada: Person, general: Channel
) -> None:
    async with connected(loopback, engine, user_limit=1):
        for command in _LOOKS:
            shown = await loopback.ledger.answer(ada.uses_command(general, command))
            assert "at once" not in shown.content
        asked = ada.uses_command(general, "ask", question=QUESTION)
        assert (await loopback.ledger.answer(asked)).embeds
        # Nor does a question count as one of them; but another question is too many.
        refused = ada.uses_command(general, "ask", question=QUESTION)
        assert "a lot of questions" in (await loopback.ledger.answer(refused)).content
    assert loopback.ledger.violations == []


@pytest.mark.parametrize("limit", ["user_limit", "channel_limit"])
async def test_a_flood_of_them_is_refused(
    loopback: LoopbackDiscord, engine: SearchEngine, ada: Person, general: Channel, limit: str
) -> None:
    async with connected(loopback, engine, **{limit: 2}):
        for command in _LOOKS * 2:
            shown = await loopback.ledger.answer(ada.uses_command(general, command))
            assert "at once" not in shown.content
        for command in _LOOKS:
            notice = await loopback.ledger.answer(ada.uses_command(general, command))
            assert notice.ephemeral
            assert notice.content.startswith("That is a lot of commands at once. Please wait ")
        asked = ada.uses_command(general, "ask", question=QUESTION)
        assert (await loopback.ledger.answer(asked)).embeds
    assert loopback.ledger.violations == []
