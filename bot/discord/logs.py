"""The bot's log: what must never stand in it, and what is told once instead of a thousand times."""

import asyncio
import logging
import re
import time
import traceback
from collections.abc import Callable
from copy import copy
from typing import Any

import discord
from cachetools import TTLCache

_log = logging.getLogger(__name__)

_ONCE_PER_S = 60 * 60
_FAULTS = 1_000  # kept apart; the oldest are forgotten first

# A bot's token is three parts of base64; those of interactions and webhooks stand in addresses.
_SECRETS = re.compile(
    r"(?P<before>/(?:interactions|webhooks)/\d+/)[\w.-]+"
    r"|\b[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}"
    r"|(?P<name>\bBot )[\w-]+\.[\w.-]+"
)


def set_up_logging() -> None:
    """Log to stderr from INFO on, without colours; of the library only warnings.

    Its debug lines hold tokens of interactions, and what people asked. Its own formatter colours
    in containers, whatever the log goes to.
    """
    line = logging.Formatter("[{asctime}] [{levelname:<8}] {name}: {message}", style="{")
    line.default_msec_format = ""
    discord.utils.setup_logging(formatter=RedactingFormatter(line), level=logging.INFO)
    logging.getLogger("discord").setLevel(logging.WARNING)
    # Packages that are missing for voice are no news: it is not used.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


class RedactingFormatter(logging.Formatter):
    """Writes as another formatter does, but no tokens, and a message in one line."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        record = copy(record)
        record.msg, record.args = in_one_line(record.getMessage()), None
        return redact(self._inner.format(record))


def redact(text: str) -> str:
    """`text` without what has the shape of a token."""
    return _SECRETS.sub(lambda found: f"{found['before'] or found['name'] or ''}…", text)


def in_one_line(text: str) -> str:
    """`text` with all that could forge a line, or colour one, written as an escape."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def log_stray(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log in a line what went wrong in a task that nobody waits for."""
    error = context.get("exception")
    _log.error("A task failed: %s", place_of(error) if error else context["message"])


def place_of(error: BaseException) -> str:
    """What kind of error, and where in the code it came up; in one line.

    Its message is left out: it can hold what was asked.
    """
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} in {where}" if where else type(error).__name__


class LogOnce:
    """Warnings, one an hour of each fault in each place."""

    def __init__(self, log: logging.Logger, timer: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._told: TTLCache[tuple[object, int | None], bool] = TTLCache(
            _FAULTS, _ONCE_PER_S, timer
        )

    def warn(self, fault: object, place: int | None, line: str, *values: object) -> None:
        """Log `line`, unless the same `fault` was told of the same `place` within the hour."""
        if (fault, place) not in self._told:
            self._told[fault, place] = True
            self._log.warning(line, *values)
