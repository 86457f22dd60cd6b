"""`clipdesk sources`: lists the indexed articles."""

import click

from bot.cli import records
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import indexed_engine
from bot.printing import echo
from bot.settings import Settings
from bot.terminal import rendering as terminal


@click.command("sources")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """List the articles that answers come from."""
    async with indexed_engine(settings) as engine:
        articles = await engine.articles()
    if as_json:
        for article in articles:
            echo(records.dumps(records.article_record(article)))
    else:
        terminal.show_articles(terminal.make_console(), articles)
