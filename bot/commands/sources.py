"""`clipdesk sources`: what answers come from."""

import click

from bot import records, terminal
from bot.desks import indexed_desk
from bot.options import as_json_option, with_settings
from bot.settings import Settings


@click.command("sources")
@as_json_option
@with_settings
async def command(settings: Settings, *, as_json: bool) -> None:
    """List the articles that answers come from."""
    async with indexed_desk(settings) as desk:
        articles = await desk.read(lambda corpus: [*corpus.articles])
    if as_json:
        for article in articles:
            click.echo(records.dumps(records.article_record(article)))
    else:
        terminal.show_articles(terminal.make_console(), articles)
