"""Shows a progress bar if stderr is a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from index import Progress as ProgressCallback

_SHOW_AFTER_S = 0.4  # shorter tasks need no bar


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """Yield a callback that draws a bar on stderr until the context ends; a no-op if not a TTY."""
    started = time.monotonic()
    bar: ProgressCallback | None = None

    def show(what: str, done: int, total: int) -> None:
        nonlocal bar
        if bar is None and sys.stderr.isatty() and time.monotonic() - started > _SHOW_AFTER_S:
            bar = shown.enter_context(_bar())
        if bar:
            bar(what, done, total)

    with ExitStack() as shown:
        yield show


@contextmanager
def _bar() -> Iterator[ProgressCallback]:
    # Slow to import, and not needed for short tasks.
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    from bot.terminal.rendering import make_console  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=make_console(stderr=True), transient=True) as shown:
        task = shown.add_task("")

        def show(what: str, done: int, total: int) -> None:
            if shown.tasks[0].description != what:
                shown.reset(task)  # each task has its own unit and speed
            shown.update(task, description=what, completed=done, total=total)

        yield show
