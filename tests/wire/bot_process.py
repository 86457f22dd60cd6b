"""Runs clipdesk as a process, and checks at its end what must hold whatever the test breaks.

The bot exits with 0. Neither its log nor its database contains a secret, a word of a question or
the id of a person, and no message contains a secret.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.discord import LoopbackDiscord, MessageChange
from waiting import PATIENCE_S, until

CANARY = "zanzibar"
_NEVER_LOGGED = ("Traceback", "heartbeat blocked", CANARY)
# Tests ask faster than people do, and wait less for an unreachable Discord.
_SETTINGS = {"user_limit": "0", "channel_limit": "0", "patience": "1", "reader": "off"}


@dataclass(frozen=True)
class BotProcess:
    """A bot process, with its log and its database."""

    process: Process
    log_file: Path
    database: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    def count_log_lines(self, text: str) -> int:
        """The number of lines of the log that contain a text."""
        return sum(text in line for line in self.log.splitlines())

    async def wait_for_log(self, text: str) -> None:
        """Wait until a line of the log contains a text."""
        await until(lambda: self.count_log_lines(text))

    async def wait_until_indexed(self) -> None:
        """Wait until all of the coverage is indexed."""
        await self.wait_for_log("; now ")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def exit_code(self) -> int:
        """Wait for the process to end, and return its exit code."""
        return await asyncio.wait_for(self.process.wait(), PATIENCE_S)

    def open_files(self) -> list[Path]:
        return [file.resolve() for file in Path(f"/proc/{self.process.pid}/fd").iterdir()]

    def has_mapped(self, library: str) -> bool:
        """True if the process has loaded a shared library of that name."""
        return library in Path(f"/proc/{self.process.pid}/maps").read_text("utf-8")

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))


@asynccontextmanager
async def running_bot(
    discord: LoopbackDiscord,
    folder: Path,
    *options: str,
    log_name: str = "bot",
    token: str | None = None,
    **settings: str,
) -> AsyncIterator[BotProcess]:
    """Run clipdesk on the loopback Discord, over the coverage in `folder`, within the block."""
    token = discord.token if token is None else token
    settings = _SETTINGS | {"discord_api": discord.api_url} | settings
    environment = {f"CLIPDESK_{key.upper()}": value for key, value in settings.items()}
    log_file, database = folder / f"{log_name}.log", folder / "bot.db"
    where = options or ("--coverage", str(folder / "coverage"))
    with log_file.open("wb") as log:
        process = await create_subprocess_exec(
            *(sys.executable, "-m", "bot", *where, "--database", str(database)),
            env=_environment() | environment | {"DISCORD_TOKEN": token},
            stdout=log,
            stderr=log,
        )
    bot = BotProcess(process, log_file, database)
    try:
        yield bot
        if process.returncode is None:
            bot.stop()
            assert await bot.exit_code() == 0
        _check_secrets(discord, bot, token)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _environment() -> dict[str, str]:
    """The environment of this process, without settings of clipdesk."""
    own = ("CLIPDESK_", "DISCORD_")
    return {key: value for key, value in os.environ.items() if not key.startswith(own)}


def _check_secrets(discord: LoopbackDiscord, bot: BotProcess, token: str) -> None:
    people = [user.id for user in discord.world.users.values() if not user.bot]
    tokens = [interaction.token for interaction in discord.world.interactions.values()]
    log = bot.log
    stored = b"".join(
        file.read_bytes() for file in bot.database.parent.glob(f"{bot.database.name}*")
    )
    posted = "".join(
        f"{entry.message.content}{entry.message.embeds}{entry.message.components}"
        for entry in discord.ledger.entries
        if isinstance(entry, MessageChange) and entry.message.author is discord.bot
    )
    assert not [secret for secret in (token, *tokens) if secret in posted]
    for secret in (token, *tokens, CANARY):
        assert secret not in log
        assert secret.encode() not in stored
    for person in people:
        assert str(person) not in log
        for form in (
            str(person).encode(),
            person.to_bytes(8, "big"),
            person.to_bytes(8, "little"),
        ):
            assert form not in stored
    for never in _NEVER_LOGGED:
        assert never not in log
