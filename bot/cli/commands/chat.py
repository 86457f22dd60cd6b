"""`clipdesk chat`: the interactive chat in a terminal."""

import click

from bot.cli.options import with_settings
from bot.cli.support import engine_for
from bot.settings import Settings
from bot.terminal.chat import chat


@click.command("chat")
@with_settings
async def command(settings: Settings) -> None:
    """Ask questions interactively in this terminal."""
    async with engine_for(settings) as engine:
        await chat(engine, settings)
