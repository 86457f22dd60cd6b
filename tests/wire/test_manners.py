"""clipdesk's manners: towards those who ask, towards Discord, and where things go wrong."""

import asyncio
import signal
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Literal

import pytest

from bot.discord.client import Client
from bot.discord.line import Line
from bot.settings import load_settings
from index import MEMORY, Answer, Desk
from loopback import (
    BrokenBody,
    Channel,
    Close,
    Door,
    Drop,
    Garbage,
    Guild,
    Hold,
    Interaction,
    Invalidate,
    LoopbackDiscord,
    Mangle,
    Message,
    Permissions,
    Person,
    Reconnect,
    Refusal,
    Refuse,
    Repeat,
    Reset,
    Sampling,
    ServerError,
    TooMany,
)
from loopback.discordpy import redirected
from loopback.entries import Entry, MessageChange
from loopback.protocol import Op
from loopback.rest_faults import RestFault
from wire.newsroom import connected, process

MESSAGES = "/channels/{channel_id}/messages"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
COMMANDS = "/applications/{application_id}/commands"
CANARY = "zanzibar"


@pytest.fixture
async def bot(loopback: LoopbackDiscord, desk: Desk) -> AsyncIterator[Client]:
    loopback.ledger.patience_s = 12
    async with connected(loopback, desk) as client:
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
async def test_what_is_replayed_is_answered_once(
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
async def test_an_answer_whose_receipt_is_lost_is_not_posted_twice(
    loopback: LoopbackDiscord, asks: Asks
) -> None:
    loopback.faults.on("POST", MESSAGES, Reset(after_work=True), ServerError(503))
    asked = asks(QUESTION)
    await loopback.ledger.request("POST", MESSAGES, number=3)
    assert len(loopback.ledger.replies(asked)) == 1


# Limits


async def test_who_asks_too_much_is_told_once(
    loopback: LoopbackDiscord, desk: Desk, asks: Asks, uses: Uses
) -> None:
    async with connected(loopback, desk, user_limit=2):
        for _ in range(2):
            await _answered(loopback, asks(QUESTION))
        refusal = await loopback.ledger.reply(asks(QUESTION))
        assert refusal.content.startswith("That is a lot of questions at once. Please give me ")
        silent = asks(QUESTION)
        await _answered(loopback, loopback.add_person("Bo").dm(QUESTION))
        assert not loopback.ledger.replies(silent)
        for _ in range(2):
            refused = uses(QUESTION)
            told = await loopback.ledger.answer(refused)
            assert told.ephemeral
            assert "a lot of questions" in told.content
    assert loopback.ledger.violations == []
    assert loopback.left_waiting() == []


async def test_a_channel_has_a_limit_of_its_own(
    loopback: LoopbackDiscord, desk: Desk, guild: Guild, general: Channel, asks: Asks
) -> None:
    people = [loopback.add_person(name, guild) for name in ("Bo", "Cy", "Di")]
    async with connected(loopback, desk, channel_limit=3):
        for person in people:
            asked = person.says(general, f"{loopback.bot.mention} {QUESTION}")
            await _answered(loopback, asked)
        assert "a lot of questions" in (await loopback.ledger.reply(asks(QUESTION))).content


@pytest.mark.usefixtures("bot")
async def test_who_cannot_be_answered_is_told_by_one_request(
    loopback: LoopbackDiscord, uses: Uses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "full", True)
    refused = uses(QUESTION)
    told = await loopback.ledger.answer(refused)
    assert told.ephemeral
    assert told.content.startswith("Too many questions are waiting")
    monkeypatch.undo()
    assert (await loopback.ledger.answer(uses(QUESTION))).embeds
    about_it = [one for one in loopback.ledger.requests() if one.interaction is refused]
    assert [one.route for one in about_it] == [CALLBACK]
    assert loopback.ledger.violations == []


# In time


@pytest.mark.usefixtures("bot")
async def test_what_comes_too_late_is_not_computed(
    loopback: LoopbackDiscord, desk: Desk, asks: Asks, uses: Uses, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _answered(loopback, asks(QUESTION))
    computed = []
    ask = desk.ask

    async def counted(question: str, **how: object) -> Answer:
        computed.append(question)
        return await ask(question, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "ask", counted)
    loopback.faults.at("INTERACTION_CREATE", Hold(3.2))
    late = uses(QUESTION)
    await asyncio.sleep(3.4)
    await _answered(loopback, asks("rebuilding"))
    assert computed == ["rebuilding"]
    assert loopback.ledger.callbacks(late) == []


@pytest.mark.usefixtures("bot")
async def test_a_dead_or_known_interaction_is_no_fault(
    loopback: LoopbackDiscord, asks: Asks, uses: Uses, caplog: pytest.LogCaptureFixture
) -> None:
    loopback.faults.on("POST", CALLBACK, Refuse(Refusal.UNKNOWN_INTERACTION), times=3)
    for _ in range(3):
        uses(CANARY)
    await loopback.ledger.request("POST", CALLBACK, number=3)
    # The first response was taken, though its receipt said otherwise.
    loopback.faults.on("POST", CALLBACK, ServerError(502, after_work=True))
    asked = uses(QUESTION)
    assert "40 million" in str((await loopback.ledger.answer(asked)).embeds)
    await _answered(loopback, asks(QUESTION))
    lines = [line for line in caplog.messages if "can be answered no more" in line]
    assert len(lines) == 1
    assert "Traceback" not in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.usefixtures("bot")
async def test_a_clock_that_is_set_anew_keeps_nobody_waiting(
    loopback: LoopbackDiscord, asks: Asks, uses: Uses, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = time.time
    for jump_s in (3_600, -3_600, 0):
        monkeypatch.setattr(time, "time", lambda ahead_s=jump_s: told() + ahead_s)
        await _answered(loopback, asks(QUESTION))
        assert (await loopback.ledger.answer(uses(QUESTION))).embeds
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_an_answer_that_is_found_after_a_quarter_of_an_hour_is_not_sent(  # noqa: PLR0913, PLR0917 - fixtures
    loopback: LoopbackDiscord,
    desk: Desk,
    asks: Asks,
    uses: Uses,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    now, ask = [0.0], desk.ask

    async def late(question: str, **how: object) -> Answer:
        now[0] += 15 * 60
        return await ask(question, **how)  # type: ignore[arg-type]

    monkeypatch.setattr("bot.discord.commands.answers.monotonic", lambda: now[0])
    monkeypatch.setattr(desk, "ask", late)
    used = [uses(QUESTION) for _ in range(3)]
    for one in used:
        await loopback.ledger.callback(one)
    await _answered(loopback, asks(QUESTION))  # it waits in the same line
    about_them = [one for one in loopback.ledger.requests() if one.interaction in used]
    assert [one.route for one in about_them] == [CALLBACK] * 3
    assert sum("found too late to be sent" in line for line in caplog.messages) == 1


# Being told to wait


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
    """Where Discord makes wait for an hour; what can still be told is told."""
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
        told = await loopback.ledger.first(lambda entry: _told_alone(entry, used))
        assert told.startswith("Too many questions are waiting")
    await loopback.ledger.answer(uses(QUESTION))
    loopback.clock.advance(3_600)
    await _answered(loopback, asks(QUESTION))
    assert max(slept) <= 60
    assert loopback.left_waiting() == ([used] if route is CALLBACK else [])


def _told_alone(entry: Entry, used: Interaction) -> str | None:
    if not isinstance(entry, MessageChange) or entry.interaction is not used:
        return None
    return entry.message.content if entry.message.ephemeral else None


# Commands


async def test_commands_are_sent_only_where_discord_knows_others(
    loopback: LoopbackDiscord, desk: Desk
) -> None:
    settings = load_settings(database=MEMORY, environment={})
    loopback.inspector.sampling = Sampling(first=3)
    loopback.rate_limits.limit_all(requests=1_000)
    loopback.rate_limits.limit("GET", COMMANDS, requests=1_000, window_s=60)
    with redirected(loopback):
        for _ in range(100):  # a start makes them known before it connects
            async with Client(desk, settings) as client:
                await client.login(loopback.token)
    assert len(loopback.ledger.requests("GET", COMMANDS)) == 100
    assert len(loopback.ledger.requests("PUT", COMMANDS)) == 1
    changes = (("description", "Something else"), ("name_localizations", {"de": "anders"}))
    for number, (field, value) in enumerate(changes, start=2):
        loopback.application.commands[None][0][field] = value
        async with connected(loopback, desk):
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
    desk: Desk,
    asks: Asks,
    caplog: pytest.LogCaptureFixture,
    fault: RestFault,
) -> None:
    loopback.faults.on("PUT", COMMANDS, fault)
    async with connected(loopback, desk):
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
    assert answer.content == said.content
    assert not answer.embeds
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_embeds_that_are_refused_come_as_text(loopback: LoopbackDiscord, asks: Asks) -> None:
    loopback.faults.on("POST", MESSAGES, Refuse(Refusal.MISSING_PERMISSIONS))
    assert "> **Rebuilding" in (await loopback.ledger.reply(asks(QUESTION))).content


@pytest.mark.usefixtures("bot")
async def test_where_the_bot_may_not_write_it_is_silent(
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
async def test_a_channel_that_refuses_is_left_alone(
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
async def test_a_message_deleted_meanwhile_is_answered_all_the_same(
    loopback: LoopbackDiscord, ada: Person, asks: Asks
) -> None:
    loopback.faults.at("MESSAGE_CREATE", Hold(0.3))
    asked = asks(QUESTION)
    ada.deletes(asked)
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
async def test_a_dead_resume_address_is_left(loopback: LoopbackDiscord, asks: Asks) -> None:
    await loopback.doors.shut(Door.RESUME)
    loopback.faults.now(Drop())
    asked = asks(QUESTION)
    await _answered(loopback, asked)


@pytest.mark.usefixtures("bot")
async def test_an_ended_session_is_begun_anew(loopback: LoopbackDiscord, asks: Asks) -> None:
    loopback.faults.now(Invalidate())
    await loopback.ledger.event("READY", number=2)
    await _answered(loopback, asks(QUESTION))
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("bot")
async def test_malformed_events_are_passed_over(loopback: LoopbackDiscord, asks: Asks) -> None:
    for field in ("author", "id", "content", "mentions"):
        loopback.faults.at("MESSAGE_CREATE", Mangle(field))
        asks(QUESTION)
    await _answered(loopback, asks(QUESTION))
    assert len(loopback.ledger.frames("READY")) == 1


async def test_a_first_connect_that_is_refused_is_tried_again(
    loopback: LoopbackDiscord, desk: Desk, asks: Asks
) -> None:
    await loopback.doors.shut(Door.GATEWAY)
    loopback.ledger.patience_s = 15

    async def open_later() -> None:
        await asyncio.sleep(3)
        await loopback.doors.open(Door.GATEWAY)

    opening = asyncio.create_task(open_later())
    async with connected(loopback, desk):
        await _answered(loopback, asks(QUESTION))
    await opening


# The process: its end, its log


def _process(
    loopback: LoopbackDiscord, folder: Path, **settings: str
) -> AbstractAsyncContextManager[Process]:
    return process(loopback.api_url, loopback.token, folder, **settings)


async def test_questions_in_flight_are_answered_before_the_end(
    loopback: LoopbackDiscord, folder: Path, asks: Asks, uses: Uses
) -> None:
    loopback.ledger.patience_s = 20
    async with _process(loopback, folder) as bot:
        await loopback.ledger.event("READY")
        while not (await loopback.ledger.reply(asks(QUESTION))).embeds:
            pass
        messages = [asks(f"{QUESTION} {CANARY}") for _ in range(25)]
        commands = [uses(QUESTION) for _ in range(25)]
        await asyncio.sleep(0.3)
        stopped_at = loopback.ledger.now()
        bot.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(bot.communicate(), 60)
    assert bot.returncode == 0
    assert loopback.ledger.entries[-1].at <= stopped_at + 10
    assert all(len(loopback.ledger.replies(message)) == 1 for message in messages)
    assert all(_is_finished(loopback, command) for command in commands)
    assert CANARY not in log.decode()
    assert "Traceback" not in log.decode()


def _is_finished(loopback: LoopbackDiscord, command: Interaction) -> bool:
    shown = [change.message for change in loopback.ledger.answers(command)]
    return bool(shown) and not shown[-1].loading


async def test_who_cannot_be_answered_before_the_end_is_told(  # noqa: PLR0913, PLR0917 - fixtures
    loopback: LoopbackDiscord,
    desk: Desk,
    guild: Guild,
    general: Channel,
    asks: Asks,
    uses: Uses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(_question: str, **_how: object) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(desk, "ask", never)
    async with connected(loopback, desk) as client:
        message = asks(QUESTION)
        command = uses(QUESTION)
        bo = loopback.add_person("Bo", guild, locale="de")
        in_german = bo.uses_command(general, "ask", question=QUESTION)
        for used in (command, in_german):
            await loopback.ledger.callback(used)
        await client.door.in_flight.finish(finish_s=0.3)
    assert "being stopped" in loopback.ledger.replies(message)[0].content
    assert "being stopped" in (await loopback.ledger.answer(command)).content
    assert "gerade beendet" in (await loopback.ledger.answer(in_german)).content
    assert loopback.left_waiting() == []


async def test_a_discord_that_comes_late_is_waited_for(
    loopback: LoopbackDiscord, folder: Path, asks: Asks
) -> None:
    loopback.ledger.patience_s = 20
    await loopback.doors.shut(Door.API)
    async with _process(loopback, folder, patience="20") as bot:
        assert bot.stderr
        while b"Discord cannot be reached; trying again" not in await bot.stderr.readline():
            pass
        await loopback.doors.open(Door.API)
        await loopback.ledger.event("READY")
        await loopback.ledger.reply(asks(QUESTION))
        bot.send_signal(signal.SIGTERM)
        _, log = await bot.communicate()
    assert bot.returncode == 0
    assert "trying again" not in log.decode()  # told once


async def test_a_token_that_is_revoked_ends_the_bot_in_one_line(
    loopback: LoopbackDiscord, folder: Path
) -> None:
    loopback.ledger.patience_s = 20
    token = loopback.token
    async with _process(loopback, folder) as bot:
        await loopback.ledger.event("READY")
        loopback.revoke_token()
        _, log = await asyncio.wait_for(bot.communicate(), 15)
    assert bot.returncode == 2
    assert log.decode().splitlines()[-1].startswith("clipdesk: Discord refuses DISCORD_TOKEN")
    assert "Traceback" not in log.decode()
    assert token not in log.decode()


async def test_no_secret_is_logged_whatever_breaks(
    loopback: LoopbackDiscord, folder: Path, asks: Asks, uses: Uses
) -> None:
    loopback.ledger.patience_s = 20
    faults = (Reset(), ServerError(503), Refuse(Refusal.UNKNOWN_INTERACTION), None)
    tokens = [loopback.token]
    async with _process(loopback, folder) as bot:
        await loopback.ledger.event("READY")
        loopback.faults.on("POST", CALLBACK, *faults)
        loopback.faults.on("POST", MESSAGES, *faults[:2])
        loopback.faults.at("INTERACTION_CREATE", Mangle("data"))
        loopback.faults.at("MESSAGE_CREATE", Mangle("author"))
        for _ in range(6):
            asks(CANARY)
            tokens.append(uses(CANARY).token)
        await asyncio.sleep(4)
        bot.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(bot.communicate(), 12)
    assert bot.returncode == 0
    assert CANARY not in log.decode()
    assert not [token for token in tokens if token in log.decode()]
