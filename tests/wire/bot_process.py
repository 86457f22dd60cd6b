"""clipdesk as a process of its own, and what must hold of it whatever breaks.

At the end of each run it stops well. Neither its log nor its database holds a secret, a word of
what was asked, or the id of a person, and no message holds a secret.
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
# Tests ask faster than people do, and wait less for a Discord that is not there.
_SETTINGS = {"user_limit": "0", "channel_limit": "0", "patience": "1", "reader": "off"}


@dataclass(frozen=True)
class BotProcess:
    """A process, what it prints, and where it keeps its database."""

    process: Process
    log_file: Path
    database: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    def lines(self, said: str) -> int:
        """Count the lines of the log that say that."""
        return sum(said in line for line in self.log.splitlines())

    async def says(self, said: str) -> None:
        """Wait until a line of the log says that."""
        await until(lambda: self.lines(said))

    async def indexed(self) -> None:
        """Wait until it answers from all of its coverage."""
        await self.says("; now ")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        """The exit code, once there is one."""
        return await asyncio.wait_for(self.process.wait(), PATIENCE_S)

    def open_files(self) -> list[Path]:
        return [file.resolve() for file in Path(f"/proc/{self.process.pid}/fd").iterdir()]

    def has_mapped(self, library: str) -> bool:
        """Whether it has loaded a shared library of that name."""
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
    """clipdesk on a double, over the coverage in `folder`, until the end of the block."""
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
            assert await bot.ended() == 0
        _check_secrets(discord, bot, token)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _environment() -> dict[str, str]:
    """This process's, without settings of clipdesk that somebody may have made."""
    own = ("CLIPDESK_", "DISCORD_")
    return {key: value for key, value in os.environ.items() if not key.startswith(own)}


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
