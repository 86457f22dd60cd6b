"""`clipdesk extract`: what would be indexed of a page."""

import click

from bot import records, terminal
from bot.desks import warn
from bot.options import as_json_option, with_settings
from bot.settings import Settings, source_of
from index import (
    CoverageError,
    CoverageWarning,
    Page,
    Skipped,
    Source,
    read_fetched,
    read_source,
)
from index.coverage.addresses import shown
from index.coverage.fetched import Fetched


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
        pages = read_fetched(source, await _fetched(source, settings))
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
        found = found or isinstance(page, Page)
    if not found:
        raise CoverageError(f"There is no article in {path}; give it a saved page.")


async def _fetched(source: Source, settings: Settings) -> Fetched:
    from index.coverage.web import fetch  # noqa: PLC0415 - slow to import, and not for files

    try:
        fetched = await fetch(source.location, allow_loopback=settings.allow_loopback)
    except CoverageError as error:
        address, problem = shown(source.location), str(error)
        named = problem.startswith(address)
        raise CoverageError(problem if named else f"{address}: {problem}") from error
    assert fetched is not None  # noqa: S101 - for the types: it was asked without validators
    return fetched
