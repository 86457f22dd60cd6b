"""The newsroom that clipdesk runs in for these tests: its coverage, its people, and the bot."""

import os
import signal
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.discord.client import Client
from bot.settings import load_settings
from index import MEMORY, Desk
from loopback import Channel, Guild, LoopbackDiscord, Message, Permissions, Person
from loopback.discordpy import running

CLOSES = "The port of Eldholm will close its ferry terminal in March, the mayor said."
COSTS = "Rebuilding costs 40 million crowns. The state pays half of that."
PIERS = [f"Pier {number} of the ferry terminal opened in 19{number}." for number in range(10, 20)]
QUESTION = "what does rebuilding the terminal cost?"

_HEAD = """\
---
title: Ferry terminal to close
publisher: Eldholm Post
author: Kari Moen
published: 2021-03-04
url: https://eldholm.example/ferry
---

"""
_UNLIMITED = {"CLIPDESK_USER_LIMIT": "0", "CLIPDESK_CHANNEL_LIMIT": "0"}


def write_ferry(folder: Path, *paragraphs: str) -> None:
    """Write, or write anew, the article on the ferry terminal in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "ferry.md").write_text(_HEAD + "\n\n".join(paragraphs), "utf-8")


@asynccontextmanager
async def connected(loopback: LoopbackDiscord, desk: Desk, **limits: int) -> AsyncIterator[Client]:
    """clipdesk in this process, connected, without any limits but those given."""
    named = {f"CLIPDESK_{name.upper()}": str(value) for name, value in limits.items()}
    client = Client(desk, load_settings(database=MEMORY, environment=_UNLIMITED | named))
    async with running(client, loopback):
        await client.wait_until_ready()
        yield client


@asynccontextmanager
async def process(
    api: str, token: str, coverage: Path, database: Path | str = MEMORY, **settings: str
) -> AsyncIterator[Process]:
    """clipdesk as a process of its own, which may end within the block."""
    named = {f"CLIPDESK_{name.upper()}": value for name, value in settings.items()}
    address = {"CLIPDESK_DISCORD_API": api, "DISCORD_TOKEN": token}
    options = ("--coverage", str(coverage), "--database", str(database))
    made = await create_subprocess_exec(
        sys.executable, "-m", "bot", *options, env=os.environ | address | named,
        stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    try:
        yield made
    finally:
        if made.returncode is None:
            made.kill()
            await made.communicate()


@dataclass
class Newsroom:
    """A guild in which clipdesk runs, and can be started again over the same database."""

    discord: LoopbackDiscord
    coverage: Path
    guild: Guild
    general: Channel
    ada: Person
    bo: Person
    editor: Person
    moderator: Person
    ended: AsyncExitStack
    processes: list[Process] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.coverage.parent / "clipdesk.db"

    async def start(self) -> None:
        """Start the bot, in place of the one that runs."""
        if self.processes:
            await self.stop()
        api, token = self.discord.api_url, self.discord.token
        started = process(api, token, self.coverage, self.database)
        self.processes.append(await self.ended.enter_async_context(started))
        await self.discord.ledger.event("READY", number=len(self.processes))
        # Until the first index is there, the bot says so.
        while not (await self.ask("ferry terminal")).embeds:
            pass

    async def stop(self) -> str:
        """End the bot as an operator does, and return its log."""
        self.processes[-1].send_signal(signal.SIGTERM)
        _, log = await self.processes[-1].communicate()
        return log.decode()

    def asks(self, question: str) -> Message:
        return self.ada.says(self.general, f"{self.discord.bot.mention} {question}")

    async def ask(self, question: str) -> Message:
        return await self.discord.ledger.reply(self.asks(question))

    async def ask_alone(self, question: str) -> Message:
        asked = self.ada.uses_command(self.general, "ask", question=question, private=True)
        return await self.discord.ledger.answer(asked)


@asynccontextmanager
async def open_newsroom(coverage: Path) -> AsyncIterator[Newsroom]:
    """A newsroom in which the bot runs."""
    async with LoopbackDiscord(application="clipdesk") as discord, AsyncExitStack() as ended:
        discord.ledger.patience_s = 20  # a process takes its time to start
        guild = discord.add_guild("Newsroom")
        newsroom = Newsroom(
            discord,
            coverage,
            guild,
            general=discord.add_channel(guild, "general"),
            ada=discord.add_person("Ada", guild),
            bo=discord.add_person("Bo", guild),
            editor=discord.add_person("Ed", guild, permissions=Permissions.MANAGE_GUILD),
            moderator=discord.add_person("Mo", guild, permissions=Permissions.MANAGE_MESSAGES),
            ended=ended,
        )
        await newsroom.start()
        yield newsroom
        # A bot that is started again does so at once, which is the test's own doing.
        assert set(discord.ledger.rules_broken) <= {"identifies-too-soon"}
