"""`clipdesk run`, also without `run`: starts the bot."""

import os

import click

from bot.cli.options import with_settings
from bot.cli.support import engine_for
from bot.settings import Settings

_TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the name of a variable, not a token


@click.command("run")
@with_settings
async def command(settings: Settings) -> None:
    """Run the bot on Discord, or as a chat without DISCORD_TOKEN."""
    token = os.environ.get(_TOKEN, "").strip()
    async with engine_for(settings) as engine:
        if token:
            from bot.discord.client import run_client  # noqa: PLC0415 - discord.py is slow to import

            await run_client(engine, settings, token)
        else:
            from bot.terminal.chat import chat  # noqa: PLC0415 - prompt_toolkit, too

            await chat(engine, settings)
