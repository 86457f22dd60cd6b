"""The buttons below an answer, and the form, on the loopback Discord; also after a restart."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
import pytest_asyncio

from fakes.discord import Change, Interaction, Message, MessageChange, NotOffered
from waiting import until
from wire.newsroom import CLOSES, COST, COSTS, PIERS, Newsroom, open_newsroom, write_ferry

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARAGRAPHS = (CLOSES, COSTS, *PIERS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newsroom(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    async with open_newsroom(tmp_path_factory.mktemp("newsroom"), PARAGRAPHS) as room:
        yield room
        assert room.discord.ledger.violations == []


async def _edited(newsroom: Newsroom, clicked: Interaction) -> Message:
    """Wait for a message to change after a click, and return it."""

    def edit(change: MessageChange) -> Message | None:
        edited = change.change is Change.EDITED and change.interaction is clicked
        return change.message if edited else None

    return await newsroom.first(edit, what="an edit")


async def _removed(newsroom: Newsroom, message: Message) -> None:
    def deletion(change: MessageChange) -> bool | None:
        gone = change.change is Change.DELETED and change.message.id == message.id
        return gone or None

    await newsroom.first(deletion, what="a removed message")


def _votes(newsroom: Newsroom) -> list[bytes]:
    with closing(sqlite3.connect(newsroom.bot.database)) as db:
        rows = db.execute("SELECT value FROM note WHERE key LIKE 'vote %' ORDER BY row")
        return [value for [value] in rows]


def _buttons(message: Message) -> dict[str, bool]:
    """The labels of a message's buttons, and whether each is enabled."""
    return {
        button["label"]: not button.get("disabled")
        for row in message.components
        for button in row["components"]
    }


def _shown(message: Message) -> str:
    return "\n".join(embed["description"] for embed in message.embeds)


async def test_an_answer_has_all_buttons_and_a_refusal_only_some(
    newsroom: Newsroom,
) -> None:
    answer = await newsroom.ask()
    assert list(_buttons(answer)) == [
        "Show context", "More", "Ask a follow-up", "Helpful", "Wrong passage", "Remove",
    ]  # fmt: skip
    absent = await newsroom.ask("who won the chess olympiad?")
    assert list(_buttons(absent)) == ["Ask a follow-up", "Remove"]
    assert not _buttons(await newsroom.ask("hello!"))
    alone = await newsroom.ask_privately()
    assert "Share to channel" in _buttons(alone)


async def test_context_shows_the_surrounding_paragraphs_to_the_clicker_only(
    newsroom: Newsroom,
) -> None:
    answer = await newsroom.ask()
    context = await newsroom.discord.ledger.answer(newsroom.bo.clicks(answer, "Show context"))
    assert context.ephemeral
    assert context.embeds[0]["description"] == (
        f"{CLOSES}\n\n> **Rebuilding costs 40 million crowns.** The state pays half of that.\n\n"
        "Pier 10 of the ferry terminal opened in 1910."
    )
    assert context.embeds[0]["footer"]["text"].endswith("paragraph 2 of 12")


async def test_pages_are_turned_in_place_and_end(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("when did a pier of the ferry terminal open?")
    seen = [_shown(answer)]
    page = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, "More"))
    while True:
        seen.append(_shown(page))
        assert page.id == answer.id
        assert page.content == answer.content
        assert _buttons(page)["Previous"]
        if not _buttons(page)["Next"]:
            break
        page = await newsroom.discord.ledger.answer(newsroom.bo.clicks(page, "Next"))
    assert len(set(seen)) == len(seen) >= 4
    with pytest.raises(NotOffered):
        newsroom.ada.clicks(page, "Next")
    for earlier in reversed(seen[:-1]):
        page = await newsroom.discord.ledger.answer(newsroom.ada.clicks(page, "Previous"))
        assert _shown(page) == earlier
    assert not _buttons(page)["Previous"]


async def test_a_vote_counts_once_for_each_person_and_can_be_changed(newsroom: Newsroom) -> None:
    answer, before = await newsroom.ask(), len(_votes(newsroom))
    first = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, "Helpful"))
    assert first.ephemeral
    assert first.content.endswith("this passage helped. The question is stored with your vote.")
    again = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, "Helpful"))
    assert "counts once" in again.content
    # While an answer's card is written, votes wait in memory.
    await until(lambda: len(_votes(newsroom)) == before + 1)
    other = await newsroom.discord.ledger.answer(newsroom.bo.clicks(answer, "Wrong passage"))
    assert "wrong passage" in other.content
    changed = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, "Wrong passage"))
    assert "wrong passage" in changed.content

    def wrong() -> list[bytes]:
        return [vote for vote in _votes(newsroom)[before:] if b'"verdict":"wrong"' in vote]

    await until(lambda: len(wrong()) == 2)
    assert len(_votes(newsroom)) == before + 2
    for one in wrong():
        assert b'"number":2,"verdict":"wrong","day":"20' in one
        assert f'"question":"{COST}"'.encode() in one
        assert str(newsroom.ada.user.id).encode() not in one


async def test_only_the_asker_and_moderators_can_remove_an_answer(newsroom: Newsroom) -> None:
    for person in (newsroom.ada, newsroom.moderator):
        answer = await newsroom.ask()
        refused = await newsroom.discord.ledger.answer(newsroom.bo.clicks(answer, "Remove"))
        assert refused.ephemeral
        assert "Only the person who asked" in refused.content
        person.clicks(answer, "Remove")
        await _removed(newsroom, answer)


async def test_in_a_direct_message_an_answer_can_be_removed_and_needs_no_sharing(
    newsroom: Newsroom,
) -> None:
    asked = newsroom.ada.dm(COST)
    answer = await newsroom.discord.ledger.reply(asked)
    assert "Share to channel" not in _buttons(answer)
    newsroom.ada.clicks(answer, "Remove")
    await _removed(newsroom, answer)


async def test_a_private_answer_is_shared_once(newsroom: Newsroom) -> None:
    alone = await newsroom.ask_privately()
    assert alone.ephemeral
    clicked = newsroom.ada.clicks(alone, "Share to channel")
    shared = await newsroom.discord.ledger.answer(clicked)
    assert not shared.ephemeral
    assert shared.content == f"Shared by Ada:\nQuestion: {COST}"
    assert shared.embeds[0]["description"] == alone.embeds[0]["description"]
    assert not shared.pings.users
    assert "Share to channel" not in _buttons(shared)
    with pytest.raises(NotOffered):
        newsroom.ada.clicks(await _edited(newsroom, clicked), "Share to channel")
    refused = await newsroom.discord.ledger.answer(newsroom.bo.clicks(shared, "Remove"))
    assert "Only the person who asked" in refused.content
    newsroom.ada.clicks(shared, "Remove")
    await _removed(newsroom, shared)
    newsroom.ada.clicks(alone, "Remove")
    await _removed(newsroom, alone)


async def test_the_form_asks_a_follow_up_to_the_answer(newsroom: Newsroom) -> None:
    answer = await newsroom.ask()
    modal = await newsroom.bo.sees_modal(newsroom.bo.clicks(answer, "Ask a follow-up"))
    reply = await newsroom.discord.ledger.answer(
        newsroom.bo.submits(modal, {"Your question": "and who pays?"})
    )
    assert not reply.ephemeral
    assert reply.content.startswith("Question: and who pays?\nSearched for “Who pays")
    assert "The state pays half" in _shown(reply)
    newsroom.bo.clicks(reply, "Remove")  # who asked on is who asked
    await _removed(newsroom, reply)
    alone = await newsroom.ask_privately()
    modal = await newsroom.ada.sees_modal(newsroom.ada.clicks(alone, "Ask a follow-up"))
    reply = await newsroom.discord.ledger.answer(
        newsroom.ada.submits(modal, {"Your question": "and who pays?"})
    )
    assert reply.ephemeral


async def test_buttons_and_memory_work_after_a_restart(newsroom: Newsroom) -> None:
    answer = await newsroom.ask()
    alone = await newsroom.ask_privately()
    await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, "Helpful"))
    modal = await newsroom.ada.sees_modal(newsroom.ada.clicks(answer, "Ask a follow-up"))
    await newsroom.restart()
    context = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, "Show context"))
    assert "Pier 10" in _shown(context)
    again = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, "Helpful"))
    assert "counts once" in again.content
    page = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, "More"))
    assert _buttons(page)["Previous"]
    shared = await newsroom.discord.ledger.answer(newsroom.ada.clicks(alone, "Share to channel"))
    assert "Rebuilding" in _shown(shared)
    # What it went on from is forgotten: it is simply answered.
    question = {"Your question": "when did pier 12 open?"}
    reply = await newsroom.discord.ledger.answer(newsroom.ada.submits(modal, question))
    assert "Pier 12" in _shown(reply)
    refused = await newsroom.discord.ledger.answer(newsroom.bo.clicks(answer, "Remove"))
    assert "Only the person who asked" in refused.content
    newsroom.ada.clicks(answer, "Remove")
    await _removed(newsroom, answer)


async def test_missing_passages_and_expired_answers_are_reported(newsroom: Newsroom) -> None:
    answer = await newsroom.ask()
    private = await newsroom.ask_privately()
    write_ferry(newsroom.coverage, "All about the ferry terminal has changed.")
    await newsroom.reindex()
    for button in ("Show context", "More"):
        notice = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, button))
        assert notice.ephemeral
        assert "no longer in the coverage" in notice.content
    notice = await newsroom.discord.ledger.answer(newsroom.ada.clicks(private, "Share to channel"))
    assert "no longer in the coverage" in notice.content
    write_ferry(newsroom.coverage, *PARAGRAPHS)
    await newsroom.reindex()
    with closing(sqlite3.connect(newsroom.bot.database)) as db, db:
        db.execute("UPDATE note SET expires = 1 WHERE key LIKE 'answer %'")
    for button in ("Show context", "More", "Helpful", "Remove"):
        notice = await newsroom.discord.ledger.answer(newsroom.ada.clicks(answer, button))
        assert notice.ephemeral
        assert "have expired" in notice.content
    newsroom.moderator.clicks(answer, "Remove")
    await _removed(newsroom, answer)


async def test_neither_questions_nor_names_are_stored(newsroom: Newsroom) -> None:
    """Except with a vote; the log is checked when the bot ends."""
    await newsroom.ask("what does zanzibar cost in the ferry terminal?")
    alone = await newsroom.ask("zanzibar rebuilding?")
    modal = await newsroom.ada.sees_modal(newsroom.ada.clicks(alone, "Ask a follow-up"))
    await newsroom.discord.ledger.answer(
        newsroom.ada.submits(modal, {"Your question": "and zanzibar?"})
    )
    for kept in newsroom.folder.glob("bot.db*"):
        data = kept.read_bytes()
        assert b"zanzibar" not in data
        assert b"Ada" not in data
