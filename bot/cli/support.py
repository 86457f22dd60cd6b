"""The desk that a command of the command line works at, and what it tells of the coverage."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import click

from bot.cli.progress import progress_bar
from bot.settings import Settings
from index import CoverageError, CoverageWarning, Engine, Report, SearchEngine, Skipped, open_engine


def engine_for(settings: Settings) -> AbstractAsyncContextManager[SearchEngine]:
    """The desk that the settings tell of, with whatever was indexed before."""
    return open_engine(
        settings.database,
        settings.sources,
        settings.tuning,
        allow_loopback=settings.allow_loopback,
    )


@asynccontextmanager
async def indexed_engine(settings: Settings) -> AsyncIterator[SearchEngine]:
    """A desk that can answer. Raises CoverageError where nothing could be indexed."""
    async with engine_for(settings) as engine:
        await update(engine, thorough=False)
        require_articles(engine)
        yield engine


async def update(engine: Engine, *, thorough: bool) -> Report:
    """Bring a desk up to date, see `SearchEngine.reindex`; show how far it is, and what was skipped."""
    with progress_bar() as progress:
        report = await engine.reindex(progress, thorough=thorough)
    warn((*report.skipped, *report.warnings))
    return report


def require_articles(engine: Engine) -> None:
    """Raises CoverageError where there is nothing that could answer."""
    if not engine.size[0]:
        raise CoverageError("No article could be indexed; see the lines above, or add coverage.")


def warn(problems: Iterable[Skipped | CoverageWarning]) -> None:
    """Tell on stderr what was not read, or not as it was meant, and why."""
    for one in problems:
        print_error(str(one))


def print_error(problem: str) -> None:
    """Tell on stderr what is wrong, in one line, whatever a file name in it holds."""
    line = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in problem)
    click.echo(line, err=True)
