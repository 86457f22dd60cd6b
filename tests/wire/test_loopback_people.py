"""Selects, forms, installs and other actions of people, with the real discord.py."""

from collections.abc import AsyncIterator

import discord
import pytest
from discord import app_commands

from fakes.discord import Channel, Guild, LoopbackDiscord, NotOffered, Permissions, Person, Role
from fakes.discord.discordpy import running

FOLLOW_UPS = "/webhooks/{webhook_id}/{webhook_token}"
MESSAGES = "/channels/{channel_id}/messages"


class Picks(discord.ui.View):
    """One select menu of each kind."""

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="user", max_values=2)
    async def user(
        self, interaction: discord.Interaction, select: discord.ui.UserSelect["Picks"]
    ) -> None:
        await interaction.response.send_message(" ".join(each.name for each in select.values))

    @discord.ui.select(cls=discord.ui.RoleSelect, custom_id="role")
    async def role(
        self, interaction: discord.Interaction, select: discord.ui.RoleSelect["Picks"]
    ) -> None:
        await interaction.response.send_message(select.values[0].name)

    @discord.ui.select(cls=discord.ui.MentionableSelect, custom_id="any", max_values=2)
    async def mentionable(
        self, interaction: discord.Interaction, select: discord.ui.MentionableSelect["Picks"]
    ) -> None:
        kinds = sorted(type(each).__name__ for each in select.values)
        await interaction.response.send_message(" ".join(kinds))

    @discord.ui.select(
        cls=discord.ui.ChannelSelect, custom_id="where", channel_types=[discord.ChannelType.text]
    )
    async def where(
        self, interaction: discord.Interaction, select: discord.ui.ChannelSelect["Picks"]
    ) -> None:
        await interaction.response.send_message(select.values[0].name)


class Order(discord.ui.Modal, title="An order"):
    """One field of each kind."""

    text = discord.ui.Label["Order"](
        text="Text", component=discord.ui.TextInput(custom_id="text", required=False)
    )
    span = discord.ui.Label["Order"](
        text="Span",
        component=discord.ui.Select(
            custom_id="span", options=[discord.SelectOption(label=each) for each in ("day", "week")]
        ),
    )
    editor = discord.ui.Label["Order"](
        text="Editor", component=discord.ui.UserSelect(custom_id="editor", required=False)
    )
    file = discord.ui.Label["Order"](
        text="File", component=discord.ui.FileUpload(custom_id="file", required=False)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        text, span = self.text.component, self.span.component
        editor, file = self.editor.component, self.file.component
        assert isinstance(text, discord.ui.TextInput)
        assert isinstance(span, discord.ui.Select)
        assert isinstance(editor, discord.ui.UserSelect)
        assert isinstance(file, discord.ui.FileUpload)
        values = [text.value, *map(str, span.values)]
        values += [each.name for each in editor.values]
        values += [each.filename for each in file.values]
        await interaction.response.send_message(", ".join(values))


class Terms(discord.ui.Modal, title="Terms"):
    """One field of each kind with buttons and boxes."""

    place = discord.ui.Label["Terms"](
        text="Place",
        component=discord.ui.RadioGroup(
            custom_id="place",
            required=False,
            options=[discord.RadioGroupOption(label=each) for each in ("here", "there")],
        ),
    )
    days = discord.ui.Label["Terms"](
        text="Days",
        component=discord.ui.CheckboxGroup(
            custom_id="days",
            options=[discord.CheckboxGroupOption(label=each) for each in ("Mon", "Tue", "Wed")],
        ),
    )
    sure = discord.ui.Label["Terms"](
        text="Sure?", component=discord.ui.Checkbox(custom_id="sure", default=True)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        place, days, sure = self.place.component, self.days.component, self.sure.component
        assert isinstance(place, discord.ui.RadioGroup)
        assert isinstance(days, discord.ui.CheckboxGroup)
        assert isinstance(sure, discord.ui.Checkbox)
        await interaction.response.send_message(f"{place.value} {days.values} {sure.value}")


async def _pick(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("pick", view=Picks())


async def _order(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Order())


async def _terms(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Terms())


@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def _where(interaction: discord.Interaction) -> None:
    """Report the context in which discord.py received the command."""
    values = [
        str(interaction.context),
        f"guild install: {interaction.is_guild_integration()}",
        f"user install: {interaction.is_user_integration()}",
        f"embeds: {interaction.app_permissions.embed_links}",
    ]
    await interaction.response.send_message("\n".join(values), view=Picks())


@app_commands.allowed_installs(guilds=True, users=True)
async def _chat(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("first")
    for number in range(5):
        await interaction.followup.send(str(number))
    if interaction.is_guild_integration():
        await interaction.followup.send("last")
    else:
        with pytest.raises(discord.HTTPException, match="40094"):
            await interaction.followup.send("last")


class Helper(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True))
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="pick", description="Pick.")(_pick)
        self.tree.command(name="order", description="Order.")(_order)
        self.tree.command(name="terms", description="Terms.")(_terms)
        self.tree.command(name="where", description="Where am I?")(_where)
        self.tree.command(name="chat", description="Chat.")(_chat)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            await message.reply("heard")


@pytest.fixture
async def helper(loopback: LoopbackDiscord) -> AsyncIterator[Helper]:
    client = Helper()
    async with running(client, loopback):
        await loopback.ledger.event("READY")
        yield client


@pytest.fixture
def staff(loopback: LoopbackDiscord, guild: Guild) -> Role:
    return loopback.add_role(guild, "staff", Permissions.MANAGE_GUILD)


# Choosing


@pytest.mark.usefixtures("helper", "description")
async def test_select_menus_of_all_kinds(
    loopback: LoopbackDiscord, ada: Person, guild: Guild, general: Channel, staff: Role
) -> None:
    menu = await loopback.ledger.answer(ada.uses_command(general, "pick"))
    bo = loopback.add_person("Bo", guild)
    chosen = {
        ada.chooses(menu, "user", ada.user, bo.user): "Ada Bo",
        ada.chooses(menu, "role", staff): "staff",
        ada.chooses(menu, "any", staff, bo.user): "Member Role",
        ada.chooses(menu, "where", general): "general",
    }
    for interaction, text in chosen.items():
        assert (await loopback.ledger.answer(interaction)).content == text
    thread = ada.starts_thread(general, "aside")
    for select, choice in {
        "user": staff,
        "role": bo.user,
        "any": general,
        "where": thread,
        "none": general,
    }.items():
        with pytest.raises(NotOffered):
            ada.chooses(menu, select, choice)
    with pytest.raises(NotOffered, match="1 to 1 different"):
        ada.chooses(menu, "role", staff, staff)
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("helper", "description")
async def test_form_fields_of_all_kinds(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    form = await ada.sees_modal(ada.uses_command(general, "order"))
    file = ada.attaches("a.txt", b"first")
    values = {"Text": "hi", "Span": ["week"], "Editor": [ada.user], "File": [file]}
    answer = await loopback.ledger.answer(ada.submits(form, values))
    assert answer.content == "hi, week, Ada, a.txt"
    form = await ada.sees_modal(ada.uses_command(general, "order"))
    least = await loopback.ledger.answer(ada.submits(form, {"Span": ["day"]}))
    assert least.content == ", day"
    wrongs: list[dict[str, object]] = [
        {"Span": ["year"]},
        {"Span": []},
        {"Span": ["day"], "Text": ["hi"]},
        {"Span": ["day"], "File": ["a.txt"]},
        {"Span": ["day"], "Editor": [general]},
    ]
    for wrong in wrongs:
        with pytest.raises(NotOffered):
            ada.submits(form, wrong)
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("helper", "description")
async def test_form_fields_with_buttons_and_boxes(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    contents = []
    for values in (
        {"Place": "there", "Days": ["Mon", "Wed"], "Sure?": False},
        {"days": ["Tue"]},
    ):
        form = await ada.sees_modal(ada.uses_command(general, "terms"))
        contents.append((await loopback.ledger.answer(ada.submits(form, values))).content)
    assert contents == ["there ['Mon', 'Wed'] False", "None ['Tue'] True"]
    wrongs: list[dict[str, object]] = [
        {"Days": []},
        {"Days": ["Sun"]},
        {"Days": "Mon"},
        {"Days": ["Mon"], "Sure?": "yes"},
        {"Days": ["Mon"], "Place": "elsewhere"},
    ]
    for wrong in wrongs:
        with pytest.raises(NotOffered):
            ada.submits(form, wrong)
    assert loopback.ledger.violations == []


# Where the application is not


async def _reported(loopback: LoopbackDiscord, person: Person, channel: Channel) -> list[str]:
    asked = person.uses_command(channel, "where")
    return (await loopback.ledger.answer(asked)).content.splitlines()[1:]


@pytest.mark.usefixtures("helper", "description")
async def test_a_user_installed_application_works_everywhere(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    outside = loopback.add_guild_without_bot("Elsewhere")
    lobby = loopback.add_channel(outside, "lobby")
    cy = loopback.add_person("Cy", outside)
    group = loopback.add_conversation(cy, ada, loopback.add_person("Bo"))
    for place in (lobby, group):
        with pytest.raises(NotOffered, match="not offered here"):
            cy.uses_command(place, "where")
    cy.installs_app()
    outsider = ["guild install: False", "user install: True", "embeds: True"]
    assert await _reported(loopback, cy, lobby) == outsider
    assert await _reported(loopback, cy, group) == outsider
    assert await _reported(loopback, cy, cy.dm_channel) == outsider
    asked = loopback.ledger.frames("INTERACTION_CREATE")[-1].data
    assert asked["authorizing_integration_owners"] == {"0": "0", "1": str(cy.user.id)}
    assert asked["context"] == 1
    guild_only = ["guild install: True", "user install: False", "embeds: True"]
    assert await _reported(loopback, ada, general) == guild_only
    with pytest.raises(NotOffered, match="not offered here"):
        cy.uses_command(lobby, "pick")  # for servers that installed the application
    events = loopback.ledger.frames("MESSAGE_CREATE")
    assert {int(event.data["channel_id"]) for event in events} == {general.id}
    assert loopback.ledger.violations == []


@pytest.mark.usefixtures("helper")
async def test_an_external_application_may_follow_up_five_times(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    ada.installs_app()
    lobby = loopback.add_channel(loopback.add_guild_without_bot("Elsewhere"), "lobby")
    assert lobby.guild
    loopback.world.add_member(lobby.guild, ada.user)
    inside = ada.uses_command(general, "chat")
    await loopback.ledger.request("POST", FOLLOW_UPS, number=6)
    outside = ada.uses_command(lobby, "chat")
    await loopback.ledger.request("POST", FOLLOW_UPS, number=12)
    assert [len(loopback.ledger.answers(each)) for each in (inside, outside)] == [7, 6]
    assert loopback.ledger.rules_broken == ["too-many-follow-ups"]


@pytest.mark.usefixtures("helper")
async def test_a_server_can_make_responses_of_external_applications_ephemeral(
    loopback: LoopbackDiscord,
) -> None:
    outside = loopback.add_guild_without_bot("Elsewhere")
    lobby = loopback.add_channel(outside, "lobby")
    cy = loopback.add_person("Cy", outside)
    cy.installs_app()
    public = await loopback.ledger.answer(cy.uses_command(lobby, "where"))
    loopback.deny(lobby, outside.roles[outside.id], Permissions.USE_EXTERNAL_APPS)
    private = await loopback.ledger.answer(cy.uses_command(lobby, "where"))
    assert (public.ephemeral, private.ephemeral) == (False, True)
    other = loopback.add_person("Bo", outside)
    clicked = other.chooses(public, "user", other.user)
    assert clicked.installs == {1}
    (event,) = [f for f in loopback.ledger.frames("INTERACTION_CREATE") if f.data["type"] == 3]
    assert event.data["authorizing_integration_owners"] == {"1": str(cy.user.id)}
    assert event.data["context"] == 0


async def test_a_guild_without_the_bot_is_inaccessible(
    loopback: LoopbackDiscord, helper: Helper
) -> None:
    outside = loopback.add_guild_without_bot("Elsewhere")
    lobby = loopback.add_channel(outside, "lobby")
    loopback.add_person("Cy", outside).says(lobby, loopback.bot.mention)
    for refused in (helper.fetch_guild(outside.id), helper.fetch_channel(lobby.id)):
        with pytest.raises(discord.Forbidden, match="50001"):
            await refused
    assert helper.get_guild(outside.id) is None
    assert loopback.ledger.frames("MESSAGE_CREATE") == []


# Changes


@pytest.mark.usefixtures("helper")
async def test_a_reply_pings_unless_disabled_or_to_a_command(
    loopback: LoopbackDiscord, ada: Person, general: Channel
) -> None:
    heard = await loopback.ledger.reply(ada.says(general, "hello"))
    answer = await loopback.ledger.answer(ada.uses_command(general, "pick"))
    ada.says(general, "ping", reply_to=heard)
    ada.says(general, "no ping", reply_to=heard, reply_pings=False)
    ada.says(general, "to a command", reply_to=answer)
    frames = loopback.ledger.frames("MESSAGE_CREATE")[-3:]
    assert [frame.data["content"] for frame in frames] == ["ping", "", ""]


@pytest.mark.usefixtures("helper", "description")
async def test_a_locked_thread_accepts_no_messages(
    loopback: LoopbackDiscord, helper: Helper, ada: Person, general: Channel
) -> None:
    await loopback.ledger.event("GUILD_CREATE")
    thread = ada.starts_thread(ada.says(general, "hello"), "aside")
    await loopback.ledger.reply(ada.says(thread, "and here?"))
    await loopback.ledger.request("POST", MESSAGES, number=2)
    loopback.deny(general, loopback.bot, Permissions.SEND_MESSAGES_IN_THREADS)
    cached = helper.get_partial_messageable(thread.id)
    with pytest.raises(discord.Forbidden, match="50013"):
        await cached.send("may I?")
    loopback.lock(thread)
    with pytest.raises(discord.HTTPException, match="50083"):
        await cached.send("too late")
    with pytest.raises(NotOffered):
        ada.says(thread, "too late")
    loopback.remove_channel(thread)
    with pytest.raises(discord.NotFound, match="10003"):
        await cached.send("gone")
    events = [f"THREAD_{change}" for change in ("CREATE", "UPDATE", "DELETE")]
    assert [len(loopback.ledger.frames(event)) for event in events] == [1, 1, 1]


@pytest.mark.usefixtures("description")
async def test_a_deleted_message_is_gone(
    loopback: LoopbackDiscord, helper: Helper, ada: Person, guild: Guild, general: Channel
) -> None:
    question = ada.says(general, "who won?")
    answer = await loopback.ledger.reply(question)
    with pytest.raises(NotOffered, match="may not do that"):
        ada.deletes(answer)
    with pytest.raises(NotOffered, match="did not write"):
        ada.edits(answer, "I won")
    ada.edits(question, "who lost?")
    assert (await loopback.ledger.edited(question)).content == "who lost?"
    loopback.add_person("Mo", guild, permissions=Permissions.MANAGE_MESSAGES).deletes(answer)
    with pytest.raises(discord.NotFound, match="10008"):
        await helper.get_partial_messageable(general.id).get_partial_message(answer.id).edit()
    assert loopback.ledger.rules_broken == ["unknown-message"]


@pytest.mark.usefixtures("description")
async def test_roles_channels_and_membership_end(
    loopback: LoopbackDiscord, helper: Helper, guild: Guild, general: Channel, staff: Role
) -> None:
    bo = loopback.add_person("Bo", guild)
    guild.members[bo.user.id].role_ids.append(staff.id)
    command = loopback.application.commands[None][0]
    command["default_member_permissions"] = str(int(Permissions.MANAGE_GUILD))
    await loopback.ledger.answer(bo.uses_command(general, command["name"]))
    loopback.remove_role(guild, staff)
    with pytest.raises(NotOffered, match="needs permissions"):
        bo.uses_command(general, command["name"])
    loopback.remove_channel(loopback.add_channel(guild, "brief"))
    loopback.remove_bot(guild)
    with pytest.raises(discord.Forbidden, match="50001"):
        await helper.fetch_channel(general.id)
    names = ["GUILD_ROLE_DELETE", "CHANNEL_DELETE", "GUILD_DELETE"]
    assert [len(loopback.ledger.frames(name)) for name in names] == [1, 1, 1]
    assert list(helper.guilds) == []
