"""How a mention is answered in a channel: there, not at all, in a thread, or in private."""

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
_THREAD_NAME = MAX_THREAD_NAME - 20  # characters; Discord shows fewer than it takes


class Mode(Enum):
    """What to do with a mention; the values are what is stored, and what the commands send."""

    REPLY = "reply"
    SILENT = "silent"
    THREAD = "thread"
    PRIVATE = "private"


async def choose(engine: Engine, channel_id: int, mode: Mode) -> None:
    """Answer mentions in a channel, or a thread, in that way from now on. Raises StoreError."""
    await engine.key_values.put(_key(channel_id), mode.value.encode())


async def chosen(engine: Engine, channel_id: int, parent_id: int | None = None) -> Mode:
    """How mentions are answered in a channel: as in its parent where nothing is set for a thread.

    By replying where nothing is set at all. Raises StoreError.
    """
    for place in (channel_id, parent_id):
        if place is not None and (kept := await engine.key_values.get(_key(place))) is not None:
            try:
                return Mode(kept.decode())
            except ValueError:  # of a newer version
                break
    return Mode.REPLY


async def mode_for(engine: Engine, message: discord.Message) -> Mode:
    """How to answer a message. Never raises: an answer in the wrong place is better than none."""
    channel = message.channel
    if message.guild is None:
        return Mode.REPLY
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    try:
        return await chosen(engine, channel.id, parent)
    except ClipdeskError as error:
        log.warning("%s", error)
        return Mode.REPLY


async def deliver(
    message: discord.Message,
    mode: Mode,
    content: str,
    **rest: Any,  # noqa: ANN401 - as `send` has
) -> discord.Message:
    """Send an answer to a message where `mode` wants it, or as a reply where that cannot be.

    `rest` is what `send` takes. Raises discord.HTTPException where it cannot be sent at all.
    """
    try:
        if mode is Mode.THREAD and message.guild and _may_start_thread(message, message.guild.me):
            name = _thread_name(message, message.guild.me)
            # It has the message's id, and is there already where the answer is sent again.
            thread = message.guild.get_thread(message.id) or await message.create_thread(name=name)
            return await thread.send(content, **rest)
        if mode is Mode.PRIVATE:
            above = phrases.asked_at(message.jump_url)
            return await message.author.send(f"{above}\n{content}".rstrip(), **rest)
    except discord.HTTPException as error:
        if error.status >= _SERVER_ERRORS:  # it may have arrived all the same
            raise
        log.info("No %s answer in channel %d: code %d", mode.value, message.channel.id, error.code)
    # A question that was deleted meanwhile is answered without a reference.
    asked = message.to_reference(fail_if_not_exists=False)
    try:
        return await message.channel.send(content, reference=asked, mention_author=False, **rest)
    except discord.HTTPException as error:
        if error.code != NO_HISTORY:
            raise
    return await message.channel.send(content, **rest)


def _may_start_thread(message: discord.Message, me: discord.Member) -> bool:
    """Whether an answer can stand in a thread of its own; within a thread, there can be none."""
    if not isinstance(message.channel, discord.TextChannel):
        return False
    granted = message.channel.permissions_for(me)
    return granted.create_public_threads and granted.send_messages_in_threads


def _thread_name(message: discord.Message, me: discord.Member) -> str:
    """The question, as it stands in the message."""
    said = message.clean_content.replace(f"@{me.display_name}", " ")
    return phrases.shorten(" ".join(said.split()), _THREAD_NAME) or str(phrases.THREAD_NAME)


def _key(channel_id: int) -> str:
    return f"mentions in {channel_id}"
