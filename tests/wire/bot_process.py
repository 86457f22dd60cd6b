"""clipdesk as a process of its own, and what must hold of it whatever breaks.

At the end of each run it stops well, within what it has time for. Neither its log nor its database
holds a secret, a word of what was asked, or the id of a person, and no message holds a secret.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process, create_subprocess_exec
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from loopback import (
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
from loopback.entries import Entry

MESSAGES = "/channels/{channel_id}/messages"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"

CANARY = "zanzibar"
QUESTION = f"what does rebuilding cost, {CANARY}?"
ANSWER = "40 million"
STOPS_IN_S = 11.0

_ARTICLE = """\
---
title: Ferry terminal to close
publisher: Eldholm Post
published: 2021-03-04
url: https://eldholm.example/ferry
---

The port of Eldholm will close its ferry terminal in March, the mayor said.

Rebuilding costs 40 million crowns. The state pays half of that.
"""
_NEVER_LOGGED = ("Traceback", "heartbeat blocked", CANARY)


@dataclass(frozen=True)
class BotProcess:
    """A process, what it logs, and where it keeps its database."""

    process: Process
    log_file: Path
    database: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    def lines(self, said: str) -> int:
        """How many lines of the log say that."""
        return sum(said in line for line in self.log.splitlines())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self, within_s: float = STOPS_IN_S) -> int:
        """The exit code, once there is one."""
        return await asyncio.wait_for(self.process.wait(), within_s)

    def open_files(self) -> list[Path]:
        return [file.resolve() for file in Path(f"/proc/{self.process.pid}/fd").iterdir()]

    def worked_s(self) -> float:
        """The processor time it has taken."""
        state = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(state[11]) + int(state[12])) / os.sysconf("SC_CLK_TCK")

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))


@dataclass(frozen=True)
class Newsroom:
    """A guild in which clipdesk runs, with somebody who asks and somebody who manages it."""

    discord: LoopbackDiscord
    guild: Guild
    ada: Person
    editor: Person
    general: Channel
    bot: BotProcess
    _number = count(1)

    def channel(self) -> Channel:
        """A channel that nothing has happened in yet."""
        return self.discord.add_channel(self.guild, f"channel-{next(self._number)}")

    def asks(self, channel: Channel | None = None, question: str = QUESTION) -> Message:
        return self.ada.says(channel or self.general, f"{self.discord.bot.mention} {question}")

    def uses(self, channel: Channel | None = None, **options: object) -> Interaction:
        """A use of `/ask`."""
        asked: dict[str, object] = {"question": QUESTION} | options
        return self.ada.uses_command(channel or self.general, "ask", **asked)

    async def faults_met(self) -> None:
        """Wait until all that was ordered to go wrong has gone wrong."""
        await until(lambda: not self.discord.faults.waiting)

    async def answered(self, asked: Message | Interaction) -> Message:
        """The one answer to what was asked, which is right."""
        ledger = self.discord.ledger
        if isinstance(asked, Message):
            answer = await ledger.first(lambda entry: _reply(entry, asked), what="a reply")
            assert len(ledger.replies(asked)) == 1
        else:
            answer = await ledger.answer(asked)
        assert ANSWER in f"{answer.embeds}{answer.content}", answer
        return answer


@asynccontextmanager
async def running_bot(
    discord: LoopbackDiscord, folder: Path, *options: str, log_name: str = "bot", **settings: str
) -> AsyncIterator[BotProcess]:
    """clipdesk on a double, over what is in `folder`, until the end of the block."""
    environment = {"USER_LIMIT": "0", "CHANNEL_LIMIT": "0", "DISCORD_API": discord.api_url}
    environment |= {key.upper(): value for key, value in settings.items()}
    named = {f"CLIPDESK_{key}": value for key, value in environment.items()}
    named["DISCORD_TOKEN"] = discord.token
    log_file, database = folder / f"{log_name}.log", folder / "bot.db"
    where = options or ("--coverage", str(_coverage(folder)))
    with log_file.open("wb") as log:
        process = await create_subprocess_exec(
            *(sys.executable, "-m", "bot", *where, "--database", str(database)),
            env=os.environ | named,
            stdout=DEVNULL,
            stderr=log,
        )
    bot = BotProcess(process, log_file, database)
    try:
        yield bot
        if process.returncode is None:
            bot.stop()
            assert await bot.ended() == 0
        _check_secrets(discord, bot, named["DISCORD_TOKEN"])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def open_newsroom(folder: Path, **settings: str) -> AsyncIterator[Newsroom]:
    """A newsroom whose bot has answered once."""
    async with LoopbackDiscord(application="clipdesk") as discord:
        discord.ledger.patience_s = 60  # on a machine with much else to do
        guild = discord.add_guild("Newsroom")
        general = discord.add_channel(guild, "general")
        ada = discord.add_person("Ada", guild)
        editor = discord.add_person("Editor", guild, permissions=Permissions.MANAGE_GUILD)
        async with running_bot(discord, folder, **settings) as bot:
            room = Newsroom(discord, guild, ada, editor, general, bot)
            await discord.ledger.event("READY")
            while not (await discord.ledger.reply(room.asks())).embeds:
                pass  # until the first index is there, the bot says so
            yield room


async def until(done: Callable[[], object], within_s: float = 60.0) -> None:
    """Wait for what no entry of the ledger tells of."""
    async with asyncio.timeout(within_s):
        while not done():  # noqa: ASYNC110 - what is looked at knows nobody who waits
            await asyncio.sleep(0.05)


def _reply(entry: Entry, asked: Message) -> Message | None:
    if not isinstance(entry, MessageChange) or entry.change is not Change.POSTED:
        return None
    said = entry.message
    return said if said.reply_to and said.reply_to.id == asked.id else None


def _coverage(folder: Path) -> Path:
    coverage = folder / "coverage"
    coverage.mkdir(exist_ok=True)
    (coverage / "ferry.md").write_text(_ARTICLE, "utf-8")
    return coverage


def _check_secrets(discord: LoopbackDiscord, bot: BotProcess, token: str) -> None:
    people = [user.id for user in discord.world.users.values() if not user.bot]
    tokens = [interaction.token for interaction in discord.world.interactions.values()]
    written = bot.log
    kept = b"".join(file.read_bytes() for file in bot.database.parent.glob(f"{bot.database.name}*"))
    told = "".join(
        f"{entry.message.content}{entry.message.embeds}{entry.message.components}"
        for entry in discord.ledger.entries
        if isinstance(entry, MessageChange) and entry.message.author is discord.bot
    )
    assert not [secret for secret in (token, *tokens) if secret in told]
    for secret in (token, *tokens, CANARY):
        assert secret not in written
        assert secret.encode() not in kept
    for person in people:
        assert str(person) not in written
        for stored in (
            str(person).encode(),
            person.to_bytes(8, "big"),
            person.to_bytes(8, "little"),
        ):
            assert stored not in kept
    for never in _NEVER_LOGGED:
        assert never not in written
