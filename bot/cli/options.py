"""Options shared by all commands, and the settings they select."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate

import click

from bot.cli.support import print_error
from bot.settings import Settings, load_settings

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

_OPTIONS = (
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Settings file.  [default: config.toml, if it exists]",
    ),
    click.option(
        "--coverage",
        multiple=True,
        metavar="PATH",
        help="File, folder or address to use instead of the configured coverage. Repeatable.",
    ),
    click.option(
        "--database",
        metavar="FILE",
        help="Where to store the index.  [default: user data folder; the sample is not stored]",
    ),
)


class _UnawaitedThreads(ThreadPoolExecutor):
    """Threads that the end of a command does not wait for: nobody needs what they compute."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002 - its signature
        super().shutdown(wait=False, cancel_futures=cancel_futures)


def with_settings(
    command: Callable[Concatenate[Settings, ...], Coroutine[Any, Any, None]],
) -> Callable[..., None]:
    """Wrap a coroutine function as a command that takes the shared options.

    The wrapper loads the settings, prints their warnings, and runs the coroutine to completion.
    """

    @wraps(command)
    def run(
        config: Path | None,
        coverage: tuple[str, ...],
        database: str | None,
        **own: object,
    ) -> None:
        gc.freeze()  # imported modules are never garbage, and scanning them is slow
        settings = load_settings(config, coverage, database)
        for line in settings.warnings:
            print_error(f"warning: {line}")
        with asyncio.Runner() as runner:
            runner.get_loop().set_default_executor(_UnawaitedThreads())
            runner.run(command(settings, **own))

    for option in reversed(_OPTIONS):
        run = option(run)
    return run
