"""`clipdesk`, `clipdesk run`: the bot."""

import os

import click

from bot.desks import desk_of
from bot.options import with_settings
from bot.settings import Settings

_TOKEN = "DISCORD_TOKEN"  # noqa: S105 - the name of a variable, not a token


@click.command("run")
@with_settings
async def command(settings: Settings) -> None:
    """Run the bot: on Discord where DISCORD_TOKEN is set, else as a chat in this terminal."""
    token = os.environ.get(_TOKEN, "").strip()
    async with desk_of(settings) as desk:
        if token:
            from bot.discord.client import run_client  # noqa: PLC0415 - discord.py is slow to import

            await run_client(desk, settings, token)
        else:
            from bot.chat import chat  # noqa: PLC0415 - as above, its prompt

            await chat(desk, settings)
