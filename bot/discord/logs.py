"""Sets up the bot's log without secrets or users' words, and limits repeated warnings."""

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

from bot.discord.connection.discordpy_internals import disable_voice_warnings
from bot.printing import in_one_line

_log = logging.getLogger(__name__)

_REPEAT_S = 60 * 60
_MAX_FAULTS = 1_000  # distinguished; the oldest are evicted first

# A bot's token is three parts of base64; tokens of interactions and webhooks are parts of URLs.
_SECRETS = re.compile(
    r"(?P<before>/(?:interactions|webhooks)/\d+/)[\w.-]+"
    r"|\b[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}"
    r"|(?P<name>\bBot )[\w-]+\.[\w.-]+"
)


def set_up_logging() -> None:
    """Log to stderr from level INFO, without colours; from discord.py only warnings.

    discord.py's debug messages contain interaction tokens and users' questions, and its own
    formatter emits colours in containers wherever the log goes.
    """
    formatter = logging.Formatter("[{asctime}] [{levelname:<8}] {name}: {message}", style="{")
    formatter.default_msec_format = ""
    discord.utils.setup_logging(formatter=RedactingFormatter(formatter), level=logging.INFO)
    logging.getLogger("discord").setLevel(logging.WARNING)
    disable_voice_warnings()


class RedactingFormatter(logging.Formatter):
    """Wraps a formatter: removes tokens, and writes each message on one line."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        record = copy(record)
        record.msg, record.args = in_one_line(record.getMessage()), None
        return redact(self._inner.format(record))


def redact(text: str) -> str:
    """`text` with an ellipsis for each token."""
    return _SECRETS.sub(lambda found: f"{found['before'] or found['name'] or ''}…", text)


def log_task_failure(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an exception of a task that nothing awaits, on one line."""
    error = context.get("exception")
    _log.error("A task failed: %s", error_location(error) if error else context["message"])


def error_location(error: BaseException) -> str:
    """The type of an error and where it was raised, on one line.

    Omits the message, which can contain a user's question.
    """
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} in {where}" if where else type(error).__name__


class LogOnce:
    """Logs a warning once an hour for each fault and channel."""

    def __init__(self, log: logging.Logger, timer: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._logged: TTLCache[tuple[object, int | None], bool] = TTLCache(
            _MAX_FAULTS, _REPEAT_S, timer
        )

    def warn(self, fault: object, channel_id: int | None, message: str, *values: object) -> None:
        """Log `message` unless `fault` was logged for this channel within the hour."""
        if (fault, channel_id) not in self._logged:
            self._logged[fault, channel_id] = True
            self._log.warning(message, *values)
