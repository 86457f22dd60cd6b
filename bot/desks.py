"""The desk that a command of the command line works at, and what it tells of the coverage."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import click

from bot.progress import progress_bar
from bot.settings import Settings
from index import CoverageError, CoverageWarning, Desk, Report, Skipped, open_desk


def desk_of(settings: Settings) -> AbstractAsyncContextManager[Desk]:
    """The desk that the settings tell of, with whatever was indexed before."""
    return open_desk(
        settings.database,
        settings.sources,
        settings.tuning,
        allow_loopback=settings.allow_loopback,
    )


@asynccontextmanager
async def indexed_desk(settings: Settings) -> AsyncIterator[Desk]:
    """A desk that can answer. Raises CoverageError where nothing could be indexed."""
    async with desk_of(settings) as desk:
        await update(desk, thorough=False)
        require_articles(desk)
        yield desk


async def update(desk: Desk, *, thorough: bool) -> Report:
    """Bring a desk up to date, see `Desk.reindex`; show how far it is, and what was skipped."""
    with progress_bar() as progress:
        report = await desk.reindex(progress, thorough=thorough)
    warn((*report.skipped, *report.warnings))
    return report


def require_articles(desk: Desk) -> None:
    """Raises CoverageError where there is nothing that could answer."""
    if not desk.corpus.articles:
        raise CoverageError("No article could be indexed; see the lines above, or add coverage.")


def warn(problems: Iterable[Skipped | CoverageWarning]) -> None:
    """Tell on stderr what was not read, or not as it was meant, and why."""
    for one in problems:
        complain(str(one))


def complain(problem: str) -> None:
    """Tell on stderr what is wrong, in one line, whatever a file name in it holds."""
    line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in problem)
    click.echo(line, err=True)
