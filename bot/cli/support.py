"""Opens the engine for a command, and prints problems with the coverage."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.cli.progress import progress_bar
from bot.printing import echo, in_one_line
from bot.settings import Settings
from index import (
    CoverageError,
    CoverageWarning,
    Engine,
    Report,
    SearchEngine,
    Skipped,
    StoreError,
    open_engine,
)


def engine_for(settings: Settings) -> AbstractAsyncContextManager[SearchEngine]:
    """Open the engine that the settings describe, with everything indexed so far."""
    return open_engine(
        settings.database,
        settings.sources,
        settings.answer_config,
        allow_loopback=settings.allow_loopback,
    )


@asynccontextmanager
async def indexed_engine(settings: Settings) -> AsyncIterator[SearchEngine]:
    """Open an engine that is up to date. Raises CoverageError if nothing could be indexed.

    Where the disk is full or cannot be written, it answers from what is indexed already.
    """
    async with engine_for(settings) as engine:
        try:
            await update(engine, thorough=False)
        except StoreError as error:
            if not engine.size[0]:
                await engine.load()
            if not engine.size[0]:
                raise
            print_error(f"warning: the index may be out of date: {error}")
        require_articles(engine)
        yield engine


async def update(engine: Engine, *, thorough: bool) -> Report:
    """Reindex, see `SearchEngine.reindex`; show progress, and print skipped items and warnings."""
    with progress_bar() as progress:
        report = await engine.reindex(progress, thorough=thorough)
    warn((*report.skipped, *report.warnings))
    return report


def require_articles(engine: Engine) -> None:
    """Raise CoverageError if the index has no articles."""
    if not engine.size[0]:
        raise CoverageError("No article could be indexed; see the messages above, or add coverage.")


def warn(problems: Iterable[Skipped | CoverageWarning]) -> None:
    """Print skipped items and warnings to stderr, one per line."""
    for one in problems:
        print_error(str(one))


def print_error(problem: str) -> None:
    """Print a problem to stderr as one line."""
    echo(in_one_line(problem), err=True)
