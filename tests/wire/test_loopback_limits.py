"""The limits of Discord on the loopback Discord, and the bounds of the fake itself."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest

from fakes.discord import Channel, Guild, LoopbackDiscord, NotOffered, Permissions, Person, Sampling
from fakes.discord.bounded_dict import BoundedDict
from fakes.discord.discordpy import redirected
from fakes.discord.ledger import Ledger

MESSAGES = "/channels/{channel_id}/messages"
HELLO, INVALID_SESSION, IDENTIFY = 10, 9, 2


class Raw:
    """Sends raw requests, without a library that delays them."""

    def __init__(self, session: aiohttp.ClientSession, loopback: LoopbackDiscord) -> None:
        self._session = session
        self._loopback = loopback

    async def send(self, method: str, path: str, body: object = None) -> aiohttp.ClientResponse:
        headers = {"Authorization": f"Bot {self._loopback.token}"}
        url = self._loopback.api_url + path
        async with self._session.request(method, url, json=body, headers=headers) as response:
            await response.read()
            return response

    async def identify(self) -> dict[str, Any] | int:
        """Connect and identify; return the answer, or the code of the close."""
        async with self._session.ws_connect(self._loopback.gateway_url) as ws:
            assert (await ws.receive_json())["op"] == HELLO
            identify = {"token": self._loopback.token, "intents": 0}
            await ws.send_json({"op": IDENTIFY, "d": identify})
            message = await ws.receive()
            if message.type is aiohttp.WSMsgType.TEXT:
                answer: dict[str, Any] = message.json()
                return answer
            return ws.close_code or 0


@pytest.fixture
async def raw(loopback: LoopbackDiscord) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(session, loopback)


# Requests


async def test_every_response_has_rate_limit_headers(
    loopback: LoopbackDiscord, raw: Raw, general: Channel, guild: Guild
) -> None:
    loopback.clock.stop()
    loopback.rate_limits.limit("GET", "/channels/{channel_id}", requests=2, window_s=30)
    answers = [await raw.send("GET", f"/channels/{general.id}") for _ in range(3)]
    assert [each.status for each in answers] == [200, 200, 429]
    notice = [each.headers["X-RateLimit-Remaining"] for each in answers]
    assert notice == ["1", "0", "0"]
    first, last = answers[0].headers, answers[2].headers
    assert first["X-RateLimit-Limit"] == "2"
    assert float(first["X-RateLimit-Reset-After"]) == 30
    assert float(first["X-RateLimit-Reset"]) > loopback.clock.now()
    assert first["X-RateLimit-Bucket"] == last["X-RateLimit-Bucket"]
    assert (last["Retry-After"], last["X-RateLimit-Scope"]) == ("30", "user")
    assert "Via" in last
    refused = await answers[2].json()
    assert refused["retry_after"] == 30
    assert refused["global"] is False
    other = loopback.add_channel(guild, "other")
    assert (await raw.send("GET", f"/channels/{other.id}")).status == 200
    loopback.clock.advance(30)
    assert (await raw.send("GET", f"/channels/{general.id}")).status == 200


async def test_a_client_that_obeys_the_headers_is_never_refused(
    loopback: LoopbackDiscord, ada: Person
) -> None:
    loopback.rate_limits.limit("POST", MESSAGES, requests=2, window_s=0.1)
    with redirected(loopback):
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(loopback.token)
            channel = await client.create_dm(discord.Object(ada.user.id))
            await asyncio.gather(*(channel.send(str(number)) for number in range(7)))
    assert len(loopback.ledger.messages(ada.dm_channel)) == 7
    assert loopback.ledger.violations == []


async def test_the_global_limit_is_fifty_requests_a_second_except_interactions(
    loopback: LoopbackDiscord, raw: Raw, general: Channel
) -> None:
    loopback.rate_limits.limit_all(requests=50, window_s=60)
    paths = ["/users/@me", f"/channels/{general.id}"] * 25
    assert {(await raw.send("GET", path)).status for path in paths} == {200}
    refused = await raw.send("GET", "/gateway/bot")
    assert refused.status == 429
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert refused.headers["X-RateLimit-Scope"] == "global"
    assert (await refused.json())["global"] is True
    callback = await raw.send("POST", "/interactions/1/x/callback", {"type": 5})
    assert callback.status == 404


async def test_ten_thousand_invalid_requests_are_a_ban(
    loopback: LoopbackDiscord, raw: Raw, general: Channel
) -> None:
    loopback.deny(general, loopback.bot, Permissions.SEND_MESSAGES)
    assert loopback.invalid_requests.limit == 10_000
    loopback.invalid_requests.limit = 3
    path = f"/channels/{general.id}/messages"
    statuses = [(await raw.send("POST", path, {"content": "x"})).status for _ in range(3)]
    assert statuses == [403, 403, 403]
    banned = await raw.send("GET", "/users/@me")
    assert (banned.status, banned.content_type) == (429, "text/html")
    assert "Via" not in banned.headers
    assert loopback.ledger.rules_broken[-1] == "banned"
    loopback.clock.advance(10 * 60)
    assert (await raw.send("GET", "/users/@me")).status == 200


# Commands


async def test_two_hundred_commands_may_be_created_a_day(
    loopback: LoopbackDiscord, raw: Raw, guild: Guild
) -> None:
    path = f"/applications/{loopback.application.id}/commands"
    two = [[{"name": f"{n}{m}", "description": "."} for m in range(100)] for n in "ab"]
    for commands in (two[0], two[0], two[1]):  # the same set again is no creation
        assert (await raw.send("PUT", path, commands)).status == 200
    refused = await raw.send("PUT", path, two[0])
    assert (refused.status, (await refused.json())["code"]) == (400, 30034)
    one = {"name": "one", "description": "."}
    await raw.send("PUT", path, [])
    refused = await raw.send("POST", path, one)
    assert (await refused.json())["code"] == 30034
    of_guild = f"/applications/{loopback.application.id}/guilds/{guild.id}/commands"
    assert (await raw.send("POST", of_guild, one)).status == 201
    loopback.clock.advance(24 * 60 * 60)
    assert (await raw.send("PUT", path, two[0])).status == 200


# Sessions


async def test_a_session_starts_once_in_five_seconds(loopback: LoopbackDiscord, raw: Raw) -> None:
    answers = []
    for wait_s in (0, 0, 5):
        loopback.clock.advance(wait_s)
        answers.append(await raw.identify())
    assert [isinstance(answer, dict) and answer["op"] for answer in answers] == [0, 9, 0]
    limit = (await (await raw.send("GET", "/gateway/bot")).json())["session_start_limit"]
    assert 0 < limit.pop("reset_after") < 24 * 60 * 60 * 1000
    assert limit == {"total": 1_000, "remaining": 997, "max_concurrency": 1}


async def test_too_many_session_starts_reset_the_token(loopback: LoopbackDiscord, raw: Raw) -> None:
    loopback.gateway.starts.daily.limit = 1
    old = loopback.token
    await raw.identify()
    assert await raw.identify() == 4004
    assert loopback.token != old
    assert loopback.gateway.sessions == {}
    assert loopback.ledger.rules_broken == ["identifies-used-up"]


# The fake itself


@pytest.mark.usefixtures("description")
async def test_under_load_a_sample_is_checked(general: Channel) -> None:
    sampling = Sampling(first=2, then_every=3)
    assert [number for number in range(1, 10) if sampling.picks(number)] == [1, 2, 5, 8]
    async with LoopbackDiscord(sampling=sampling) as loopback, aiohttp.ClientSession() as session:
        general = loopback.add_channel(loopback.add_guild("Newsroom"), "general")
        raw, path = Raw(session, loopback), f"/channels/{general.id}/messages"
        misspelt = {"content": "x", "tss": True}
        statuses = [(await raw.send("POST", path, misspelt)).status for _ in range(8)]
        assert statuses == [400, 400, 200, 200, 400, 200, 200, 400]


async def test_the_ledger_drops_entries_but_keeps_counts(loopback: LoopbackDiscord) -> None:
    ledger = Ledger(loopback.clock, limit=3)
    for number in range(5):
        ledger.record_violation("rule", str(number))
    assert [str(entry) for entry in ledger.entries] == [f"VIOLATION rule: {n}" for n in (2, 3, 4)]
    assert ledger.counts == {"violation rule": 5}
    assert ledger.tail(1) == "  VIOLATION rule: 4"


async def test_a_bounded_dict_keeps_the_newest_keys() -> None:
    async with LoopbackDiscord(capacity=2) as loopback:
        ada = loopback.add_person("Ada")
        first, *_ = [ada.dm(text) for text in "123"]
        assert len(loopback.world.messages) == len(loopback.ledger.entries) == 2
        with pytest.raises(NotOffered, match="deleted"):
            ada.deletes(first)


def test_overwriting_a_key_keeps_the_others() -> None:
    bounded: BoundedDict[int, str] = BoundedDict(2)
    for number in (1, 2, 1, 3):
        bounded[number] = str(number)
    assert list(bounded) == [2, 3]
