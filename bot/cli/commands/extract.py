"""`clipdesk extract`: shows what would be indexed."""

from contextlib import aclosing

import click

from bot.cli import records
from bot.cli.options import as_json_option, with_settings
from bot.cli.support import warn
from bot.printing import echo
from bot.settings import Settings, source_of
from bot.terminal import rendering as terminal
from index import CoverageError, CoverageWarning, ExtractedArticle, Skipped, read_source


@click.command("extract")
@click.argument("path", metavar="PATH_OR_ADDRESS")
@click.option("--why", is_flag=True, help="Also show what is left out, and why.")
@as_json_option
@with_settings
async def command(settings: Settings, path: str, *, why: bool, as_json: bool) -> None:
    """Show what would be indexed from a file, a folder or a web page.

    A web page is fetched in the same way as coverage; nothing is stored.
    """
    source = source_of(path)
    console = terminal.make_console()
    found = False
    pages = read_source(source, allow_loopback=settings.allow_loopback)
    async with aclosing(pages):
        async for file, page in pages:
            if isinstance(page, Skipped | CoverageWarning):
                warn([page])
            elif as_json:
                echo(records.dumps(records.page_record(page, file)))
            else:
                terminal.show_page(console, page, why=why)
            found = found or isinstance(page, ExtractedArticle)
    if not found:
        raise CoverageError(f"No article was found in {path}; give a saved page.")
