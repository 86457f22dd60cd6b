"""Refusals of the loopback Discord and their codes, by raw requests."""

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from fakes.discord import Channel, Guild, Intents, LoopbackDiscord, Permissions, Person, Reset

MESSAGES = "/channels/{channel_id}/messages"
QUESTION = {"type": 3, "name": "question", "description": "What?", "required": True}
ASK = {"name": "ask", "description": "Ask the coverage.", "options": [QUESTION]}
IN_GERMAN = {"name_localizations": {"de": "frage"}}


class Raw:
    """Sends raw requests, without a library that delays them."""

    def __init__(self, session: aiohttp.ClientSession, loopback: LoopbackDiscord) -> None:
        self._session = session
        self._loopback = loopback

    async def send(
        self, method: str, path: str, body: object = None, token: str | None = None
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {token or self._loopback.token}"}
        url = self._loopback.api_url + path
        async with self._session.request(method, url, json=body, headers=headers) as response:
            assert response.headers.get("Content-Type") in ("application/json", None) or not body
            return response.status, await response.json() if response.status != 204 else None

    async def refused(self, method: str, path: str, body: object = None) -> tuple[int, int]:
        """Send a request that must be refused; return the status and the error code."""
        status, answer = await self.send(method, path, body)
        return status, answer["code"]


@pytest.fixture
async def raw(loopback: LoopbackDiscord) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(session, loopback)


@pytest.fixture
async def asking(loopback: LoopbackDiscord, raw: Raw) -> None:
    """The application has registered the command "ask"."""
    await raw.send("PUT", f"/applications/{loopback.application.id}/commands", [ASK])


async def test_a_wrong_token_is_refused(raw: Raw) -> None:
    status, answer = await raw.send("GET", "/users/@me", token="wrong")  # noqa: S106 - opens nothing
    assert (status, answer) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_an_unknown_route_is_refused_and_recorded(
    loopback: LoopbackDiscord, raw: Raw
) -> None:
    assert await raw.refused("GET", "/users/@me/guilds") == (404, 0)
    assert loopback.ledger.rules_broken == ["unknown-route"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": "x" * 2_001}, 50035),
        ({"content": " "}, 50006),
        ({}, 50006),
        ({"embeds": [{"description": "x" * 3_001}] * 2}, 50035),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 50035),
        ({"content": "x", "flags": 1 << 15}, 50035),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 5, "label": "x"}]}]},
            50035,
        ),
    ],
)
async def test_a_message_against_the_rules_is_refused(
    raw: Raw, general: Channel, body: object, code: int
) -> None:
    assert await raw.refused("POST", f"/channels/{general.id}/messages", body) == (400, code)


@pytest.mark.usefixtures("description")
@pytest.mark.parametrize(
    "body",
    [
        {"contnt": "x"},
        {"content": 1},
        {"embeds": [{"description": "x" * 4_097}]},
        {"embeds": [{"descriptoin": "x"}]},
        {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "lable": "x"}]}]},
        {"content": "x", "nonce": "x" * 26},
    ],
)
async def test_a_message_against_the_description_is_refused(
    raw: Raw, general: Channel, body: object
) -> None:
    assert await raw.refused("POST", f"/channels/{general.id}/messages", body) == (400, 50035)


@pytest.mark.usefixtures("description")
async def test_the_fake_validates_its_own_payloads(loopback: LoopbackDiscord, raw: Raw) -> None:
    loopback.bot.name = 7  # type: ignore[assignment]
    await raw.send("GET", "/users/@me")
    assert loopback.ledger.rules_broken == ["loopback-error"]


async def test_a_refusal_names_the_invalid_field(raw: Raw, general: Channel) -> None:
    _, answer = await raw.send("POST", f"/channels/{general.id}/messages", {"content": "x" * 2_001})
    assert answer["errors"]["content"]["_errors"][0] == {
        "code": "BASE_TYPE_MAX_LENGTH",
        "message": "Must be 2000 or fewer in length.",
    }


async def test_a_channel_without_permission_is_refused(
    loopback: LoopbackDiscord, raw: Raw, general: Channel
) -> None:
    path = f"/channels/{general.id}/messages"
    loopback.deny(general, loopback.bot, Permissions.EMBED_LINKS)
    assert await raw.refused("POST", path, {"embeds": [{"title": "x"}]}) == (403, 50013)
    loopback.deny(general, loopback.bot, Permissions.SEND_MESSAGES)
    assert await raw.refused("POST", path, {"content": "x"}) == (403, 50013)
    loopback.deny(general, loopback.bot, Permissions.VIEW_CHANNEL)
    assert await raw.refused("POST", path, {"content": "x"}) == (403, 50001)
    assert await raw.refused("POST", "/channels/1/messages", {"content": "x"}) == (404, 10003)


async def test_a_message_of_somebody_else_cannot_be_edited(
    raw: Raw, ada: Person, general: Channel
) -> None:
    path = f"/channels/{general.id}/messages/{ada.says(general, 'mine').id}"
    assert await raw.refused("PATCH", path, {"content": "yours"}) == (403, 50005)
    assert await raw.refused("DELETE", path) == (403, 50013)


async def test_a_message_that_is_gone_cannot_be_replied_to(
    raw: Raw, ada: Person, general: Channel, loopback: LoopbackDiscord
) -> None:
    question = ada.says(general, "who won?")
    ada.deletes(question)
    path, reference = f"/channels/{general.id}/messages", {"message_id": str(question.id)}
    reply = {"content": "Nobody.", "message_reference": reference}
    assert await raw.refused("POST", path, reply) == (400, 50035)
    reply["message_reference"] = reference | {"fail_if_not_exists": False}
    assert (await raw.send("POST", path, reply))[0] == 200
    loopback.remove_channel(general)
    assert await raw.refused("POST", path, reply) == (404, 10003)


async def test_a_nonce_posts_once(raw: Raw, general: Channel, loopback: LoopbackDiscord) -> None:
    path, body = f"/channels/{general.id}/messages", {"content": "x", "nonce": "1"}
    first, again = [await raw.send("POST", path, body | {"enforce_nonce": True}) for _ in "12"]
    assert first == again
    assert len(loopback.ledger.messages(general)) == 1


@pytest.mark.usefixtures("asking")
async def test_an_interaction_is_answered_once(
    loopback: LoopbackDiscord, raw: Raw, ada: Person, general: Channel
) -> None:
    asked = ada.uses_command(general, "ask", question="x")
    callback = f"/interactions/{asked.id}/{asked.token}/callback"
    body = {"type": 4, "data": {"content": "once"}}
    assert await raw.refused("POST", callback, {"type": 4, "data": {}}) == (400, 50006)
    assert await raw.refused("POST", callback, {"type": 7, "data": {"content": "x"}}) == (
        400,
        50035,
    )
    assert await raw.send("POST", callback, body) == (204, None)
    assert await raw.refused("POST", callback, body) == (400, 40060)
    assert [change.message.content for change in loopback.ledger.answers(asked)] == ["once"]


@pytest.mark.usefixtures("asking")
async def test_an_interaction_dies_after_three_seconds(
    loopback: LoopbackDiscord, raw: Raw, ada: Person, general: Channel
) -> None:
    asked = ada.uses_command(general, "ask", question="x")
    loopback.clock.advance(3.1)
    callback = f"/interactions/{asked.id}/{asked.token}/callback"
    assert await raw.refused("POST", callback, {"type": 5}) == (404, 10062)
    unknown = f"/interactions/{asked.id}/unknown/callback"
    assert await raw.refused("POST", unknown, {"type": 5}) == (404, 10062)


@pytest.mark.usefixtures("asking")
async def test_an_answer_is_edited_only_between_the_first_response_and_fifteen_minutes(
    loopback: LoopbackDiscord, raw: Raw, ada: Person, general: Channel
) -> None:
    asked = ada.uses_command(general, "ask", question="x")
    original = f"/webhooks/{loopback.application.id}/{asked.token}/messages/@original"
    assert await raw.refused("PATCH", original, {"content": "early"}) == (404, 10015)
    await raw.send("POST", f"/interactions/{asked.id}/{asked.token}/callback", {"type": 5})
    assert (await raw.send("PATCH", original, {"content": "in time"}))[0] == 200
    assert await raw.refused("PATCH", original, {"content": ""}) == (400, 50006)
    loopback.clock.advance(15 * 60)
    assert await raw.refused("PATCH", original, {"content": "late"}) == (401, 50027)


@pytest.mark.usefixtures("asking")
async def test_the_first_follow_up_takes_the_place_of_a_defer(
    loopback: LoopbackDiscord, raw: Raw, ada: Person, general: Channel
) -> None:
    asked = ada.uses_command(general, "ask", question="x")
    await raw.send("POST", f"/interactions/{asked.id}/{asked.token}/callback", {"type": 5})
    webhook = f"/webhooks/{loopback.application.id}/{asked.token}"
    ids = [(await raw.send("POST", webhook, {"content": text}))[1]["id"] for text in "ab"]
    assert [int(ids[0]), int(ids[1]) > int(ids[0])] == [asked.original_id, True]
    assert (await raw.send("DELETE", f"{webhook}/messages/{ids[1]}"))[0] == 204
    assert await raw.refused("GET", f"{webhook}/messages/{ids[1]}") == (404, 10008)


@pytest.mark.usefixtures("asking")
async def test_an_ephemeral_message_stays_ephemeral_and_inaccessible(
    loopback: LoopbackDiscord, raw: Raw, ada: Person, general: Channel
) -> None:
    asked = ada.uses_command(general, "ask", question="x")
    defer = {"type": 5, "data": {"flags": 64}}
    await raw.send("POST", f"/interactions/{asked.id}/{asked.token}/callback", defer)
    original = f"/webhooks/{loopback.application.id}/{asked.token}/messages/@original"
    _, answer = await raw.send("PATCH", original, {"content": "for you"})
    assert answer["flags"] == 64
    path = f"/channels/{general.id}/messages"
    assert await raw.refused("GET", f"{path}/{answer['id']}") == (404, 10008)
    assert await raw.send("GET", path) == (200, [])


async def test_content_is_hidden_in_rest_answers_too(
    loopback: LoopbackDiscord, raw: Raw, ada: Person, general: Channel
) -> None:
    question = ada.says(general, "between us")
    ada.says(general, loopback.bot.mention, reply_to=question)
    _, listed = await raw.send("GET", f"/channels/{general.id}/messages")
    assert [message["content"] for message in listed] == [loopback.bot.mention, ""]
    assert listed[0]["referenced_message"]["content"] == ""
    loopback.application.privileged_intents = Intents.MESSAGE_CONTENT
    _, listed = await raw.send("GET", f"/channels/{general.id}/messages")
    assert listed[0]["referenced_message"]["content"] == "between us"


@pytest.mark.parametrize(
    "commands",
    [
        [ASK, ASK],
        [ASK | {"name": "Ask"}],
        [ASK | {"name": "ask me"}],
        [ASK | {"description": ""}],
        [{"type": 3, "name": "Cite", "description": "not here"}],
        [ASK | {"options": [{"type": 3, "name": "a", "description": "b"}, *ASK["options"]]}],
        [ASK | {"name_localizations": {"de": "Fragen"}}],
        [ASK | IN_GERMAN, ASK | IN_GERMAN | {"name": "question"}],
        [ASK | {"options": [QUESTION | IN_GERMAN, QUESTION | IN_GERMAN | {"name": "who"}]}],
    ],
)
async def test_a_command_against_the_rules_is_refused(
    loopback: LoopbackDiscord, raw: Raw, commands: object
) -> None:
    path = f"/applications/{loopback.application.id}/commands"
    assert await raw.refused("PUT", path, commands) == (400, 50035)


async def test_a_command_keeps_its_id(loopback: LoopbackDiscord, raw: Raw, guild: Guild) -> None:
    path = f"/applications/{loopback.application.id}/guilds/{guild.id}/commands"
    status, created = await raw.send("POST", path, ASK)
    assert status == 201
    _, (replaced,) = await raw.send("PUT", path, [ASK | {"description": "Ask again."}])
    assert (replaced["id"], replaced["description"]) == (created["id"], "Ask again.")
    assert (await raw.send("GET", path))[1] == [replaced]


async def test_translations_are_listed_on_request(loopback: LoopbackDiscord, raw: Raw) -> None:
    path = f"/applications/{loopback.application.id}/commands"
    await raw.send("PUT", path, [ASK | IN_GERMAN | {"options": [QUESTION | IN_GERMAN]}])
    [without] = (await raw.send("GET", path))[1]
    [with_all] = (await raw.send("GET", f"{path}?with_localizations=true"))[1]
    for listed, known in ((without, {}), (with_all, IN_GERMAN["name_localizations"])):
        assert listed.get("name_localizations", {}) == known
        assert listed["options"][0].get("name_localizations", {}) == known


async def test_an_exhausted_bucket_refuses(
    loopback: LoopbackDiscord, raw: Raw, general: Channel
) -> None:
    loopback.rate_limits.limit("GET", "/channels/{channel_id}", requests=2, window_s=1)
    statuses = [(await raw.send("GET", f"/channels/{general.id}"))[0] for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert loopback.ledger.rules_broken == ["rate-limited"]
    loopback.clock.advance(1)
    assert (await raw.send("GET", f"/channels/{general.id}"))[0] == 200


async def test_a_connection_breaks_before_the_answer(
    loopback: LoopbackDiscord, raw: Raw, general: Channel
) -> None:
    loopback.faults.on("POST", MESSAGES, Reset(after_handling=True))
    with pytest.raises(aiohttp.ClientConnectionError):
        await raw.send("POST", f"/channels/{general.id}/messages", {"content": "lost?"})
    assert [message.content for message in loopback.ledger.messages(general)] == ["lost?"]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["not json"], 4002),
        (['{"d": {}}'], 4002),
        (['{"op": 2, "d": null}'], 4002),
        (['{"op": 1, "d": "' + "x" * 4_096 + '"}'], 4002),
        (['{"op": 8, "d": {}}'], 4003),
        (['{"op": 2, "d": {"token": "x", "intents": 0}}'], 4004),
        (['{"op": 6, "d": {"token": "x", "session_id": "x", "seq": 1}}'], 4004),
        (['{"op": 2, "d": {"token": TOKEN, "intents": -1}}'], 4013),
        (['{"op": 2, "d": {"token": TOKEN, "intents": 2}}'], 4014),
        (['{"op": 2, "d": {"token": TOKEN, "intents": 0}}'] * 2, 4005),
        (['{"op": 2, "d": {"token": TOKEN, "intents": 0}}', '{"op": 99}'], 4001),
    ],
)
async def test_the_gateway_closes_on_a_bad_frame(
    loopback: LoopbackDiscord, frames: list[str], code: int
) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(loopback.gateway_url) as ws:
        assert (await ws.receive_json())["op"] == 10
        for frame in frames:
            await ws.send_str(frame.replace("TOKEN", f'"{loopback.token}"'))
        while (await ws.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        assert ws.close_code == code
    assert len(loopback.ledger.violations) == 1


async def test_an_unknown_session_cannot_be_resumed(loopback: LoopbackDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(loopback.gateway_url) as ws:
        assert (await ws.receive_json())["op"] == 10
        resume = {"token": loopback.token, "session_id": "x", "seq": 1}
        await ws.send_json({"op": 6, "d": resume})
        assert await ws.receive_json() == {"t": None, "s": None, "op": 9, "d": False}


async def test_members_are_sent_on_request(
    loopback: LoopbackDiscord, guild: Guild, ada: Person
) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(loopback.gateway_url) as ws:
        await ws.send_json({"op": 2, "d": {"token": loopback.token, "intents": 0}})
        await ws.send_json({"op": 3, "d": {"status": "idle"}})
        asked = {"guild_id": str(guild.id), "query": "A", "limit": 5, "nonce": "n"}
        await ws.send_json({"op": 8, "d": asked})
        kinds = [await ws.receive_json() for _ in range(3)]
        chunk = kinds[-1]["d"]
    assert [kind["t"] for kind in kinds] == [None, "READY", "GUILD_MEMBERS_CHUNK"]
    assert [member["user"]["id"] for member in chunk["members"]] == [str(ada.user.id)]
    assert chunk["nonce"] == "n"


_TEXT = {"type": 10, "content": "x"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"flags": 1 << 15, "components": [_TEXT]}, 200),
        ({"flags": 1 << 15, "components": [_TEXT], "content": "x"}, 400),
        ({"flags": 1 << 15, "components": [{"type": 17, "components": [_TEXT] * 40}]}, 400),
        ({"flags": 1 << 15, "components": [_TEXT | {"content": "x" * 2_001}] * 2}, 400),
    ],
)
async def test_new_components_have_rules_of_their_own(
    raw: Raw, general: Channel, body: object, status: int
) -> None:
    answer = await raw.send("POST", f"/channels/{general.id}/messages", body)
    assert answer[0] == status, answer


async def test_files_have_limits(loopback: LoopbackDiscord, general: Channel) -> None:
    url = f"{loopback.api_url}/channels/{general.id}/messages"
    headers = {"Authorization": f"Bot {loopback.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for sizes, status in (([1] * 10, 200), ([1] * 11, 400), ([10 * 1024 * 1024 + 1], 413)):
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("payload_json", "{}", content_type="application/json")
            for index, size in enumerate(sizes):
                form.add_field(f"files[{index}]", io.BytesIO(b"x" * size), filename=f"{index}.txt")
            async with session.post(url, data=form) as response:
                assert response.status == status
        async with session.post(url, data=b"{", headers={"Content-Type": "text/plain"}) as response:
            assert (await response.json())["code"] == 50109
