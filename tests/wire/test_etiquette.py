"""The bot's behaviour towards users and Discord, under limits, faults and at shutdown."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Literal

import pytest

from bot.discord.admission.question_queue import QuestionQueue
from bot.discord.client import Client
from bot.settings import load_settings
from fakes.discord import (
    BrokenBody,
    Channel,
    Close,
    Corrupt,
    Drop,
    Garbage,
    Guild,
    Interaction,
    Invalidate,
    LoopbackDiscord,
    Message,
    Permissions,
    Person,
    Reconnect,
    Refusal,
    Refuse,
    Repeat,
    Reset,
    ServerError,
    TooMany,
)
from fakes.discord.clock import TIMESTAMP_SHIFT
from fakes.discord.discordpy import redirected
from fakes.discord.entries import Entry, MessageChange
from fakes.discord.protocol import Op
from fakes.discord.rest_faults import RestFault
from index import MEMORY, Answer, SearchEngine
from waiting import until
from wire.bot_process import CANARY
from wire.newsroom import CALLBACK, COMMANDS, MESSAGES, ORIGINAL, connected


@pytest.fixture
async def bot(loopback: LoopbackDiscord, engine: SearchEngine) -> AsyncIterator[Client]:
    async with connected(loopback, engine) as client:
        yield client


@pytest.fixture
def asks(loopback: LoopbackDiscord, ada: Person, general: Channel) -> Callable[[str], Message]:
    return lambda question: ada.says(general, f"{loopback.bot.mention} {question}")


@pytest.fixture
def uses(ada: Person, general: Channel) -> Callable[[str], Interaction]:
    return lambda question: ada.uses_command(general, "ask", question=question)


Asks = Callable[[str], Message]
Uses = Callable[[str], Interaction]
QUESTION = "what does rebuilding cost?"


async def _answered(loopback: LoopbackDiscord, asked: Message) -> None:
    assert "40 million" in str((await loopback.ledger.reply(asked)).embeds)


# One answer each


@pytest.mark.usefixtures("bot")
async def test_replayed_events_are_answered_once(
    loopback: LoopbackDiscord, asks: Asks, uses: Uses
) -> None:
    for _ in range(2):
        loopback.faults.at("MESSAGE_CREATE", Repeat(1))
        loopback.faults.at("INTERACTION_CREATE", Repeat(1))
        asked = asks(QUESTION)
        await _answered(loopback, asked)
        command = uses(QUESTION)
        await loopback.ledger.answer(command)
        loopback.faults.now(Repeat(6))
    await _answered(loopback, asks(QUESTION))
    assert len(loopback.ledger.replies(asked)) == 1
    assert len(loopback.ledger.callbacks(command)) == 1
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_an_answer_whose_confirmation_is_lost_is_not_posted_twice(
    loopback: LoopbackDiscord, asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.sending._TRIES_AFTER_S", (0.0, 0.0))
    loopback.faults.on("POST", MESSAGES, Reset(after_handling=True), ServerError(503))
    asked = asks(QUESTION)
    await loopback.ledger.request("POST", MESSAGES, number=3)
    assert len(loopback.ledger.replies(asked)) == 1


# Limits


async def test_a_rate_limited_user_is_notified_once(
    loopback: LoopbackDiscord, engine: SearchEngine, asks: Asks, uses: Uses
) -> None:
    async with connected(loopback, engine, user_limit=2):
        for _ in range(2):
            await _answered(loopback, asks(QUESTION))
        refusal = await loopback.ledger.reply(asks(QUESTION))
        assert refusal.content.startswith("That is a lot of questions at once. Please wait ")
        silent = asks(QUESTION)
        await _answered(loopback, loopback.add_person("Bo").dm(QUESTION))
        assert not loopback.ledger.replies(silent)
        for _ in range(2):
            refused = uses(QUESTION)
            notice = await loopback.ledger.answer(refused)
            assert notice.ephemeral
            assert "a lot of questions" in notice.content
    assert loopback.ledger.violations == []
    assert loopback.unanswered() == []


async def test_a_channel_has_a_limit_of_its_own(
    loopback: LoopbackDiscord, engine: SearchEngine, guild: Guild, general: Channel, asks: Asks
) -> None:
    people = [loopback.add_person(name, guild) for name in ("Bo", "Cy", "Di")]
    async with connected(loopback, engine, channel_limit=3):
        for person in people:
            asked = person.says(general, f"{loopback.bot.mention} {QUESTION}")
            await _answered(loopback, asked)
        assert "a lot of questions" in (await loopback.ledger.reply(asks(QUESTION))).content


@pytest.mark.usefixtures("bot")
async def test_an_overloaded_bot_refuses_with_one_request(
    loopback: LoopbackDiscord, uses: Uses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuestionQueue, "full", True)
    refused = uses(QUESTION)
    notice = await loopback.ledger.answer(refused)
    assert notice.ephemeral
    assert notice.content.startswith("Too many questions are waiting")
    monkeypatch.undo()
    assert (await loopback.ledger.answer(uses(QUESTION))).embeds
    about_it = [one for one in loopback.ledger.requests() if one.interaction is refused]
    assert [one.route for one in about_it] == [CALLBACK]
    assert loopback.ledger.violations == []


# In time


@pytest.mark.usefixtures("bot")
async def test_late_questions_are_not_searched_for(
    loopback: LoopbackDiscord,
    engine: SearchEngine,
    asks: Asks,
    uses: Uses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await _answered(loopback, asks(QUESTION))
    computed = []
    ask = engine.ask

    async def counted(question: str, **how: object) -> Answer:
        computed.append(question)
        return await ask(question, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "ask", counted)
    late = uses("ferry")  # only to have an id, which then is that of an older one
    await loopback.ledger.answer(late)
    computed.clear()
    older = late.id - (4_000 << TIMESTAMP_SHIFT)
    loopback.faults.at("INTERACTION_CREATE", Corrupt("id", str(older)))
    uses("late")
    await _answered(loopback, asks("rebuilding"))
    assert computed == ["rebuilding"]
    assert len(loopback.ledger.requests("POST", CALLBACK)) == 1


@pytest.mark.usefixtures("bot")
async def test_an_expired_or_acknowledged_interaction_is_no_error(
    loopback: LoopbackDiscord, asks: Asks, uses: Uses, caplog: pytest.LogCaptureFixture
) -> None:
    loopback.faults.on("POST", CALLBACK, Refuse(Refusal.UNKNOWN_INTERACTION), times=3)
    for _ in range(3):
        uses(CANARY)
    await loopback.ledger.request("POST", CALLBACK, number=3)
    # The first response was taken, though its receipt said otherwise.
    loopback.faults.on("POST", CALLBACK, ServerError(502, after_handling=True))
    asked = uses(QUESTION)
    assert "40 million" in str((await loopback.ledger.answer(asked)).embeds)
    await _answered(loopback, asks(QUESTION))
    lines = [line for line in caplog.messages if "can no longer be answered" in line]
    assert len(lines) == 1
    assert "Traceback" not in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.usefixtures("bot")
async def test_a_changed_system_clock_delays_no_answer(
    loopback: LoopbackDiscord, asks: Asks, uses: Uses, monkeypatch: pytest.MonkeyPatch
) -> None:
    system_time = time.time
    for jump_s in (3_600, -3_600, 0):
        monkeypatch.setattr(time, "time", lambda ahead_s=jump_s: system_time() + ahead_s)
        await _answered(loopback, asks(QUESTION))
        assert (await loopback.ledger.answer(uses(QUESTION))).embeds
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_an_answer_found_after_the_interaction_expired_is_not_sent(  # noqa: PLR0913, PLR0917 - fixtures
    loopback: LoopbackDiscord,
    engine: SearchEngine,
    asks: Asks,
    uses: Uses,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    now, ask = [0.0], engine.ask

    async def late(question: str, **how: object) -> Answer:
        now[0] += 15 * 60
        return await ask(question, **how)  # type: ignore[arg-type]

    monkeypatch.setattr("bot.discord.commands.answers.monotonic", lambda: now[0])
    monkeypatch.setattr(engine, "ask", late)
    used = [uses(QUESTION) for _ in range(3)]
    for one in used:
        await loopback.ledger.callback(one)
    await _answered(loopback, asks(QUESTION))  # it waits in the same line
    about_them = [one for one in loopback.ledger.requests() if one.interaction in used]
    assert [one.route for one in about_them] == [CALLBACK] * 3
    assert sum("found too late to be sent" in line for line in caplog.messages) == 1


# Rate limits of Discord


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("route", [MESSAGES, CALLBACK, ORIGINAL])
@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_nothing_waits_for_longer_than_a_minute(  # noqa: PLR0913, PLR0917 - fixtures
    loopback: LoopbackDiscord,
    asks: Asks,
    uses: Uses,
    monkeypatch: pytest.MonkeyPatch,
    scope: Literal["user", "shared", "global"],
    route: str,
) -> None:
    """With a rate limit of an hour, other questions are still answered."""
    slept, sleep = [0.0], asyncio.sleep

    async def noted(delay: float) -> None:
        slept.append(delay)
        await sleep(delay)

    monkeypatch.setattr(asyncio, "sleep", noted)
    loopback.faults.on("PATCH" if route is ORIGINAL else "POST", route, TooMany(3_600, scope))
    if route is MESSAGES:
        asks(QUESTION)
        await loopback.ledger.request("POST", MESSAGES)
    else:
        used = uses(QUESTION)
        await loopback.ledger.request("PATCH" if route is ORIGINAL else "POST", route)
    if route is ORIGINAL:
        notice = await loopback.ledger.first(lambda entry: _private_text(entry, used))
        assert notice.startswith("Too many questions are waiting")
    await loopback.ledger.answer(uses(QUESTION))
    loopback.clock.advance(3_600)
    await _answered(loopback, asks(QUESTION))
    assert max(slept) <= 60
    assert loopback.unanswered() == ([used] if route is CALLBACK else [])


def _private_text(entry: Entry, used: Interaction) -> str | None:
    if not isinstance(entry, MessageChange) or entry.interaction is not used:
        return None
    return entry.message.content if entry.message.ephemeral else None


# Commands


async def test_commands_are_registered_only_if_they_differ(
    loopback: LoopbackDiscord, engine: SearchEngine
) -> None:
    settings = load_settings(database=MEMORY, environment={})
    with redirected(loopback):
        for _ in range(3):  # a start makes them known before it connects
            async with Client(engine, settings) as client:
                await client.login(loopback.token)
    assert len(loopback.ledger.requests("GET", COMMANDS)) == 3
    assert len(loopback.ledger.requests("PUT", COMMANDS)) == 1
    changes = (("description", "Something else"), ("name_localizations", {"de": "anders"}))
    for number, (field, value) in enumerate(changes, start=2):
        loopback.application.commands[None][0][field] = value
        async with connected(loopback, engine):
            pass
        assert len(loopback.ledger.requests("PUT", COMMANDS)) == number
        loopback.clock.advance(10)


@pytest.mark.parametrize(
    "fault",
    [
        *map(Refuse, (Refusal.TOO_MANY_COMMANDS, Refusal.INVALID_BODY, Refusal.MISSING_ACCESS)),
        *(ServerError(503), BrokenBody(), BrokenBody("no", "text/html")),
    ],
    ids=str,
)
async def test_a_refused_sync_leaves_the_bot_answering(
    loopback: LoopbackDiscord,
    engine: SearchEngine,
    asks: Asks,
    caplog: pytest.LogCaptureFixture,
    fault: RestFault,
) -> None:
    loopback.faults.on("PUT", COMMANDS, fault)
    async with connected(loopback, engine):
        await _answered(loopback, asks(QUESTION))
    assert sum("did not take the commands" in line for line in caplog.messages) == 1


# Permissions


@pytest.mark.usefixtures("bot")
async def test_without_embed_links_the_answer_is_text(
    loopback: LoopbackDiscord, general: Channel, ada: Person, uses: Uses
) -> None:
    thread = ada.starts_thread(general, "More")
    loopback.deny(general, loopback.bot, Permissions.EMBED_LINKS)
    for place in (general, thread):
        said = await loopback.ledger.reply(ada.says(place, f"{loopback.bot.mention} {QUESTION}"))
        assert said.embeds == ()
        assert said.content.startswith("**Ferry terminal to close**\n> **Rebuilding costs 40 mill")
        assert (
            "— Eldholm Post · Kari Moen · 4 March 2021 · paragraph 2 of 2\n<https" in said.content
        )
    used = uses(QUESTION)
    answer = await loopback.ledger.answer(used)
    assert answer.content == f"Question: {QUESTION}\n\n{said.content}"
    assert not answer.embeds
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_without_embed_links_the_other_commands_are_text(
    loopback: LoopbackDiscord, general: Channel, ada: Person
) -> None:
    loopback.deny(general, loopback.bot, Permissions.EMBED_LINKS)
    status = await loopback.ledger.answer(ada.uses_command(general, "status"))
    assert "**Articles**: 1\n**Paragraphs**: 2\n" in status.content
    used = ada.uses_command(general, "article", headline="ferry terminal")
    article = await loopback.ledger.answer(used)
    assert article.content.startswith("**Ferry terminal to close**\nEldholm Post · Kari Moen")
    assert "**2** Rebuilding costs 40 million crowns." in article.content
    assert not status.embeds
    assert not article.embeds
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_refused_embeds_are_sent_as_text(loopback: LoopbackDiscord, asks: Asks) -> None:
    loopback.faults.on("POST", MESSAGES, Refuse(Refusal.MISSING_PERMISSIONS))
    assert "> **Rebuilding" in (await loopback.ledger.reply(asks(QUESTION))).content


@pytest.mark.usefixtures("bot")
async def test_the_bot_is_silent_without_permission_to_write(
    loopback: LoopbackDiscord,
    guild: Guild,
    general: Channel,
    ada: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    quay = loopback.add_channel(guild, "quay")
    thread = ada.starts_thread(general, "More")
    loopback.deny(quay, loopback.bot, Permissions.SEND_MESSAGES)
    loopback.deny(general, loopback.bot, Permissions.SEND_MESSAGES_IN_THREADS)
    for _ in range(3):
        ada.says(quay, f"{loopback.bot.mention} {QUESTION}")
        ada.says(thread, f"{loopback.bot.mention} {QUESTION}")
    await _answered(loopback, ada.says(general, f"{loopback.bot.mention} {QUESTION}"))
    assert len(loopback.ledger.requests("POST", MESSAGES)) == 1
    assert sum("May not send messages" in line for line in caplog.messages) == 2


@pytest.mark.usefixtures("bot")
async def test_a_refusing_channel_is_not_tried_again(
    loopback: LoopbackDiscord, ada: Person, asks: Asks
) -> None:
    loopback.faults.on("POST", MESSAGES, Refuse(Refusal.MISSING_ACCESS))
    asks(QUESTION)
    await loopback.ledger.request("POST", MESSAGES)
    for _ in range(5):
        asks(QUESTION)
    await _answered(loopback, ada.dm(QUESTION))
    assert len(loopback.ledger.requests("POST", MESSAGES)) == 2


@pytest.mark.usefixtures("bot")
async def test_a_refusing_channel_is_tried_again_once_its_permissions_change(
    loopback: LoopbackDiscord, general: Channel, asks: Asks
) -> None:
    loopback.faults.on("POST", MESSAGES, Refuse(Refusal.MISSING_ACCESS))
    asks(QUESTION)
    await loopback.ledger.request("POST", MESSAGES)
    loopback.deny(general, loopback.bot, Permissions.ATTACH_FILES)
    await _answered(loopback, asks(QUESTION))


@pytest.mark.usefixtures("bot")
async def test_without_history_the_answer_is_a_message_below_its_question(
    loopback: LoopbackDiscord, general: Channel, asks: Asks
) -> None:
    loopback.deny(general, loopback.bot, Permissions.READ_MESSAGE_HISTORY)
    answer = await loopback.ledger.reply(asks(QUESTION))
    assert answer.content == f"Question: {QUESTION}"
    assert answer.embeds
    assert answer.reply_to is None
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_a_message_deleted_meanwhile_is_still_answered(
    loopback: LoopbackDiscord, ada: Person, asks: Asks
) -> None:
    asked = asks(QUESTION)
    ada.deletes(asked)  # before the bot has heard of it
    await _answered(loopback, asked)
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_edits_and_other_applications_are_not_answered(
    loopback: LoopbackDiscord, guild: Guild, general: Channel, ada: Person, asks: Asks
) -> None:
    rival = loopback.add_bot("Rival", guild)
    rival.says(general, f"{loopback.bot.mention} {QUESTION}")
    written = ada.says(general, "nothing")
    ada.edits(written, f"{loopback.bot.mention} {QUESTION}")
    await _answered(loopback, asks(QUESTION))
    assert len(loopback.ledger.messages(general, by=loopback.bot)) == 1


# Gateway


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    "fault",
    [Drop(), Close(4000), Close(1000), Reconnect(), Invalidate(resumable=True), Garbage("{")],
    ids=str,
)
async def test_a_broken_connection_loses_no_question(
    loopback: LoopbackDiscord, asks: Asks, fault: Drop | Close | Reconnect | Invalidate | Garbage
) -> None:
    loopback.faults.now(fault)
    asked = asks(QUESTION)
    await _answered(loopback, asked)
    await loopback.ledger.event("RESUMED")
    assert len(loopback.ledger.frames(op=Op.IDENTIFY)) == 1
    assert len(loopback.ledger.replies(asked)) == 1


@pytest.mark.usefixtures("bot")
async def test_an_invalid_session_is_replaced_by_a_new_one(
    loopback: LoopbackDiscord, asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_: Client, _shard: int | None, *, initial: bool = False) -> None:
        assert not initial

    monkeypatch.setattr(Client, "before_identify_hook", at_once)  # which waits for five seconds
    loopback.clock.advance(5)
    loopback.faults.now(Invalidate())
    await loopback.ledger.event("READY", number=2)
    await _answered(loopback, asks(QUESTION))
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_malformed_events_are_ignored(loopback: LoopbackDiscord, asks: Asks) -> None:
    for field in ("author", "id", "content", "mentions"):
        loopback.faults.at("MESSAGE_CREATE", Corrupt(field))
        asks(QUESTION)
    await _answered(loopback, asks(QUESTION))
    assert len(loopback.ledger.frames("READY")) == 1


# The end


async def test_unanswered_users_are_notified_at_shutdown(  # noqa: PLR0913, PLR0917 - fixtures
    loopback: LoopbackDiscord,
    engine: SearchEngine,
    guild: Guild,
    general: Channel,
    asks: Asks,
    uses: Uses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = []

    async def never(question: str, **_how: object) -> Answer:
        waiting.append(question)
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(engine, "ask", never)
    async with connected(loopback, engine) as client:
        message = asks(QUESTION)
        command = uses(QUESTION)
        bo = loopback.add_person("Bo", guild, locale="de")
        in_german = bo.uses_command(general, "ask", question=QUESTION)
        await until(lambda: len(waiting) == 3)
        await client.admission.pending_replies.finish(finish_s=0.3)
    assert "shutting down" in loopback.ledger.replies(message)[0].content
    assert "shutting down" in (await loopback.ledger.answer(command)).content
    assert "gerade beendet" in (await loopback.ledger.answer(in_german)).content
    assert loopback.unanswered() == []
