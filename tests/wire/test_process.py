"""The bot process: start, errors and shutdown."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from aiohttp import web

from fakes.discord import (
    Channel,
    Close,
    Guild,
    Listener,
    LoopbackDiscord,
    Moment,
    Permissions,
    Person,
    SlowResponse,
)
from fakes.discord.protocol import Op
from wire.bot_process import running_bot
from wire.newsroom import ORIGINAL, QUESTION

pytestmark = pytest.mark.usefixtures("folder")


async def test_pending_questions_are_answered_before_shutdown(
    loopback: LoopbackDiscord, tmp_path: Path, ada: Person, general: Channel
) -> None:
    async with running_bot(loopback, tmp_path) as bot:
        await loopback.ledger.event("READY")
        await bot.wait_until_indexed()
        # What is read last is acknowledged, and not yet answered.
        loopback.faults.on("PATCH", ORIGINAL, SlowResponse(0.5), times=25)
        messages = [ada.says(general, f"{loopback.bot.mention} {QUESTION}") for _ in range(25)]
        commands = [ada.uses_command(general, "ask", question=QUESTION) for _ in range(25)]
        for command in commands:
            await loopback.ledger.callback(command)
    assert all(len(loopback.ledger.replies(message)) == 1 for message in messages)
    for command in commands:
        assert not loopback.ledger.answers(command)[-1].message.loading
    assert loopback.ledger.violations == []


async def test_the_start_waits_for_discord(
    loopback: LoopbackDiscord, tmp_path: Path, ada: Person
) -> None:
    await loopback.listeners.close(Listener.API)
    async with running_bot(loopback, tmp_path, patience="120") as bot:
        await bot.wait_for_log("Discord cannot be reached; trying again")
        await loopback.listeners.open(Listener.API)
        await loopback.ledger.event("READY")
        await loopback.ledger.reply(ada.dm(QUESTION))
    assert bot.count_log_lines("trying again") == 1


async def test_an_unreachable_discord_is_a_one_line_error(
    loopback: LoopbackDiscord, tmp_path: Path
) -> None:
    await loopback.listeners.close(*Listener)
    async with running_bot(loopback, tmp_path) as bot:
        assert await bot.exit_code() == 1
    assert bot.log.splitlines()[-1].startswith("clipdesk: Discord cannot be reached")


# What Discord refuses for good


async def test_a_wrong_token_is_a_one_line_error(loopback: LoopbackDiscord, tmp_path: Path) -> None:
    async with running_bot(loopback, tmp_path, token="wrong token") as bot:  # noqa: S106
        assert await bot.exit_code() == 2
    assert bot.log.splitlines()[-1].startswith("clipdesk: Discord rejected DISCORD_TOKEN")


@pytest.mark.long
async def test_a_revoked_token_is_a_one_line_error(
    loopback: LoopbackDiscord, tmp_path: Path
) -> None:
    async with running_bot(loopback, tmp_path) as bot:
        await loopback.ledger.event("READY")
        loopback.revoke_token()
        assert await bot.exit_code() == 2
    assert bot.log.splitlines()[-1].startswith("clipdesk: Discord rejected DISCORD_TOKEN")


@pytest.mark.long
@pytest.mark.parametrize(
    ("code", "refused"),
    [(4004, "DISCORD_TOKEN"), (4013, "the bot's intents"), (4014, "the bot's intents")],
)
async def test_a_permanent_close_code_is_a_one_line_error(
    loopback: LoopbackDiscord, tmp_path: Path, code: int, refused: str
) -> None:
    loopback.faults.at(Moment.IDENTIFY, Close(code))
    async with running_bot(loopback, tmp_path) as bot:
        assert await bot.exit_code() == 2
    assert bot.log.splitlines()[-1].startswith(f"clipdesk: Discord rejected {refused}; ")
    assert len(loopback.ledger.frames(op=Op.IDENTIFY)) == 1


# In the middle of a reindex


@asynccontextmanager
async def _slow_page() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Serve an article that is complete at first, and stalls at each later request."""
    asked_again, never = asyncio.Event(), asyncio.Event()
    times = 0

    async def serve(_: web.Request) -> web.Response:
        nonlocal times
        times += 1
        if times > 1:
            asked_again.set()
            await never.wait()
        text = "Rebuilding costs 40 million crowns, the mayor of Eldholm said on Monday. " * 5
        return web.Response(
            text=f"<article><h1>Ferry</h1><p>{text}</p></article>", content_type="text/html"
        )

    app = web.Application()
    app.router.add_get("/ferry", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [(host, port)] = runner.addresses
    try:
        yield f"http://{host}:{port}/ferry", asked_again
    finally:
        never.set()
        await runner.cleanup()


@pytest.mark.long
async def test_a_reindex_at_shutdown_is_reported_and_leaves_the_database_intact(
    loopback: LoopbackDiscord, tmp_path: Path, guild: Guild, general: Channel
) -> None:
    editor = loopback.add_person("Editor", guild, permissions=Permissions.MANAGE_GUILD)
    async with _slow_page() as (url, stalled):
        async with running_bot(loopback, tmp_path, "--coverage", url, allow_loopback="1") as bot:
            await bot.wait_for_log("1 added")
            used = editor.uses_command(general, "reindex")
            await stalled.wait()
        said = [change.message.content for change in loopback.ledger.answers(used)]
        assert said[-1].startswith("The bot is shutting down")
        assert loopback.unanswered() == []
        assert loopback.ledger.violations == []
    wal = tmp_path / "bot.db-wal"
    assert not wal.exists() or wal.stat().st_size == 0
    with closing(sqlite3.connect(bot.database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("SELECT count(*) FROM article").fetchall() == [(1,)]
