"""The mode of a channel: how mentions are answered there."""

import logging
from enum import Enum
from typing import Any

import discord

from bot import phrases
from bot.discord.api_limits import MAX_THREAD_NAME
from bot.discord.error_codes import NO_HISTORY
from index import ClipdeskError, Engine

log = logging.getLogger(__name__)

_SERVER_ERRORS = 500
_THREAD_NAME = MAX_THREAD_NAME - 20  # characters; Discord shows fewer than it accepts


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


async def deliver(
    message: discord.Message,
    mode: Mode,
    content: str,
    **options: Any,  # noqa: ANN401 - as `send` has
) -> discord.Message:
    """Send an answer to a message by `mode`, or as a reply if that is refused.

    `options` are those of `send`. Raises discord.HTTPException if it cannot be sent at all.
    """
    try:
        if mode is Mode.THREAD and message.guild and _may_start_thread(message, message.guild.me):
            name = _thread_name(message, message.guild.me)
            # A thread has its message's id; on a retry it already exists.
            thread = message.guild.get_thread(message.id) or await message.create_thread(name=name)
            return await thread.send(content, **options)
        if mode is Mode.PRIVATE:
            above = phrases.in_answer_to(message.jump_url)
            return await message.author.send(f"{above}\n{content}".rstrip(), **options)
    except discord.HTTPException as error:
        if error.status >= _SERVER_ERRORS:  # it may have arrived
            raise
        log.info("No %s answer in channel %d: code %d", mode.value, message.channel.id, error.code)
    # If the question has been deleted, the answer has no reference.
    reference = message.to_reference(fail_if_not_exists=False)
    try:
        return await message.channel.send(
            content, reference=reference, mention_author=False, **options
        )
    except discord.HTTPException as error:
        if error.code != NO_HISTORY:
            raise
    return await message.channel.send(content, **options)


def _may_start_thread(message: discord.Message, me: discord.Member) -> bool:
    """Whether the bot may start a thread from a message; never within a thread."""
    if not isinstance(message.channel, discord.TextChannel):
        return False
    granted = message.channel.permissions_for(me)
    return granted.create_public_threads and granted.send_messages_in_threads


def _thread_name(message: discord.Message, me: discord.Member) -> str:
    """The question without the mention, shortened."""
    text = message.clean_content.replace(f"@{me.display_name}", " ")
    return phrases.shorten(" ".join(text.split()), _THREAD_NAME) or str(phrases.THREAD_NAME)


def _key(channel_id: int) -> str:
    return f"mentions in {channel_id}"
