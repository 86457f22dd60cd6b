"""Clicks on buttons: their rate limit, and clicks at shutdown and at the same time."""

import asyncio
from pathlib import Path

import pytest

from fakes.discord import Channel, Guild, LoopbackDiscord, Message, Permissions, Person
from index import SearchEngine
from waiting import until
from wire.newsroom import CLOSES, COST, COSTS, PIERS, connected, write_ferry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_ferry(tmp_path / "coverage", CLOSES, COSTS, *PIERS)
    return tmp_path / "coverage"


async def _asked(loopback: LoopbackDiscord, person: Person, channel: Channel) -> Message:
    question = f"{loopback.bot.mention} {COST}"
    return await loopback.ledger.reply(person.says(channel, question))


async def test_too_many_clicks_are_refused_privately(
    loopback: LoopbackDiscord, engine: SearchEngine, guild: Guild, ada: Person, general: Channel
) -> None:
    async with connected(loopback, engine, user_limit=2):
        answer = await _asked(loopback, ada, general)
        buttons = ("Show context", "More", "Helpful", "Wrong passage", "Next", "Previous")
        for button in buttons:  # three for each question that may be asked
            shown = await loopback.ledger.answer(ada.clicks(answer, button))
            assert "a lot of clicks" not in shown.content
        for button in ("Show context", "Next", "Helpful", "Ask a follow-up", "Remove"):
            notice = await loopback.ledger.answer(ada.clicks(answer, button))
            assert notice.ephemeral
            assert notice.content.startswith("That is a lot of clicks at once. Please wait ")
        bo = loopback.add_person("Bo", guild)
        assert (await loopback.ledger.answer(bo.clicks(answer, "Show context"))).embeds
        assert (await _asked(loopback, ada, general)).embeds  # questions are counted apart
    assert loopback.ledger.violations == []
    assert loopback.unanswered() == []


async def test_page_buttons_count_toward_the_click_limit(
    loopback: LoopbackDiscord, engine: SearchEngine, ada: Person, general: Channel, folder: Path
) -> None:
    for number in range(11):
        text = f"---\ntitle: Ship {number}\n---\n\nShip {number} has left the quay.\n"
        (folder / f"{number}.md").write_text(text, "utf-8")
    await engine.reindex()
    async with connected(loopback, engine, channel_limit=1):
        listed = await loopback.ledger.answer(ada.uses_command(general, "sources"))
        for button in ("Next page", "Previous page", "Next page"):
            assert (await loopback.ledger.answer(ada.clicks(listed, button))).id == listed.id
        notice = await loopback.ledger.answer(ada.clicks(listed, "Previous page"))
        assert notice.ephemeral
        assert "a lot of clicks" in notice.content


async def test_clicks_before_shutdown_get_a_notice(
    loopback: LoopbackDiscord,
    engine: SearchEngine,
    ada: Person,
    general: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recalled = []

    async def never(key: str) -> bytes:
        recalled.append(key)
        await asyncio.Event().wait()
        raise AssertionError

    async with connected(loopback, engine) as client:
        answer = await _asked(loopback, ada, general)
        monkeypatch.setattr(engine.key_values, "get", never)
        clicked = [ada.clicks(answer, button) for button in ("Show context", "More", "Helpful")]
        await until(lambda: len(recalled) == len(clicked))
        await client.admission.pending_replies.finish(finish_s=0.3)
    for one in clicked:
        notice = await loopback.ledger.answer(one)
        assert notice.ephemeral
        assert "shutting down" in notice.content
    now = loopback.world.messages[answer.id]
    assert (now.content, now.embeds) == (answer.content, answer.embeds)
    assert loopback.unanswered() == []
    assert loopback.ledger.violations == []


async def test_rapid_clicks_share_an_answer_once(
    loopback: LoopbackDiscord,
    engine: SearchEngine,
    ada: Person,
    general: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recall = engine.key_values.get

    go_on = asyncio.Event()

    async def recall_slowly(key: str) -> bytes | None:
        found = await recall(key)
        await go_on.wait()
        return found

    async with connected(loopback, engine) as client:
        used = ada.uses_command(general, "ask", question=COST, private=True)
        alone = await loopback.ledger.answer(used)
        monkeypatch.setattr(engine.key_values, "get", recall_slowly)
        clicked = [ada.clicks(alone, "Share to channel") for _ in range(5)]
        for one in clicked:
            await loopback.ledger.callback(one)
        go_on.set()
        said = [(await loopback.ledger.answer(one)) for one in clicked]
        await client.admission.pending_replies.finish()
    notice = [message.content for message in said if message.ephemeral and message.id != alone.id]
    assert notice == ["This answer has already been shared."] * 4
    posted = loopback.ledger.messages(general, by=loopback.bot)
    assert len([message for message in posted if not message.ephemeral]) == 1
    assert loopback.ledger.violations == []


async def test_an_answer_in_plain_text_stays_so(
    loopback: LoopbackDiscord, engine: SearchEngine, ada: Person, general: Channel
) -> None:
    loopback.deny(general, loopback.bot, Permissions.EMBED_LINKS)
    question = "who may cost zanzibar piers of the ferry terminal?"
    async with connected(loopback, engine):
        used = ada.uses_command(general, "ask", question=question, private=True)
        answer = await loopback.ledger.answer(used)
        verdict, _, _ = answer.content.partition("\n\n")
        assert verdict.endswith("The closest passages:")
        pages = [answer.content]
        for button in ("More", "Next", "Previous", "Previous"):
            page = await loopback.ledger.answer(ada.clicks(answer, button))
            assert page.embeds == ()
            assert page.id == answer.id
            assert page.content.startswith(f"{verdict}\n\n**Ferry terminal to close**\n> ")
            pages.append(page.content)
        assert len(set(pages)) == 3
        assert pages[4] == pages[0]
        context = await loopback.ledger.answer(ada.clicks(answer, "Show context"))
        assert context.embeds == ()
        assert "\n\n> Pier " in context.content
        shared = await loopback.ledger.answer(ada.clicks(answer, "Share to channel"))
        assert not shared.ephemeral
        assert shared.embeds == ()
        assert shared.content == f"Shared by Ada:\n{pages[0]}"
        page = await loopback.ledger.answer(ada.clicks(shared, "More"))
        assert page.content == f"Shared by Ada:\n{pages[1]}"
    assert loopback.ledger.violations == []
