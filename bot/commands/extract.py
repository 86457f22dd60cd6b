"""`clipdesk extract`: what would be indexed of a page."""

import click

from bot import records, terminal
from bot.desks import warn
from bot.options import as_json_option, with_settings
from bot.settings import Settings, source_of
from index import CoverageError, CoverageWarning, Page, Skipped, read_source


@click.command("extract")
@click.argument("path")
@click.option("--why", is_flag=True, help="Show what is left out, too, and for which reason.")
@as_json_option
@with_settings
async def command(_settings: Settings, path: str, *, why: bool, as_json: bool) -> None:
    """Show what would be indexed of the file or folder at PATH."""
    console = terminal.make_console()
    found = False
    for file, page in read_source(source_of(path)):
        if isinstance(page, Skipped | CoverageWarning):
            warn([page])
        elif as_json:
            click.echo(records.dumps(records.page_record(page, file)))
        else:
            terminal.show_page(console, page, why=why)
        found = found or isinstance(page, Page)
    if not found:
        raise CoverageError(f"There is no article in {path}; give it a saved page.")
