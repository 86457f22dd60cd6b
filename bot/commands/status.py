"""`clipdesk status`: what is indexed."""

import click

from bot import phrases, records, terminal, votes
from bot.desks import desk_of, update
from bot.options import as_json_option, with_settings
from bot.settings import Settings


@click.command("status")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """Tell what is indexed, since when, and where it is kept."""
    async with desk_of(settings) as desk:
        await update(desk, thorough=False)
        facts, tally = await desk.status(), await votes.tally(desk.store)
    if as_json:
        click.echo(records.dumps(records.status_record(facts, tally)))
    else:
        terminal.show_facts(terminal.make_console(), phrases.facts(facts, tally))
