"""`clipdesk chat`: question after question in a terminal."""

import click

from bot.chat import chat
from bot.desks import desk_of
from bot.options import with_settings
from bot.settings import Settings


@click.command("chat")
@with_settings
async def command(settings: Settings) -> None:
    """Ask question after question in this terminal."""
    async with desk_of(settings) as desk:
        await chat(desk, settings)
