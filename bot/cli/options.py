"""The options that every command takes, and the settings that they choose."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate

import click

from bot.cli.support import print_error
from bot.settings import Settings, load_settings

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")

_OPTIONS = (
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Settings file.  [default: config.toml, where there is one]",
    ),
    click.option(
        "--coverage",
        multiple=True,
        metavar="PATH",
        help="File or folder of articles, in place of those in the settings. Repeatable.",
    ),
    click.option(
        "--database",
        metavar="FILE",
        help="Where the index is kept.  [default: in your user data folder; the sample nowhere]",
    ),
)


def with_settings(
    command: Callable[Concatenate[Settings, ...], Coroutine[Any, Any, None]],
) -> Callable[..., None]:
    """Make a coroutine function a command that takes the common options.

    It is run to its end with the settings that those options choose, and with its own options.
    """

    @wraps(command)
    def run(
        config: Path | None,
        coverage: tuple[str, ...],
        database: str | None,
        **own: object,
    ) -> None:
        gc.freeze()  # what was imported stays: it takes long to look for garbage in it
        settings = load_settings(config, coverage, database)
        for line in settings.warnings:
            print_error(f"warning: {line}")
        asyncio.run(command(settings, **own))

    for option in reversed(_OPTIONS):
        run = option(run)
    return run
