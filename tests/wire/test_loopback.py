"""The loopback Discord with the real discord.py and a well-behaved bot."""

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import discord
import pytest
from discord import app_commands

from fakes.discord import (
    ALL,
    Channel,
    Close,
    Drop,
    Guild,
    Intents,
    Invalidate,
    LoopbackDiscord,
    NotOffered,
    Permissions,
    Person,
    Reconnect,
    ServerError,
    TooMany,
)
from fakes.discord.discordpy import running

MESSAGES = "/channels/{channel_id}/messages"
FOLLOW_UPS = "/webhooks/{webhook_id}/{webhook_token}"


# A well-behaved bot


class Answer(discord.ui.View):
    @discord.ui.button(label="Source", custom_id="source")
    async def source(
        self, interaction: discord.Interaction, _button: discord.ui.Button["Answer"]
    ) -> None:
        await interaction.response.edit_message(content="page 4", view=None)


class Note(discord.ui.Modal, title="A note"):
    text: discord.ui.TextInput["Note"] = discord.ui.TextInput(label="Your note")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"noted: {self.text.value}")


class Pick(discord.ui.View):
    @discord.ui.select(options=[discord.SelectOption(label=each) for each in ("day", "week")])
    async def span(
        self, interaction: discord.Interaction, select: discord.ui.Select["Pick"]
    ) -> None:
        await interaction.response.send_message(f"the last {select.values[0]}")


class Clipper(discord.Client):
    """Answers mentions, direct messages and one command of each kind."""

    def __init__(self, *, message_content: bool = False) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
        )
        super().__init__(intents=intents, allowed_mentions=discord.AllowedMentions.none())
        self.read: list[str] = []
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="ask", description="Ask the coverage.")(_ask)
        self.tree.command(name="note", description="Write a note.")(_note)
        self.tree.context_menu(name="Shout")(_shout)
        self.tree.add_command(_Digest(name="digest", description="Digests."))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait the usual five seconds."""

    async def on_message(self, message: discord.Message) -> None:
        if not message.author.bot:
            self.read.append(message.content)
            await message.reply(f"{message.clean_content!r}, {len(message.attachments)} files")


async def _ask(interaction: discord.Interaction, question: str) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content=f"{question}: 42", view=Answer())
    await interaction.followup.send("More?", ephemeral=True)


async def _suggest(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed} won?", value=f"{typed} won?")]


async def _note(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Note())


async def _shout(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(message.content.upper())


class _Digest(app_commands.Group):
    @app_commands.command(description="Set one up.")
    async def create(
        self,
        interaction: discord.Interaction,
        to: discord.Member,
        at: app_commands.Range[int, 0, 23],
    ) -> None:
        await interaction.response.send_message(f"to {to.name} at {at}", view=Pick())


_ask = app_commands.autocomplete(question=_suggest)(_ask)


@pytest.fixture
async def clipper(pointed_at_loopback: LoopbackDiscord) -> AsyncIterator[Clipper]:
    client = Clipper()
    async with running(client, pointed_at_loopback):
        yield client


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails if discord.py logs an error, as it does for a malformed payload."""
    yield
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert [line for line in lines if "voice" not in line] == []


# The real client


@pytest.mark.usefixtures("description")
async def test_a_client_finds_its_guild(
    loopback: LoopbackDiscord, clipper: Clipper, guild: Guild, general: Channel
) -> None:
    await loopback.ledger.event("GUILD_CREATE")
    fetched = await clipper.fetch_guild(guild.id)
    assert fetched.name == "Newsroom"
    cached = clipper.get_guild(guild.id)
    assert cached
    assert [channel.name for channel in cached.text_channels] == ["general"]
    assert cached.text_channels[0].permissions_for(cached.me).send_messages
    assert (await clipper.fetch_channel(general.id)).id == general.id
    assert (await fetched.fetch_member(loopback.bot.id)).name == loopback.bot.name
    assert len(await fetched.fetch_roles()) == 2
    assert len(await clipper.tree.fetch_commands()) == 4
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_a_mention_is_answered(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    question = ada.says(general, f"{loopback.bot.mention} who won?")
    answer = await loopback.ledger.reply(question)
    assert answer.content == "'@clipper who won?', 0 files"
    assert answer.reply_to is question
    assert not answer.pings
    assert loopback.ledger.replies(question) == [answer]
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_a_direct_message_is_answered_where_it_came(
    loopback: LoopbackDiscord, ada: Person
) -> None:
    answer = await loopback.ledger.reply(ada.dm("who won?"))
    assert answer.channel is ada.dm_channel
    assert loopback.ledger.violations == []


async def test_content_stays_hidden_from_a_client_without_the_intent(
    loopback: LoopbackDiscord, clipper: Clipper, ada: Person, general: Channel
) -> None:
    await loopback.ledger.reply(ada.says(general, "between us"))
    last = ada.says(general, f"{loopback.bot.mention} hello")
    await loopback.ledger.reply(last)
    assert clipper.read == ["", last.content]


@pytest.mark.usefixtures("pointed_at_loopback")
async def test_content_is_shown_to_a_client_with_the_intent(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    loopback.application.privileged_intents = Intents.MESSAGE_CONTENT
    client = Clipper(message_content=True)
    async with running(client, loopback):
        await loopback.ledger.reply(ada.says(general, "between us"))
    assert client.read == ["between us"]


@pytest.mark.usefixtures("clipper")
async def test_a_command_is_deferred_edited_and_followed_up(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    asked = ada.uses_command(general, "ask", question="the answer")
    answer = await loopback.ledger.answer(asked)
    assert answer.content == "the answer: 42"
    await loopback.ledger.request("POST", FOLLOW_UPS)
    shown = [
        (change.message.content, change.message.loading)
        for change in loopback.ledger.answers(asked)
    ]
    assert shown == [("", True), ("the answer: 42", False), ("More?", False)]
    assert all(change.message.ephemeral for change in loopback.ledger.answers(asked))
    assert [request.status for request in loopback.ledger.callbacks(asked)] == [200]
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_a_button_is_clicked(
    loopback: LoopbackDiscord, ada: Person, guild: Guild, general: Channel
) -> None:
    asked = ada.uses_command(general, "ask", question="the answer")
    answer = await loopback.ledger.answer(asked)
    await loopback.ledger.request("POST", FOLLOW_UPS)
    with pytest.raises(NotOffered, match="meant for another"):
        loopback.add_person("Bo", guild).clicks(answer, "Source")
    clicked = ada.clicks(answer, "Source")
    assert (await loopback.ledger.answer(clicked)).id == answer.id
    assert (await loopback.ledger.callback(clicked))["type"] == 7
    with pytest.raises(NotOffered, match="the message offers"):
        ada.clicks(answer, "Source")
    assert loopback.world.messages[answer.id].content == "page 4"
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_a_subcommand_takes_a_member_and_a_number(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    with pytest.raises(NotOffered, match="takes 0 to 23"):
        ada.uses_command(general, "digest create", to=ada.user, at=24)
    with pytest.raises(NotOffered, match="has no subcommand"):
        ada.uses_command(general, "digest delete")
    with pytest.raises(NotOffered, match="is used with one of"):
        ada.uses_command(general, "digest")
    used = ada.uses_command(general, "digest create", to=ada.user, at=7)
    assert (await loopback.ledger.answer(used)).content == "to Ada at 7"
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_a_value_is_chosen(loopback: LoopbackDiscord, ada: Person, general: Channel) -> None:
    used = ada.uses_command(general, "digest create", to=ada.user, at=7)
    menu = await loopback.ledger.answer(used)
    custom_id = menu.components[0]["components"][0]["custom_id"]
    with pytest.raises(NotOffered, match="offers"):
        ada.chooses(menu, custom_id, "year")
    chosen = ada.chooses(menu, custom_id, "week")
    assert (await loopback.ledger.answer(chosen)).content == "the last week"
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_an_option_is_completed(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    typed = ada.autocompletes(general, "ask", question="who")
    callback = await loopback.ledger.callback(typed)
    assert callback["data"]["choices"] == [{"name": "who won?", "value": "who won?"}]
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_a_form_is_filled_in(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    form = await ada.sees_modal(ada.uses_command(general, "note"))
    with pytest.raises(NotOffered, match="no field"):
        ada.submits(form, {"Your note": "x", "Your name": "y"})
    answer = await loopback.ledger.answer(ada.submits(form, {"Your note": "call back"}))
    assert answer.content == "noted: call back"
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_the_menu_of_a_message_carries_its_content(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    used = ada.uses_context_menu("Shout", ada.says(general, "quiet"))
    assert (await loopback.ledger.answer(used)).content == "QUIET"
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("clipper")
async def test_a_person_cannot_use_what_is_not_offered(
    loopback: LoopbackDiscord, ada: Person, guild: Guild, general: Channel
) -> None:
    with pytest.raises(NotOffered, match="no command 'bask'"):
        ada.uses_command(general, "bask")
    with pytest.raises(NotOffered, match="no option"):
        ada.uses_command(general, "ask", answer="42")
    with pytest.raises(NotOffered, match="needs"):
        ada.uses_command(general, "ask")
    with pytest.raises(NotOffered, match="takes no int"):
        ada.uses_command(general, "ask", question=1)
    command = loopback.application.commands[None][0]
    command["default_member_permissions"] = str(int(Permissions.MANAGE_GUILD))
    with pytest.raises(NotOffered, match="needs permissions"):
        ada.uses_command(general, "ask", question="x")
    boss = loopback.add_person("Bo", guild, permissions=Permissions.MANAGE_GUILD)
    boss.uses_command(general, "ask", question="x")
    await loopback.ledger.request("POST", FOLLOW_UPS)


async def test_files_travel_both_ways(
    loopback: LoopbackDiscord, clipper: Clipper, ada: Person
) -> None:
    sent = ada.dm("read this", files=[ada.attaches("a.txt", b"first")])
    assert (await loopback.ledger.reply(sent)).content == "'read this', 1 files"
    channel = await clipper.create_dm(discord.Object(ada.user.id))
    message = await channel.send("there", file=discord.File(io.BytesIO(b"second"), "b.txt"))
    assert await message.attachments[0].read() == b"second"
    assert loopback.ledger.violations == []


async def test_messages_are_edited_listed_and_deleted(
    loopback: LoopbackDiscord, clipper: Clipper, ada: Person, general: Channel
) -> None:
    opening = await loopback.ledger.reply(ada.says(general, f"{loopback.bot.mention} hello"))
    await loopback.ledger.event("GUILD_CREATE")
    channel = clipper.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    message = await channel.fetch_message(opening.id)
    await message.edit(content="hello again")
    async with channel.typing():
        thread = await message.create_thread(name="More")
    await thread.send("in the thread")
    texts = [each.content async for each in channel.history()]
    assert texts == ["hello again", f"{loopback.bot.mention} hello"]
    await message.delete()
    changes = [entry.change.value for entry in loopback.ledger.changes(opening)]
    assert changes == ["posted", "edited", "deleted"]
    assert loopback.ledger.violations == []


async def test_a_resume_replays_exactly_the_missed_events(
    loopback: LoopbackDiscord, clipper: Clipper, ada: Person
) -> None:
    await loopback.ledger.reply(ada.dm("1"))
    loopback.faults.now(Close(4000))
    for text in "234":
        ada.dm(text)
    await loopback.ledger.event("RESUMED")
    await loopback.ledger.request("POST", MESSAGES, number=4)
    assert clipper.read == ["1", "2", "3", "4"]
    (resume,) = loopback.ledger.frames(op=6)
    (resumed,) = loopback.ledger.frames("RESUMED")
    frames = loopback.ledger.frames()
    replay = [f for f in frames[frames.index(resume) : frames.index(resumed)] if f.event]
    assert [f.sequence for f in replay] == [resume.data["seq"] + 1 + n for n in range(len(replay))]
    assert [f.data["content"] for f in replay][-3:] == ["2", "3", "4"]
    assert loopback.ledger.violations == []


async def test_a_dropped_connection_is_resumed(
    loopback: LoopbackDiscord, clipper: Clipper, ada: Person
) -> None:
    loopback.faults.now(Drop())
    question = ada.dm("still there?")
    await loopback.ledger.event("RESUMED")
    await loopback.ledger.reply(question)
    assert clipper.read == ["still there?"]


@pytest.mark.parametrize(("resumable", "comes_back"), [(True, "RESUMED"), (False, "READY")])
@pytest.mark.usefixtures("clipper")
async def test_an_invalid_session_is_resumed_or_replaced(
    loopback: LoopbackDiscord, ada: Person, *, resumable: bool, comes_back: str
) -> None:
    loopback.clock.advance(5)
    loopback.faults.now(Invalidate(resumable=resumable))
    await loopback.ledger.event(comes_back, number=1 if resumable else 2)
    await loopback.ledger.reply(ada.dm("still there?"))


@pytest.mark.usefixtures("clipper")
async def test_op_7_makes_a_client_resume(loopback: LoopbackDiscord, ada: Person) -> None:
    loopback.faults.now(Reconnect())
    await loopback.ledger.event("RESUMED")
    await loopback.ledger.reply(ada.dm("still there?"))


@pytest.mark.usefixtures("pointed_at_loopback")
async def test_a_wrong_token_ends_in_a_failed_login(loopback: LoopbackDiscord) -> None:
    async with Clipper() as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")
    assert loopback.ledger.rules_broken == ["unauthorized"]


@pytest.mark.usefixtures("pointed_at_loopback")
async def test_an_intent_that_was_not_granted_is_refused(loopback: LoopbackDiscord) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(Clipper(message_content=True), loopback):
            pass
    assert loopback.ledger.rules_broken == ["gateway-disallowed-intents"]


@pytest.mark.usefixtures("clipper")
async def test_a_server_error_after_handling_does_not_duplicate_a_message(
    loopback: LoopbackDiscord, ada: Person
) -> None:
    loopback.faults.on("POST", MESSAGES, ServerError(502, after_handling=True))
    question = ada.dm("who won?")
    await loopback.ledger.request("POST", MESSAGES, number=2)
    assert len(loopback.ledger.replies(question)) == 1


@pytest.mark.usefixtures("clipper")
async def test_a_client_waits_as_long_as_a_429_says(
    loopback: LoopbackDiscord, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    loopback.faults.on("POST", MESSAGES, TooMany(retry_after_s=0.2))
    await loopback.ledger.reply(ada.dm("who won?"))
    assert [one.status for one in loopback.ledger.requests("POST", MESSAGES)] == [429, 200]
    assert loopback.ledger.violations == []  # as one that came too soon would be
    assert "We are being rate limited" in caplog.text
    caplog.clear()


# Its own ways


async def test_a_timeout_shows_the_end_of_the_ledger(
    loopback: LoopbackDiscord,
) -> None:
    boss = loopback.add_person("Bo", permissions=ALL)
    boss.dm("anybody?")
    with pytest.raises(AssertionError, match=r"the entry did not come(.|\n)*anybody\?"):
        await loopback.ledger.wait_for(lambda _: False, timeout_s=0.01)


async def test_it_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "fakes.discord",
        cwd=Path(__file__).parents[1],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    api_url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{api_url}/gateway") as response:
            assert (await response.json())["url"].startswith("ws://127.0.0.1:")
        async with session.get(api_url.replace("/api/v10", "/loopback/ledger")) as response:
            ledger = await response.json()
    assert ledger["counts"]["GET /gateway 200"] == 1
    assert ledger["violations"] == []
    assert "GET /gateway None -> 200" in ledger["tail"][-1]
    process.terminate()
    await process.communicate()


async def test_faults_are_scheduled_over_http(loopback: LoopbackDiscord) -> None:
    control = loopback.api_url.replace("/api/v10", "/loopback/faults")
    gateway = "GET /gateway"
    orders: list[tuple[object, int]] = [
        ({"on": gateway, "fault": "Refuse", "refusal": "UNAUTHORIZED", "times": None}, 204),
        ({"at": "IDENTIFY", "fault": "Close", "code": 4000}, 204),
        ({"at": "READY", "fault": "Corrupt", "path": "user"}, 204),
        ({"now": True, "fault": "Drop"}, 204),
        ({"at": "READY", "fault": "Bang"}, 400),
        ({"at": "READY", "fault": "Close"}, 400),
        ({"on": "GET /everything", "fault": "Reset"}, 400),
        ({"fault": "Drop"}, 400),
        ([], 400),
    ]
    async with aiohttp.ClientSession() as session:
        for order, status in orders:
            async with session.post(control, json=order) as response:
                assert response.status == status
        assert loopback.faults.pending == ["READY", "identify"]
        assert [str(fault) for fault in loopback.ledger.faults] == ["FAULT now: Drop()"]
        for status in (401, 401):
            async with session.get(f"{loopback.api_url}/gateway") as response:
                assert response.status == status
        await session.delete(control)
        async with session.get(f"{loopback.api_url}/gateway") as response:
            assert response.status == 200
    assert loopback.faults.pending == []
