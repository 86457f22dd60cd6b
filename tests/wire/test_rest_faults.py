"""Faults of requests: each question is answered once, with a bounded number of requests."""

import random
from pathlib import Path

import pytest

from fakes.discord import (
    ALWAYS,
    Banned,
    BrokenBody,
    CutBody,
    Refusal,
    Refuse,
    Reset,
    Sampling,
    ServerError,
    SlowBody,
    SlowResponse,
    TooMany,
)
from fakes.discord.rest_faults import RestFault
from waiting import until
from wire.newsroom import CALLBACK, MESSAGES, ORIGINAL, Newsroom, open_newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVER_ERRORS = (500, 502, 503, 504, 522, 524)
GARBLED: list[RestFault] = [
    *(BrokenBody(), BrokenBody("<html>", "text/html"), CutBody()),
    TooMany(0.5, with_retry_after=False),
]


@pytest.fixture(autouse=True)
def _no_fault_left(newsroom: Newsroom) -> None:
    newsroom.discord.faults.clear()


def _statuses(room: Newsroom, route: str, since: int) -> list[int]:
    return [request.status for request in room.discord.ledger.requests(route=route)][since:]


# Errors of the server


@pytest.mark.long
async def test_an_answer_deliverable_in_five_attempts_is_delivered_once(newsroom: Newsroom) -> None:
    """Errors before and after handling, in turn, by a fixed schedule for each question."""
    chance = random.Random(20)  # noqa: S311
    for tries in (2, 3):
        faults = [
            ServerError(chance.choice(SERVER_ERRORS), after_handling=chance.random() < 0.5)
            for _ in range(tries)
        ]
        newsroom.discord.faults.on("POST", MESSAGES, *faults)
        place = newsroom.channel()
        asked = newsroom.asks(place)
        await newsroom.expect_answer(asked)
        newsroom.discord.faults.on("PATCH", ORIGINAL, faults[0], faults[1])
        await newsroom.expect_answer(newsroom.uses())
        await newsroom.wait_for_faults()
        await newsroom.expect_answer(newsroom.asks(place))
        assert len(newsroom.discord.ledger.replies(asked)) == 1


# Connections that break, answers that make no sense


@pytest.mark.long
@pytest.mark.parametrize("route", [MESSAGES, CALLBACK, ORIGINAL])
async def test_broken_connections_neither_lose_nor_duplicate_answers(
    newsroom: Newsroom, route: str
) -> None:
    """One in five, after and before handling in turn.

    A command has to be acknowledged in time, which a busy machine cannot do for many at once.
    """
    method = "PATCH" if route is ORIGINAL else "POST"
    faults = (Reset(), None, None, None, None, Reset(after_handling=True), None, None, None, None)
    newsroom.discord.faults.on(method, route, *faults, times=ALWAYS)
    place = newsroom.channel()
    ask, batch = (newsroom.asks, 10) if route is MESSAGES else (newsroom.uses, 2)
    for _ in range(30 // batch):
        asked = [ask(place) for _ in range(batch)]
        for one in asked:
            await newsroom.expect_answer(one)


@pytest.mark.parametrize("fault", GARBLED, ids=str)
async def test_a_malformed_response_is_retried(newsroom: Newsroom, fault: RestFault) -> None:
    ledger, errors = newsroom.discord.ledger, newsroom.bot.count_log_lines("ERROR")
    since = {route: len(ledger.requests(route=route)) for route in (MESSAGES, CALLBACK, ORIGINAL)}
    newsroom.discord.faults.on("POST", MESSAGES, fault)
    newsroom.discord.faults.on("POST", CALLBACK, fault)
    newsroom.discord.faults.on("PATCH", ORIGINAL, fault)
    asked = newsroom.asks(newsroom.channel())
    await newsroom.expect_answer(asked)
    await newsroom.expect_answer(newsroom.uses())
    # A request is repeated even if it was carried out; later, it would meet another test's faults.
    await until(lambda: all(len(_statuses(newsroom, *one)) > 1 for one in since.items()))
    assert len(ledger.replies(asked)) == 1
    assert newsroom.bot.count_log_lines("ERROR") == errors


@pytest.mark.long
async def test_a_stalled_response_delays_nobody_else(newsroom: Newsroom) -> None:
    """Nor its own channel for five minutes."""
    ledger, faults = newsroom.discord.ledger, newsroom.discord.faults
    places = [newsroom.channel(), newsroom.channel()]
    paths = {f"/channels/{place.id}/messages" for place in places}
    faults.on("POST", MESSAGES, SlowBody(300), SlowResponse(300, after_handling=True))
    faults.on("PATCH", ORIGINAL, SlowBody(300))
    stalled = [newsroom.asks(place) for place in places]
    await newsroom.expect_answer(newsroom.uses())
    for one in stalled:
        await newsroom.expect_answer(one)
    for _ in range(3):
        await newsroom.expect_answer(newsroom.asks(newsroom.channel()))
        await newsroom.expect_answer(newsroom.uses())
    # All this while nothing has come of the first.
    assert sum(request.path in paths for request in ledger.requests()) == 1
    await newsroom.expect_answer(newsroom.asks(places[0]))
    assert all(len(ledger.replies(one)) == 1 for one in stalled)


# Rate limits of Discord


async def test_an_excessive_wait_is_given_up(newsroom: Newsroom) -> None:
    lines = newsroom.bot.count_log_lines("No answer could be sent")
    newsroom.discord.faults.on("POST", MESSAGES, TooMany(3_600), Banned())
    for _ in range(2):
        place = newsroom.channel()
        newsroom.asks(place)
    await until(lambda: newsroom.bot.count_log_lines("No answer could be sent") == lines + 2)
    await newsroom.expect_answer(newsroom.asks(newsroom.channel()))


async def test_a_global_wait_is_respected(newsroom: Newsroom) -> None:
    """Except by interactions; see test_etiquette for longer waits."""
    ledger = newsroom.discord.ledger
    before = ledger.rules_broken.count("rate-limited")
    newsroom.discord.faults.on("POST", MESSAGES, TooMany(1, "global"))
    asked = newsroom.asks(newsroom.channel())
    await newsroom.wait_for_faults()
    await newsroom.expect_answer(newsroom.uses())
    await newsroom.expect_answer(asked)
    # Whatever came too soon would have been refused.
    assert ledger.rules_broken.count("rate-limited") == before


# What is refused


@pytest.mark.parametrize("refusal", [Refusal.UNKNOWN_WEBHOOK, Refusal.UNKNOWN_MESSAGE])
async def test_an_answer_to_a_deleted_message_is_given_up(
    newsroom: Newsroom, refusal: Refusal
) -> None:
    since = len(newsroom.discord.ledger.requests(route=ORIGINAL))
    errors = newsroom.bot.count_log_lines("ERROR")
    newsroom.discord.faults.on("PATCH", ORIGINAL, Refuse(refusal), times=3)
    place = newsroom.channel()
    for _ in range(3):
        newsroom.uses(place)
    await newsroom.wait_for_faults()
    await newsroom.expect_answer(newsroom.uses())
    assert _statuses(newsroom, ORIGINAL, since) == [404, 404, 404, 200]
    assert newsroom.bot.count_log_lines("ERROR") == errors
    assert newsroom.bot.count_log_lines(f"channel {place.id} can no longer be answered") == 1


async def test_an_answer_to_a_deleted_channel_is_given_up(newsroom: Newsroom) -> None:
    place, since = newsroom.channel(), len(newsroom.discord.ledger.requests(route=MESSAGES))
    newsroom.discord.faults.on("POST", MESSAGES, Refuse(Refusal.UNKNOWN_CHANNEL))
    newsroom.asks(place)
    await newsroom.wait_for_faults()
    await newsroom.expect_answer(newsroom.asks(newsroom.channel()))
    assert _statuses(newsroom, MESSAGES, since) == [404, 200]
    assert (
        newsroom.bot.count_log_lines(f"could be sent in channel {place.id}: 404, code 10003") == 1
    )


@pytest.mark.long
async def test_thousands_of_questions_in_forbidden_channels_cause_few_refusals(
    newsroom: Newsroom,
) -> None:
    """The permissions seem to allow it, but Discord refuses."""
    place = newsroom.channel()
    newsroom.discord.inspector.sampling = Sampling()
    since = len(newsroom.discord.ledger.requests(route=MESSAGES))
    newsroom.discord.faults.on("POST", MESSAGES, Refuse(Refusal.MISSING_PERMISSIONS), times=ALWAYS)
    for _ in range(50):
        for _ in range(100):
            newsroom.asks(place)
        await newsroom.expect_answer(newsroom.uses())
    newsroom.discord.faults.clear()
    refused = _statuses(newsroom, MESSAGES, since)
    assert 1 <= refused.count(403) < 100
    assert newsroom.bot.count_log_lines(f"May not answer in channel {place.id}") == 1


# The token


@pytest.mark.long
async def test_a_refused_token_is_not_used_again(tmp_path: Path) -> None:
    """Even before the gateway has closed."""
    async with open_newsroom(tmp_path) as room:
        room.discord.application.reset_token()
        since = len(room.discord.ledger.requests(route=MESSAGES))
        room.asks(room.channel())
        await until(lambda: 401 in _statuses(room, MESSAGES, since))
        for _ in range(10):
            room.asks(room.channel())
        assert await room.bot.exit_code() == 2
        assert _statuses(room, MESSAGES, since).count(401) <= 3
        assert room.bot.log.splitlines()[-1].startswith("clipdesk: Discord rejected DISCORD_TOKEN")
