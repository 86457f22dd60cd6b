"""Request faults of the loopback Discord, and the reactions of the real discord.py."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from fakes.discord import (
    ALWAYS,
    Banned,
    BrokenBody,
    Channel,
    CutBody,
    Injected,
    LoopbackDiscord,
    Person,
    Refusal,
    Refuse,
    Reset,
    ServerError,
    SlowBody,
    SlowResponse,
    TooMany,
)
from fakes.discord.discordpy import redirected, skipping_waits
from wire.newsroom import MESSAGES

CHANNEL = "/channels/{channel_id}"
ME = "/users/@me"


@pytest.fixture
async def client(loopback: LoopbackDiscord) -> AsyncIterator[discord.Client]:
    """A client that is logged in, but not on the gateway."""
    with redirected(loopback):
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(loopback.token)
            yield client


def _statuses(loopback: LoopbackDiscord, route: str) -> list[int]:
    return [request.status for request in loopback.ledger.requests(route=route)]


async def test_a_429_blocks_the_bucket(
    loopback: LoopbackDiscord, client: discord.Client, general: Channel
) -> None:
    other = loopback.add_channel(general.guild, "other") if general.guild else general
    loopback.faults.on("GET", CHANNEL, TooMany(60))
    url, headers = loopback.api_url, {"Authorization": f"Bot {loopback.token}"}
    with skipping_waits(loopback, go_on := asyncio.Event()):
        waiting = asyncio.create_task(client.fetch_channel(general.id))
        await loopback.ledger.request("GET", CHANNEL)
        await client.fetch_channel(other.id)
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{url}/channels/{general.id}") as response,
        ):
            assert response.status == 429
            assert 0 < (await response.json())["retry_after"] < 60
        go_on.set()
        await waiting
    assert _statuses(loopback, CHANNEL) == [429, 200, 429, 200]
    assert loopback.ledger.rules_broken == ["rate-limited"]
    assert [str(fault) for fault in loopback.ledger.faults] == [
        f"FAULT GET {CHANNEL}: TooMany(retry_after_s=60, scope='user', with_retry_after=True)"
    ]


async def test_a_global_429_blocks_all_but_interactions(
    loopback: LoopbackDiscord, client: discord.Client, general: Channel
) -> None:
    loopback.faults.on("GET", CHANNEL, TooMany(60, scope="global"))
    with skipping_waits(loopback, go_on := asyncio.Event()):
        waiting = asyncio.create_task(client.fetch_channel(general.id))
        await loopback.ledger.request("GET", CHANNEL)
        with pytest.raises(discord.NotFound):
            await discord.Webhook.partial(1, "x", client=client).fetch_message(1)
        assert "rate-limited" not in loopback.ledger.rules_broken
        headers = {"Authorization": f"Bot {loopback.token}"}
        async with aiohttp.ClientSession(headers=headers) as session:
            assert (await session.get(loopback.api_url + ME)).status == 429
        go_on.set()
        await waiting
    await client.application_info()
    assert loopback.ledger.rules_broken.count("rate-limited") == 1


async def test_a_shared_429_does_not_count_toward_a_ban(
    loopback: LoopbackDiscord, client: discord.Client, general: Channel
) -> None:
    loopback.faults.on("GET", CHANNEL, TooMany(0.01, scope="shared"), TooMany(0.01))
    await client.fetch_channel(general.id)
    assert loopback.invalid_requests.used == 1


async def test_a_429_without_retry_after_fails_in_the_client(
    loopback: LoopbackDiscord, client: discord.Client, general: Channel
) -> None:
    loopback.faults.on("GET", CHANNEL, TooMany(1, with_retry_after=False))
    with pytest.raises(KeyError, match="retry_after"):
        await client.fetch_channel(general.id)


@pytest.mark.parametrize("fault", [Banned(), Banned(403), ServerError(503), ServerError(522)])
async def test_a_proxy_error_is_raised_at_once(
    loopback: LoopbackDiscord,
    client: discord.Client,
    general: Channel,
    fault: Banned | ServerError,
) -> None:
    loopback.faults.on("GET", CHANNEL, fault)
    with pytest.raises(discord.HTTPException, match=str(fault.status)):
        await client.fetch_channel(general.id)
    assert loopback.ledger.violations == []


@pytest.mark.parametrize("after_handling", [False, True])
async def test_a_reset_is_raised_before_or_after_handling(
    loopback: LoopbackDiscord, client: discord.Client, ada: Person, *, after_handling: bool
) -> None:
    loopback.faults.on("POST", MESSAGES, Reset(after_handling=after_handling))
    channel = await client.create_dm(discord.Object(ada.user.id))
    with pytest.raises(aiohttp.ClientConnectionError):
        await channel.send("lost?")
    assert len(loopback.ledger.messages(ada.dm_channel)) == after_handling


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refusal.UNAUTHORIZED, discord.HTTPException),
        (Refusal.MISSING_PERMISSIONS, discord.Forbidden),
        (Refusal.UNKNOWN_CHANNEL, discord.NotFound),
        (Refusal.TOO_MANY_COMMANDS, discord.HTTPException),
    ],
)
async def test_any_refusal_can_be_scheduled(
    loopback: LoopbackDiscord,
    client: discord.Client,
    general: Channel,
    refusal: Refusal,
    error: type[discord.HTTPException],
) -> None:
    loopback.faults.on("GET", CHANNEL, Refuse(refusal))
    with pytest.raises(error) as raised:
        await client.fetch_channel(general.id)
    assert (raised.value.status, raised.value.code) == (refusal.status, refusal.code)
    assert loopback.ledger.violations == []


async def test_a_revoked_token_is_refused_from_then_on(
    loopback: LoopbackDiscord, client: discord.Client, general: Channel
) -> None:
    loopback.revoke_token()
    with pytest.raises(discord.HTTPException, match="401"):
        await client.fetch_channel(general.id)


async def test_an_answer_can_be_late_or_slow(
    loopback: LoopbackDiscord,
    client: discord.Client,
    general: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited, sleep = [], asyncio.sleep

    async def skip(seconds: float) -> None:
        waited.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", skip)
    loopback.faults.on(
        "GET", CHANNEL, SlowResponse(70), SlowResponse(70, after_handling=True), SlowBody(70)
    )
    for _ in range(3):
        waited.clear()
        assert (await client.fetch_channel(general.id)).id == general.id
        assert sum(waited) == pytest.approx(70)
    assert loopback.ledger.violations == []


async def test_a_client_may_leave_before_the_answer(loopback: LoopbackDiscord, ada: Person) -> None:
    dm = f"{loopback.api_url}/channels/{ada.dm_channel.id}/messages"
    headers = {"Authorization": f"Bot {loopback.token}"}
    for fault in (SlowResponse(0.1), SlowBody(0.5)):
        loopback.faults.on("POST", MESSAGES, fault)
        async with aiohttp.ClientSession(headers=headers) as session:
            leaving = asyncio.create_task(session.post(dm, json={"content": "x" * 2_000}))
            await loopback.ledger.wait_for(
                lambda entry, fault=fault: isinstance(entry, Injected) and entry.fault is fault  # type: ignore[misc]
            )
            leaving.cancel()
            await asyncio.wait([leaving])
    await loopback.ledger.request("POST", MESSAGES, number=2)
    assert sorted(_statuses(loopback, MESSAGES)) == [0, 200]
    assert loopback.ledger.violations == []


async def test_a_body_can_be_cut_or_broken(
    loopback: LoopbackDiscord, client: discord.Client, general: Channel
) -> None:
    loopback.faults.on("GET", CHANNEL, CutBody(), BrokenBody(), BrokenBody("hi", "text/plain"))
    with pytest.raises(aiohttp.ClientPayloadError):
        await client.fetch_channel(general.id)
    with pytest.raises(json.JSONDecodeError):
        await client.fetch_channel(general.id)
    with pytest.raises(TypeError):
        await client.fetch_channel(general.id)
    assert _statuses(loopback, CHANNEL) == [200, 200, 200]


async def test_faults_apply_to_uploads(loopback: LoopbackDiscord, ada: Person) -> None:
    file = ada.attaches("a.txt", b"0123456789" * 1_000)
    loopback.faults.on("GET", "/attachments/{attachment_id}/{filename}", CutBody(), ServerError())
    async with aiohttp.ClientSession() as session:
        async with session.get(file.url) as response:
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()
        for status in (502, 200):
            async with session.get(file.url) as response:
                assert response.status == status


async def test_scheduled_faults_repeat_and_can_be_cleared(
    loopback: LoopbackDiscord, client: discord.Client, general: Channel
) -> None:
    loopback.faults.on("GET", CHANNEL, ServerError(503), Refuse(Refusal.UNKNOWN_CHANNEL), times=2)
    for _ in range(4):
        with pytest.raises(discord.HTTPException):
            await client.fetch_channel(general.id)
    await client.fetch_channel(general.id)
    loopback.faults.on("GET", CHANNEL, ServerError(503), times=ALWAYS)
    for _ in range(3):
        with pytest.raises(discord.HTTPException):
            await client.fetch_channel(general.id)
    loopback.faults.clear()
    await client.fetch_channel(general.id)
    assert _statuses(loopback, CHANNEL) == [503, 404, 503, 404, 200, 503, 503, 503, 200]


async def test_scheduled_faults_can_have_gaps_and_list_what_is_pending(
    loopback: LoopbackDiscord, client: discord.Client, general: Channel
) -> None:
    loopback.faults.on("GET", CHANNEL, None, ServerError(503), None)
    loopback.faults.on("GET", ME, ServerError(503), times=ALWAYS)
    await client.fetch_channel(general.id)
    with pytest.raises(discord.HTTPException):
        await client.fetch_channel(general.id)
    assert loopback.faults.pending == [f"GET {CHANNEL}"]
    await client.fetch_channel(general.id)
    assert loopback.faults.pending == []
    with pytest.raises(ValueError, match="the fake has no"):
        loopback.faults.on("GET", "/chanels/{channel_id}", ServerError())


async def test_a_callback_that_was_handled_before_a_fault_is_refused_when_repeated(
    loopback: LoopbackDiscord, client: discord.Client, ada: Person, general: Channel
) -> None:
    command = {"name": "ask", "description": "Ask the coverage."}
    await client.http.upsert_global_command(loopback.application.id, command)  # type: ignore[arg-type]
    callback = "/interactions/{interaction_id}/{interaction_token}/callback"
    loopback.faults.on("POST", callback, Reset(after_handling=True))
    asked = ada.uses_command(general, "ask")
    url = f"{loopback.api_url}/interactions/{asked.id}/{asked.token}/callback"
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.post(url, json={"type": 5})
        async with session.post(url, json={"type": 5}) as response:
            assert (await response.json())["code"] == 40060
    assert [request.status for request in loopback.ledger.callbacks(asked)] == [0, 400]
