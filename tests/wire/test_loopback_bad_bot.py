"""A bot that breaks every rule, to show that the loopback Discord detects each violation."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import discord
import pytest
from discord import app_commands

from fakes.discord import Channel, Guild, LoopbackDiscord, Permissions, Person
from fakes.discord.discordpy import running

Misdeed = Callable[["BadBot", discord.Message], Awaitable[object]]

HEARTBEAT, INVALID_SESSION, HELLO = 1, 9, 10


class BadBot(discord.Client):
    """Answers each message with a violation, and each command twice."""

    def __init__(self, loopback: LoopbackDiscord, misdeed: Misdeed) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True))
        self.loopback = loopback
        self.misdeed = misdeed
        self.done = asyncio.Event()
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ask", description="Ask the coverage.")(_answer_twice)
        self.tree.command(name="wait", description="Wait for an answer.")(_answer_late)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            with suppress(discord.HTTPException):
                await self.misdeed(self, message)
            self.done.set()

    async def raw(self, method: str, path: str, body: object = None) -> int:
        """Send a request without the library's checks."""
        headers = {"Authorization": f"Bot {self.loopback.token}"}
        url = self.loopback.api_url + path
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, url, json=body) as response,
        ):
            return response.status


async def _answer_twice(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("once")
    with pytest.raises(discord.HTTPException, match="already been acknowledged"):
        await discord.InteractionResponse(interaction).send_message("twice")


async def _answer_late(interaction: discord.Interaction) -> None:
    with pytest.raises(discord.NotFound, match="Unknown interaction"):
        await interaction.response.defer()


# Misdeeds


async def _pings_everyone(_: BadBot, message: discord.Message) -> None:
    await message.channel.send("@everyone, look!")


async def _pings_a_role(_: BadBot, message: discord.Message) -> None:
    assert message.guild
    await message.channel.send(message.guild.roles[-1].mention)


async def _answers_a_bot(_: BadBot, message: discord.Message) -> None:
    await message.reply("and yourself?")


async def _writes_too_much(_: BadBot, message: discord.Message) -> None:
    await message.channel.send("x" * 2_001)


async def _says_nothing(_: BadBot, message: discord.Message) -> None:
    await message.channel.send("")


async def _insists(_: BadBot, message: discord.Message) -> None:
    for _attempt in "12":
        with pytest.raises(discord.Forbidden):
            await message.delete()


async def _shows_its_token(bot: BadBot, message: discord.Message) -> None:
    await message.channel.send(f"the trouble is with {bot.http.token}")


async def _does_not_wait(bot: BadBot, message: discord.Message) -> None:
    path = f"/channels/{message.channel.id}/messages"
    bot.loopback.rate_limits.limit(
        "POST", "/channels/{channel_id}/messages", requests=1, window_s=60
    )
    assert [await bot.raw("POST", path, {"content": "!"}) for _ in "12"] == [200, 429]


async def _floods(bot: BadBot, message: discord.Message) -> None:
    bot.loopback.rate_limits.limit_all(requests=2, window_s=60)
    paths = ["/users/@me", f"/channels/{message.channel.id}", "/gateway/bot"]
    assert [await bot.raw("GET", path) for path in paths] == [200, 200, 429]


async def _gets_banned(bot: BadBot, _: discord.Message) -> None:
    bot.loopback.invalid_requests.limit = 2
    private = bot.loopback.add_channel(bot.loopback.add_guild_without_bot("Elsewhere"), "private")
    paths = [f"/channels/{private.id}", f"/channels/{private.id}/messages", "/users/@me"]
    assert [await bot.raw("GET", path) for path in paths] == [403, 403, 429]


async def _clings_to_a_dead_token(bot: BadBot, _: discord.Message) -> None:
    path = f"/webhooks/{bot.application_id}/worthless/messages/@original"
    assert [await bot.raw("PATCH", path, {"content": "!"}) for _ in "12"] == [404, 404]


async def _makes_up_routes(bot: BadBot, _: discord.Message) -> None:
    await bot.raw("GET", "/channels/1/everything")


async def _misspells(bot: BadBot, message: discord.Message) -> None:
    await bot.raw("POST", f"/channels/{message.channel.id}/messages", {"contnt": "x"})


async def _creates_too_many_commands(bot: BadBot, _: discord.Message) -> None:
    bot.loopback.world.command_creates(None).limit = 3  # two of which it has spent
    path = f"/applications/{bot.application_id}/commands"
    for name in ("three", "four"):
        await bot.raw("POST", path, {"name": name, "description": "One more."})


async def _identifies_again(bot: BadBot, _: discord.Message) -> None:
    bot.loopback.gateway.starts.concurrent.limit = 1
    identify = {"token": bot.loopback.token, "intents": 0, "properties": {}}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(bot.loopback.gateway_url) as ws,
    ):
        assert (await ws.receive_json())["op"] == HELLO
        await ws.send_json({"op": 2, "d": identify})
        assert (await ws.receive_json())["op"] == INVALID_SESSION


async def _chatters(bot: BadBot, _: discord.Message) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(bot.loopback.gateway_url) as ws,
    ):
        for _beat in range(121):
            await ws.send_json({"op": HEARTBEAT, "d": None})
        while (await ws.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        assert ws.close_code == 4008


@pytest.mark.parametrize(
    ("misdeed", "broken"),
    [
        (_pings_everyone, ["pings-everyone"]),
        (_pings_a_role, ["pings-role"]),
        (_answers_a_bot, ["answers-a-bot"]),
        (_writes_too_much, ["invalid-body"]),
        (_says_nothing, ["empty-message"]),
        (_insists, ["missing-permissions"] * 2 + ["runs-into-the-same-refusal"]),
        (_shows_its_token, ["shows-a-token"]),
        (_does_not_wait, ["rate-limited"]),
        (_floods, ["rate-limited"]),
        (_gets_banned, ["missing-access", "missing-access", "banned"]),
        (_clings_to_a_dead_token, ["unknown-webhook"] * 2 + ["uses-a-dead-token-again"]),
        (_makes_up_routes, ["unknown-route"]),
        (_misspells, ["invalid-body"]),
        (_creates_too_many_commands, ["too-many-commands"]),
        (_identifies_again, ["identifies-too-soon"]),
        (_chatters, ["gateway-rate-limited"]),
    ],
)
@pytest.mark.usefixtures("description")
async def test_every_violation_is_detected(
    loopback: LoopbackDiscord,
    guild: Guild,
    general: Channel,
    misdeed: Misdeed,
    broken: list[str],
) -> None:
    rival = loopback.add_bot("Rival", guild)
    loopback.add_role(guild, "staff", Permissions.NONE)
    bot = BadBot(loopback, misdeed)
    async with running(bot, loopback):
        rival.says(general, "beep")
        await bot.done.wait()
    assert loopback.ledger.rules_broken == broken


async def test_every_violation_with_an_interaction_is_detected(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    async with running(BadBot(loopback, _says_nothing), loopback):
        asked = ada.uses_command(general, "ask")
        await loopback.ledger.wait_for(lambda _: len(loopback.ledger.callbacks(asked)) == 2)
        waited = ada.uses_command(general, "wait")
        assert loopback.unanswered() == []
        loopback.clock.advance(4)
        await loopback.ledger.wait_for(lambda _: len(loopback.ledger.callbacks(waited)) == 1)
    assert loopback.ledger.rules_broken == ["already-acknowledged", "unknown-interaction"]
    assert loopback.unanswered() == [waited]
