"""`clipdesk reindex`: reads all sources again."""

import click

from bot import phrases
from bot.cli import records
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import engine_for, require_articles, update
from bot.printing import echo
from bot.settings import Settings


@click.command("reindex")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """Read all sources again and index what has changed."""
    async with engine_for(settings) as engine:
        report = await update(engine, thorough=True)
    if as_json:
        echo(records.dumps(records.report_record(report)))
    else:
        echo(phrases.report(report))
    require_articles(engine)
