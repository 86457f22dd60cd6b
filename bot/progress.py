"""A progress bar, where a person watches."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.terminal import make_console
from index import Progress as ProgressCallback

_PATIENCE_S = 0.4  # what is done sooner needs no bar


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """A bar on stderr for as long as the context lasts; silent where nobody watches."""
    started = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with_bar = Progress(*columns, console=make_console(stderr=True), transient=True)
    task = with_bar.add_task("")

    def show(what: str, done: int, total: int) -> None:
        if with_bar.tasks[0].description != what:
            with_bar.reset(task)  # each thing is counted in a unit, and has a pace, of its own
        with_bar.update(task, description=what, completed=done, total=total)
        if with_bar.console.is_terminal and time.monotonic() - started > _PATIENCE_S:
            with_bar.start()

    try:
        yield show
    finally:
        if with_bar.live.is_started:
            with_bar.stop()
