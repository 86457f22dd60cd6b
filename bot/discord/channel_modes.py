"""The mode of a channel: how mentions are answered there."""

import logging
from enum import Enum

import discord

from index import ClipdeskError, Engine

log = logging.getLogger(__name__)


class Mode(Enum):
    """Ways to answer a mention; the values are stored, and sent by the commands."""

    REPLY = "reply"
    SILENT = "silent"
    THREAD = "thread"
    PRIVATE = "private"


async def set_mode(engine: Engine, channel_id: int, mode: Mode) -> None:
    """Set the mode of a channel or thread. Raises StoreError."""
    await engine.key_values.put(_key(channel_id), mode.value.encode())


async def get_mode(engine: Engine, channel_id: int, parent_id: int | None = None) -> Mode:
    """The mode of a channel, or of a thread, which has its parent's unless it has its own.

    The default is REPLY. Raises StoreError.
    """
    for one in (channel_id, parent_id):
        if one is not None and (stored := await engine.key_values.get(_key(one))) is not None:
            try:
                return Mode(stored.decode())
            except ValueError:  # written by a newer version
                break
    return Mode.REPLY


async def mode_for(engine: Engine, message: discord.Message) -> Mode:
    """The mode to answer a message in. Never raises: a reply in the wrong mode beats none."""
    channel = message.channel
    if message.guild is None:
        return Mode.REPLY
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    try:
        return await get_mode(engine, channel.id, parent)
    except ClipdeskError as error:
        log.warning("%s", error)
        return Mode.REPLY


def _key(channel_id: int) -> str:
    return f"mentions in {channel_id}"
