"""`clipdesk status`: shows the state of the index."""

import click

from bot import phrases, votes
from bot.cli import records
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import engine_for, update
from bot.printing import echo
from bot.settings import Settings
from bot.terminal import rendering as terminal
from index import ClipdeskError


@click.command("status")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """Show what is indexed, since when, and where it is stored."""
    failure: ClipdeskError | None = None
    async with engine_for(settings) as engine:
        try:
            await update(engine, thorough=False)
        except ClipdeskError as error:
            failure = error
            await engine.load()
        facts, tally = await engine.status(), await votes.tally(engine.key_values)
    if as_json:
        echo(records.dumps(records.status_record(facts, tally)))
    else:
        terminal.show_facts(terminal.make_console(), phrases.facts(facts, tally))
    if failure:
        raise failure
