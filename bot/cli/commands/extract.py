"""`clipdesk extract`: what would be indexed of a page."""

import click

from bot.cli import records
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import warn
from bot.settings import Settings, source_of
from bot.terminal import rendering as terminal
from index import (
    CoverageError,
    CoverageWarning,
    ExtractedArticle,
    Skipped,
    read_source,
    read_web_source,
)


@click.command("extract")
@click.argument("path", metavar="PATH_OR_ADDRESS")
@click.option("--why", is_flag=True, help="Show what is left out, too, and for which reason.")
@as_json_option
@with_settings
async def command(settings: Settings, path: str, *, why: bool, as_json: bool) -> None:
    """Show what would be indexed of a file, a folder or a page on the web.

    A page is fetched as one of the coverage would be; nothing is kept of it.
    """
    source = source_of(path)
    if source.is_web:
        pages = await read_web_source(source, allow_loopback=settings.allow_loopback)
    else:
        pages = read_source(source)
    console = terminal.make_console()
    found = False
    for file, page in pages:
        if isinstance(page, Skipped | CoverageWarning):
            warn([page])
        elif as_json:
            click.echo(records.dumps(records.page_record(page, file)))
        else:
            terminal.show_page(console, page, why=why)
        found = found or isinstance(page, ExtractedArticle)
    if not found:
        raise CoverageError(f"There is no article in {path}; give it a saved page.")
