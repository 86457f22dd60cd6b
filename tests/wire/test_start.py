"""What the bot prints when it starts and stops: lines of its own, and nothing else."""

import re
import signal
from pathlib import Path

from loopback import LoopbackDiscord
from wire.newsroom import process

_LINE = re.compile(r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] \[(\w+) *\] bot[.\w]*: \S.*")


async def test_the_start_prints_only_what_the_bot_has_to_say(
    loopback: LoopbackDiscord, folder: Path
) -> None:
    async with process(loopback.api_url, loopback.token, folder) as bot:
        await loopback.ledger.event("READY")
        bot.send_signal(signal.SIGTERM)
        out, log = await bot.communicate()
    assert out == b""
    lines = log.decode().splitlines()
    assert lines
    told = [_LINE.fullmatch(line) for line in lines]
    assert [line and line[1] for line in told] == ["INFO"] * len(lines), lines
