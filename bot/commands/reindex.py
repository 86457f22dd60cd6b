"""`clipdesk reindex`: all sources, read again."""

import click

from bot import phrases, records
from bot.desks import desk_of, require_articles, update
from bot.options import as_json_option, with_settings
from bot.settings import Settings


@click.command("reindex")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """Read all sources again, and index what has changed."""
    async with desk_of(settings) as desk:
        report = await update(desk, thorough=True)
    if as_json:
        click.echo(records.dumps(records.report_record(report)))
    else:
        click.echo(phrases.report(report))
    require_articles(desk)
