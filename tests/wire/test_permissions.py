"""Permissions: a payload that lacks them grants none, and the bot respects refusals."""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from fakes.discord import (
    Channel,
    Corrupt,
    Interaction,
    Message,
    Permissions,
    Person,
    Refusal,
    Refuse,
)
from fakes.discord.gateway_faults import GONE
from waiting import until
from wire.newsroom import ANSWER, MESSAGES, Newsroom, open_newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")

THREADS = "/channels/{channel_id}/messages/{message_id}/threads"
MANAGES = Permissions.MANAGE_GUILD | Permissions.ADMINISTRATOR
EPHEMERAL = 64


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newsroom(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    async with open_newsroom(tmp_path_factory.mktemp("newsroom")) as room:
        for command in ("settings", "reindex"):  # as a server can, by its own settings
            room.discord.allow_command(command)
        yield room


def _silences(person: Person, place: Channel) -> Interaction:
    return person.uses_command(place, "settings", mentions="silent")


async def _is_refused(room: Newsroom, used: Interaction) -> None:
    """True if a command is refused privately, from the first response on."""
    said = await room.discord.ledger.answer(used)
    assert "manage the server" in said.content
    [first] = room.discord.ledger.callbacks(used)
    assert first.body["data"]["flags"] & EPHEMERAL
    assert said.ephemeral


# Who manages


async def test_manager_commands_are_refused_to_everyone_else(newsroom: Newsroom) -> None:
    """Even if the server's settings allow the commands, or the user was a manager before."""
    discord, guild = newsroom.discord, newsroom.guild
    role = discord.add_role(guild, "Editors", Permissions.MANAGE_GUILD)
    former = discord.add_person("Former", guild)
    guild.members[former.user.id].role_ids.append(role.id)
    place = newsroom.channel()
    assert "not answered" in (await discord.ledger.answer(_silences(former, place))).content
    discord.remove_role(guild, role)
    other = newsroom.channel()
    thread = newsroom.ada.starts_thread(other, "More")
    lines = newsroom.bot.count_log_lines("A command for managers was refused")
    for person, where in ((former, other), (newsroom.ada, other), (newsroom.ada, thread)):
        await _is_refused(newsroom, _silences(person, where))
        await _is_refused(newsroom, person.uses_command(where, "reindex"))
    await newsroom.expect_answer(newsroom.asks(other))
    assert newsroom.bot.count_log_lines("A command for managers was refused") == lines + 6


async def test_an_administrator_manages(newsroom: Newsroom) -> None:
    discord, place = newsroom.discord, newsroom.channel()
    head = discord.add_person("Head", newsroom.guild, permissions=Permissions.ADMINISTRATOR)
    assert "not answered" in (await discord.ledger.answer(_silences(head, place))).content


FORGED = [
    *(Corrupt("member.permissions", value) for value in (GONE, "0", "-1", str(1 << 70), None)),
    *(Corrupt("guild_id", value) for value in (GONE, "1", None)),
    *(Corrupt("authorizing_integration_owners", value) for value in ({}, {"1": "7"}, {"0": "7"})),
    Corrupt("member"),
    Corrupt("member.user"),
]


def _name(forged: Corrupt) -> str:
    return f"{forged.path}: {'gone' if forged.value is GONE else forged.value}"


@pytest.mark.parametrize("forged", FORGED, ids=_name)
async def test_an_incomplete_payload_grants_nothing(newsroom: Newsroom, forged: Corrupt) -> None:
    """The rest of the payload is that of a manager."""
    place = newsroom.channel()
    newsroom.discord.faults.at("INTERACTION_CREATE", forged)
    _silences(newsroom.editor, place)
    await newsroom.expect_answer(newsroom.uses())
    await newsroom.expect_answer(newsroom.asks(place))


async def test_only_the_right_permission_bits_grant_management(newsroom: Newsroom) -> None:
    chance = random.Random(120)  # noqa: S311
    ledger, place = newsroom.discord.ledger, newsroom.channel()
    for number in range(40):
        bits = chance.getrandbits(53) & ~int(MANAGES)
        manages = number % 4 == 0
        if manages:
            bits |= int(chance.choice(list(MANAGES)))
        newsroom.discord.faults.at("INTERACTION_CREATE", Corrupt("member.permissions", str(bits)))
        used = newsroom.ada.uses_command(place, "settings")
        if manages:
            assert "Mentions in this channel" in (await ledger.answer(used)).content
        else:
            await _is_refused(newsroom, used)


# What is for one alone


async def test_a_private_question_is_hidden_from_the_first_response_on(
    newsroom: Newsroom,
) -> None:
    used = newsroom.uses(private=True)
    answer = await newsroom.expect_answer(used)
    [first] = newsroom.discord.ledger.callbacks(used)
    assert first.body["data"]["flags"] & EPHEMERAL
    assert answer.ephemeral
    assert not newsroom.discord.ledger.answers(newsroom.uses())


# Who is answered


async def test_bots_webhooks_and_the_server_itself_are_never_answered(newsroom: Newsroom) -> None:
    """Two bots that answer each other would never stop."""
    place, discord = newsroom.channel(), newsroom.discord
    rival = discord.add_bot("Rival", newsroom.guild)
    for _ in range(20):
        rival.says(place, f"{discord.bot.mention} ferry")
    forged = [Corrupt("author.bot", value=True), Corrupt("webhook_id", "7")]
    forged += [Corrupt("type", kind) for kind in (1, 3, 4, 5, 6, 7, 8, 12, 18, 21, 22, 24, 32, 46)]
    for one in forged:
        discord.faults.at("MESSAGE_CREATE", one)
        newsroom.asks(place)
    answer = await newsroom.discord.ledger.reply(newsroom.asks(newsroom.channel()))
    assert ANSWER in str(answer.embeds)
    rival.says(answer.channel, f"{discord.bot.mention} {answer.embeds[0]['description']}")
    await newsroom.expect_answer(newsroom.asks(newsroom.channel()))
    assert discord.ledger.messages(place, by=discord.bot) == []
    assert len(discord.ledger.messages(answer.channel, by=discord.bot)) == 1
    assert "answers-a-bot" not in discord.ledger.rules_broken


# Where the bot is refused


async def test_without_read_message_history_the_answer_is_no_reply(newsroom: Newsroom) -> None:
    place = newsroom.channel()
    newsroom.discord.deny(place, newsroom.discord.bot, Permissions.READ_MESSAGE_HISTORY)
    answer = await newsroom.discord.ledger.reply(newsroom.asks(place))
    assert ANSWER in str(answer.embeds)
    assert answer.reply_to is None


async def _set(room: Newsroom, place: Channel, mentions: str) -> None:
    used = room.editor.uses_command(place, "settings", mentions=mentions)
    assert (await room.discord.ledger.answer(used)).content.startswith("Done")


async def test_an_existing_thread_is_no_error(newsroom: Newsroom) -> None:
    place, discord = newsroom.channel(), newsroom.discord
    await _set(newsroom, place, "thread")
    discord.faults.on("POST", THREADS, Refuse(Refusal.THREAD_EXISTS))
    await newsroom.expect_answer(newsroom.asks(place))
    asked = newsroom.asks(place)
    thread = newsroom.ada.starts_thread(asked, "Faster")

    def answers() -> list[Message]:
        return discord.ledger.messages(thread, by=discord.bot) + discord.ledger.replies(asked)

    await until(answers)
    await newsroom.expect_answer(newsroom.asks(newsroom.channel()))
    [answer] = answers()
    assert ANSWER in str(answer.embeds)


async def test_a_user_who_refuses_direct_messages_is_sent_one_only(newsroom: Newsroom) -> None:
    place, discord = newsroom.channel(), newsroom.discord
    await _set(newsroom, place, "private")
    bo = discord.add_person("Bo", newsroom.guild)
    discord.faults.on("POST", MESSAGES, Refuse(Refusal.CANNOT_MESSAGE_USER))
    for _ in range(5):
        asked = bo.says(place, f"{discord.bot.mention} what does rebuilding cost?")
        await newsroom.expect_answer(asked)
    there = f"/channels/{bo.dm_channel.id}/messages"
    assert [one.status for one in discord.ledger.requests() if one.path == there] == [403]
