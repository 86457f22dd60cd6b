"""A server for these tests, with coverage, people and the bot."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot.discord.client import Client
from bot.settings import load_settings
from fakes.discord import (
    Change,
    Channel,
    Guild,
    Interaction,
    LoopbackDiscord,
    Message,
    MessageChange,
    Permissions,
    Person,
)
from fakes.discord.discordpy import running
from fakes.discord.entries import Entry
from index import MEMORY, Engine
from waiting import until
from wire.bot_process import CANARY, BotProcess, running_bot

MESSAGES = "/channels/{channel_id}/messages"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
COMMANDS = "/applications/{application_id}/commands"

CLOSES = "The port of Eldholm will close its ferry terminal in March, the mayor said."
COSTS = "Rebuilding costs 40 million crowns. The state pays half of that."
PIERS = [f"Pier {number} of the ferry terminal opened in 19{number}." for number in range(10, 20)]
COST = "what does rebuilding the terminal cost?"
QUESTION = f"what does rebuilding cost, {CANARY}?"
ANSWER = "40 million"

_HEAD = """\
---
title: Ferry terminal to close
publisher: Eldholm Post
author: Kari Moen
published: 2021-03-04
url: https://eldholm.example/ferry
---

"""
_SETTINGS = {
    "CLIPDESK_USER_LIMIT": "0",
    "CLIPDESK_CHANNEL_LIMIT": "0",
    "CLIPDESK_READER": "off",
}

T = TypeVar("T")


def write_ferry(folder: Path, *paragraphs: str) -> None:
    """Write the article on the ferry terminal to a folder; replace an earlier version."""
    folder.mkdir(exist_ok=True)
    (folder / "ferry.md").write_text(_HEAD + "\n\n".join(paragraphs), "utf-8")


@asynccontextmanager
async def connected(
    loopback: LoopbackDiscord, engine: Engine, **limits: int
) -> AsyncIterator[Client]:
    """Run clipdesk in this process, connected, without limits except those given."""
    named = {f"CLIPDESK_{name.upper()}": str(value) for name, value in limits.items()}
    client = Client(engine, load_settings(database=MEMORY, environment=_SETTINGS | named))
    async with running(client, loopback):
        await client.wait_until_ready()
        yield client


@dataclass
class Newsroom:
    """A guild in which clipdesk runs, with users and managers."""

    discord: LoopbackDiscord
    folder: Path
    guild: Guild
    general: Channel
    ada: Person
    bo: Person
    editor: Person
    moderator: Person
    bot: BotProcess
    _run: AsyncExitStack
    _number = count(1)

    @property
    def coverage(self) -> Path:
        return self.folder / "coverage"

    async def restart(self) -> None:
        """Stop the bot, and start it again over the same database."""
        await self._run.aclose()
        self.discord.clock.advance(10)  # a session begins each five seconds
        sessions = len(self.discord.ledger.frames("READY"))
        self.bot = await self._run.enter_async_context(running_bot(self.discord, self.folder))
        await self.discord.ledger.event("READY", number=sessions + 1)
        await self.bot.wait_until_indexed()

    async def reindex(self) -> str:
        """Run `/reindex`, and return its report."""
        return await self.report(self.editor.uses_command(self.general, "reindex"))

    async def report(self, command: Interaction) -> str:
        """Wait for the final report of a reindex."""

        def report(change: MessageChange) -> str | None:
            ours, said = change.message.interaction is command, change.message.content
            return said if ours and "; now " in said else None

        return await self.first(report, what="the report of a reindex")

    async def first(self, pick: Callable[[MessageChange], T | None], what: str) -> T:
        """Return the first result of `pick`, over past and future changes of messages."""

        def look(entry: Entry) -> T | None:
            return pick(entry) if isinstance(entry, MessageChange) else None

        return await self.discord.ledger.first(look, what=what)

    def channel(self) -> Channel:
        """Add a new channel."""
        return self.discord.add_channel(self.guild, f"channel-{next(self._number)}")

    def asks(self, channel: Channel | None = None, question: str = QUESTION) -> Message:
        return self.ada.says(channel or self.general, f"{self.discord.bot.mention} {question}")

    def uses(self, channel: Channel | None = None, **options: object) -> Interaction:
        """Use `/ask`."""
        asked: dict[str, object] = {"question": QUESTION} | options
        return self.ada.uses_command(channel or self.general, "ask", **asked)

    async def ask(self, question: str = COST, *, by: Person | None = None) -> Message:
        """Ask a question in a channel; return the reply, once the bot has remembered it."""
        asked = (by or self.ada).says(self.general, f"{self.discord.bot.mention} {question}")
        reply = await self.discord.ledger.reply(asked)
        await self.synced()
        return reply

    async def ask_privately(self, question: str = COST) -> Message:
        """Ask a question privately; return the answer."""
        return await self.discord.ledger.answer(self.uses(question=question, private=True))

    async def synced(self) -> None:
        """Wait until the bot has processed all events so far: it processes them in order."""
        typed = self.ada.autocompletes(self.general, "ask", question="who?", source="e")
        await self.discord.ledger.callback(typed)

    async def wait_for_faults(self) -> None:
        """Wait until all scheduled faults have been applied."""
        await until(lambda: not self.discord.faults.pending)

    async def expect_answer(self, asked: Message | Interaction) -> Message:
        """Wait for the only answer to a question, check that it is right, and return it."""
        ledger = self.discord.ledger
        if isinstance(asked, Message):
            answer = await self.first(lambda change: _reply(change, asked), what="a reply")
            assert len(ledger.replies(asked)) == 1
        else:
            answer = await ledger.answer(asked)
        assert ANSWER in f"{answer.embeds}{answer.content}", answer
        return answer


@asynccontextmanager
async def open_newsroom(
    folder: Path, paragraphs: tuple[str, ...] = (CLOSES, COSTS), **settings: str
) -> AsyncIterator[Newsroom]:
    """Start a newsroom whose bot has indexed its coverage."""
    write_ferry(folder / "coverage", *paragraphs)
    async with LoopbackDiscord(application="clipdesk") as discord, AsyncExitStack() as run:
        guild = discord.add_guild("Newsroom")
        editor = discord.add_person("Editor", guild, permissions=Permissions.MANAGE_GUILD)
        moderator = discord.add_person("Mo", guild, permissions=Permissions.MANAGE_MESSAGES)
        newsroom = Newsroom(
            discord,
            folder,
            guild,
            general=discord.add_channel(guild, "general"),
            ada=discord.add_person("Ada", guild),
            bo=discord.add_person("Bo", guild),
            editor=editor,
            moderator=moderator,
            bot=await run.enter_async_context(running_bot(discord, folder, **settings)),
            _run=run,
        )
        await discord.ledger.event("READY")
        await newsroom.bot.wait_until_indexed()
        yield newsroom


def _reply(change: MessageChange, asked: Message) -> Message | None:
    said = change.message
    posted = change.change is Change.POSTED
    return said if posted and said.reply_to and said.reply_to.id == asked.id else None
