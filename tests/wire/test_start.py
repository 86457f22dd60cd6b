"""The bot's start and stop log only lines of its own."""

import re
from pathlib import Path

from fakes.discord import LoopbackDiscord
from wire.bot_process import running_bot

_LINE = re.compile(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[(\w+) *\] bot[.\w]*: \S.*")


async def test_the_start_logs_no_library_warnings(loopback: LoopbackDiscord, folder: Path) -> None:
    async with running_bot(loopback, folder.parent) as bot:
        await loopback.ledger.event("READY")
    lines = bot.log.splitlines()
    assert lines
    printed = [_LINE.fullmatch(line) for line in lines]
    assert [line and line[1] for line in printed] == ["INFO"] * len(lines), lines
