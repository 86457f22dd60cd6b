"""Sending an answer, with as much as the bot may show in that place, and never twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Container
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import aiohttp
import discord
from cachetools import TTLCache

from bot.discord.channel_modes import Mode, deliver
from bot.discord.error_codes import MISSING_PERMISSIONS
from bot.discord.logs import LogOnce, place_of
from bot.discord.replies import Reply

log = logging.getLogger(__name__)

# Where the bot may not write, it looks again after so long, and not at each question.
_MUTED_S = 10 * 60
_CHANNELS = 10_000
_TRIES_AFTER_S = (1.0, 3.0, 5.0, 7.0)
_LONGEST_S = 90.0  # for all tries: Discord may make wait for a minute of it
# discord.py tries again by itself after these, and what it gave up is not to be begun anew.
_TRIED_AGAIN = frozenset({500, 502, 504, 524})
_TRIED_AGAIN_BY_INTERACTIONS = range(500, 600)
_AT_ONCE = 8  # answers on their way to a channel, which may refuse each
_SERVER_ERRORS = 500

T = TypeVar("T")


class Sender:
    """Answers messages; knows where it has been refused to."""

    def __init__(self) -> None:
        self._muted: TTLCache[int, bool] = TTLCache(_CHANNELS, _MUTED_S)
        self._sending: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()
        self._shut: TTLCache[int, bool] = TTLCache(_CHANNELS, _MUTED_S)  # to direct messages
        self._once = LogOnce(log)

    def may_answer(self, message: discord.Message, mode: Mode) -> bool:
        """Whether an answer to a message can be sent at all, as far as is known."""
        channel = message.channel
        if mode is Mode.PRIVATE:
            return True
        if channel.id in self._muted:
            return False
        granted = _granted(message)
        in_thread = isinstance(channel, discord.Thread)
        if granted.send_messages_in_threads if in_thread else granted.send_messages:
            return True
        self._once.warn("send", channel.id, "May not send messages in channel %d.", channel.id)
        return False

    async def send(
        self,
        message: discord.Message,
        mode: Mode,
        reply: Reply,
        **rest: Any,  # noqa: ANN401 - as `send` has
    ) -> discord.Message | None:
        """Answer a message; None where that cannot be done, which is logged then."""

        async def show(content: str, *, embeds: list[discord.Embed]) -> discord.Message:
            # The same nonce each time: what arrived although it seemed lost is not posted again.
            made = {"embeds": embeds, "nonce": message.id, "view": reply.view}
            return await deliver(message, mode, content, **made, **rest)

        place, asker = message.channel.id, message.author.id
        if asker in self._shut:
            mode = Mode.REPLY
        embeds = mode is Mode.PRIVATE or _granted(message).embed_links
        try:
            async with self._sending.setdefault(place, asyncio.Semaphore(_AT_ONCE)):
                if mode is not Mode.PRIVATE and place in self._muted:  # since it was let in
                    return None
                sent = await _as_allowed(show, reply, _TRIED_AGAIN, embeds=embeds)
        except discord.Forbidden as error:
            self._muted[place] = True
            self._once.warn(
                error.code, place, "May not answer in channel %d: %s", place, error.text
            )
        except discord.HTTPException as error:
            line = "No answer could be sent in channel %d: %d, code %d"
            self._once.warn(error.code, place, line, place, error.status, error.code)
        except (discord.DiscordException, aiohttp.ClientError, OSError, ValueError) as error:
            line = "No answer could be sent in channel %d: %s"
            self._once.warn(type(error), place, line, place, place_of(error))
        else:
            if mode is Mode.PRIVATE and sent.channel.id == place:
                self._shut[asker] = True
            return sent
        return None


async def edit_answer(
    interaction: discord.Interaction,
    reply: Reply,
    **rest: Any,  # noqa: ANN401 - as `edit_original_response` has
) -> discord.InteractionMessage:
    """Answer in the place of an interaction's deferred message.

    Raises what `edit_original_response` does.
    """

    async def show(content: str, *, embeds: list[discord.Embed]) -> discord.InteractionMessage:
        return await interaction.edit_original_response(
            content=content, embeds=embeds, view=reply.view, **rest
        )

    embeds = interaction.app_permissions.embed_links
    return await _as_allowed(show, reply, _TRIED_AGAIN_BY_INTERACTIONS, embeds=embeds)


async def _as_allowed(
    show: Callable[..., Awaitable[T]], reply: Reply, tried: Container[int], *, embeds: bool
) -> T:
    """Show a reply with its embeds where it may have some, else as text."""
    if reply.embeds and not embeds and reply.plain:
        return await _patiently(lambda: show(reply.plain, embeds=[]), tried)
    try:
        return await _patiently(lambda: show(reply.content, embeds=reply.embeds), tried)
    except discord.Forbidden as error:
        if error.code != MISSING_PERMISSIONS or not (reply.embeds and reply.plain):
            raise
    return await _patiently(lambda: show(reply.plain, embeds=[]), tried)


async def _patiently(call: Callable[[], Awaitable[T]], tried: Container[int]) -> T:
    """What `call` returns, tried again after what may pass by itself.

    Not after an error of the server's that it has `tried` again after. Raises TimeoutError.
    """
    async with asyncio.timeout(_LONGEST_S):
        for wait_s in _TRIES_AFTER_S:
            try:
                return await call()
            except discord.HTTPException as error:
                if error.status < _SERVER_ERRORS or error.status in tried:
                    raise
            except (aiohttp.ClientError, OSError, ValueError):  # broken off, or not JSON
                pass
            await asyncio.sleep(wait_s)
        return await call()


def _granted(message: discord.Message) -> discord.Permissions:
    """What the bot may do where a message stands; all of it, where that is not known."""
    channel = message.channel
    if message.guild is None or isinstance(channel, discord.PartialMessageable):
        return discord.Permissions.all()
    try:
        return channel.permissions_for(message.guild.me)
    except (discord.ClientException, AttributeError):  # a thread without parent; not yet a member
        return discord.Permissions.all()
