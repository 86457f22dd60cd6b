"""Sends answers once, with embeds where the bot may show them and as text elsewhere."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Container
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import aiohttp
import discord
from cachetools import TTLCache

from bot import phrases
from bot.discord.api_limits import MAX_THREAD_NAME
from bot.discord.channel_modes import Mode
from bot.discord.error_codes import MISSING_PERMISSIONS, NO_HISTORY
from bot.discord.layout.fitting import fit_content
from bot.discord.layout.markdown import escape, without_mentions
from bot.discord.logs import LogOnce, error_location
from bot.discord.replies import Reply

log = logging.getLogger(__name__)

# A channel that refused an answer is tried again after this time, or once the bot's permissions
# there have changed; not at each question.
_MUTED_S = 10 * 60
_CHANNELS = 10_000
_TRIES_AFTER_S = (1.0, 3.0, 5.0, 7.0)
_TIMEOUT_S = 90.0  # for all attempts; a rate limit may take a minute of it
# discord.py itself retries after these statuses, so they are not retried here.
_RETRIED = frozenset({500, 502, 504, 524})
_RETRIED_FOR_INTERACTIONS = range(500, 600)
_MAX_SENDING = 8  # answers being sent to a channel, each of which may be refused
_SERVER_ERRORS = 500
_THREAD_NAME = MAX_THREAD_NAME - 20  # characters; Discord shows fewer than it accepts

T = TypeVar("T")


class Sender:
    """Answers messages, and remembers where that was refused."""

    def __init__(self) -> None:
        # By channel, what applied there when it refused an answer.
        self._muted: TTLCache[int, tuple[object, ...]] = TTLCache(_CHANNELS, _MUTED_S)
        self._sending: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()
        # Users who accept no direct messages.
        self._unreachable: TTLCache[int, bool] = TTLCache(_CHANNELS, _MUTED_S)
        self._once = LogOnce(log)

    def may_answer(self, message: discord.Message, mode: Mode) -> bool:
        """True if the bot may answer a message, as far as is known."""
        channel = message.channel
        if mode is Mode.PRIVATE:
            return True
        if self._is_muted(message):
            return False
        granted = _permissions(message)
        in_thread = isinstance(channel, discord.Thread)
        if granted.send_messages_in_threads if in_thread else granted.send_messages:
            return True
        self._once.warn("send", channel.id, "May not send messages in channel %d.", channel.id)
        return False

    def _is_muted(self, message: discord.Message) -> bool:
        return self._muted.get(message.channel.id) == _access(message)

    async def send(
        self,
        message: discord.Message,
        mode: Mode,
        reply: Reply,
        earlier: discord.PartialMessage | None = None,
        **options: Any,  # noqa: ANN401 - as `send` has
    ) -> discord.Message | None:
        """Answer a message, in place of an `earlier` answer; logs a failure and returns None."""

        async def show(content: str, *, embeds: list[discord.Embed]) -> discord.Message:
            if earlier:
                content = _addressed(message, content) if mode is Mode.PRIVATE else content
                return await earlier.edit(content=content, embeds=embeds, view=reply.view)
            # The nonce keeps an answer whose confirmation was lost from being posted twice.
            fields = {"embeds": embeds, "nonce": message.id, "view": reply.view}
            return await _send_by_mode(message, mode, content, **fields, **options)

        channel, asker = message.channel.id, message.author.id
        if asker in self._unreachable:
            mode = Mode.REPLY
        embeds = mode is Mode.PRIVATE or _permissions(message).embed_links
        try:
            async with self._sending.setdefault(channel, asyncio.Semaphore(_MAX_SENDING)):
                if mode is not Mode.PRIVATE and self._is_muted(message):  # by a concurrent answer
                    return None
                sent = await _show(show, reply, _RETRIED, embeds=embeds)
        except discord.Forbidden as error:
            self._muted[channel] = _access(message)
            warning = "May not answer in channel %d: %s"
            self._once.warn(error.code, channel, warning, channel, error.text)
        except discord.HTTPException as error:
            warning = "No answer could be sent in channel %d: %d, code %d"
            self._once.warn(error.code, channel, warning, channel, error.status, error.code)
        except (discord.DiscordException, aiohttp.ClientError, OSError, ValueError) as error:
            warning = "No answer could be sent in channel %d: %s"
            self._once.warn(type(error), channel, warning, channel, error_location(error))
        else:
            if mode is Mode.PRIVATE and sent.channel.id == channel:
                self._unreachable[asker] = True
            return sent
        return None


async def _send_by_mode(
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
            return await message.author.send(_addressed(message, content), **options)
    except discord.HTTPException as error:
        if error.status >= _SERVER_ERRORS:  # it may have arrived
            raise
        log.info("No %s answer in channel %d: code %d", mode.value, message.channel.id, error.code)
    if _permissions(message).read_message_history:
        # If the question has been deleted, the answer has no reference.
        reference = message.to_reference(fail_if_not_exists=False)
        try:
            return await message.channel.send(
                content, reference=reference, mention_author=False, **options
            )
        except discord.HTTPException as error:
            if error.code != NO_HISTORY:
                raise
    return await message.channel.send(_below_question(message, content), **options)


def _below_question(message: discord.Message, content: str) -> str:
    """The content of an answer that cannot refer to its question."""
    question = without_mentions(message.content)
    above = escape(phrases.asked(question)) if question else ""
    return fit_content(f"{above}\n{content}".strip())


def _addressed(message: discord.Message, content: str) -> str:
    """The content of an answer to a message in another channel."""
    return f"{phrases.in_answer_to(message.jump_url)}\n{content}".rstrip()


def _may_start_thread(message: discord.Message, me: discord.Member) -> bool:
    """True if the bot may start a thread from a message; never within a thread."""
    if not isinstance(message.channel, discord.TextChannel):
        return False
    granted = message.channel.permissions_for(me)
    return granted.create_public_threads and granted.send_messages_in_threads


def _thread_name(message: discord.Message, me: discord.Member) -> str:
    """The question without the mention, shortened."""
    text = message.clean_content.replace(f"@{me.display_name}", " ")
    return phrases.shorten(" ".join(text.split()), _THREAD_NAME) or str(phrases.THREAD_NAME)


async def edit_answer(
    interaction: discord.Interaction,
    reply: Reply,
    **options: Any,  # noqa: ANN401 - as `edit_original_response` has
) -> discord.InteractionMessage:
    """Replace an interaction's deferred message by an answer.

    Raises what `edit_original_response` does.
    """

    async def show(content: str, *, embeds: list[discord.Embed]) -> discord.InteractionMessage:
        return await interaction.edit_original_response(
            content=content, embeds=embeds, view=reply.view, **options
        )

    embeds = interaction.app_permissions.embed_links
    return await _show(show, reply, _RETRIED_FOR_INTERACTIONS, embeds=embeds)


async def _show(
    show: Callable[..., Awaitable[T]], reply: Reply, retried: Container[int], *, embeds: bool
) -> T:
    """Show a reply with its embeds if the bot may, otherwise as text."""
    if embeds or not (reply.embeds and reply.plain):
        try:
            return await _retry(lambda: show(reply.content, embeds=reply.embeds), retried)
        except discord.Forbidden as error:
            if error.code != MISSING_PERMISSIONS or not (reply.embeds and reply.plain):
                raise
    return await _retry(lambda: show(reply.plain, embeds=[]), retried)


async def _retry(call: Callable[[], Awaitable[T]], retried: Container[int]) -> T:
    """The result of `call`, repeated after network and server errors.

    Not after the statuses that discord.py has already `retried`. Raises TimeoutError.
    """
    async with asyncio.timeout(_TIMEOUT_S):
        for wait_s in _TRIES_AFTER_S:
            try:
                return await call()
            except discord.HTTPException as error:
                if error.status < _SERVER_ERRORS or error.status in retried:
                    raise
            except (aiohttp.ClientError, OSError, ValueError):  # truncated, or not JSON
                pass
            await asyncio.sleep(wait_s)
        return await call()


def _access(message: discord.Message) -> tuple[object, ...]:
    """The permissions and states that decide whether the bot may answer a message."""
    channel = message.channel
    closed = (channel.locked, channel.archived) if isinstance(channel, discord.Thread) else ()
    return (_permissions(message).value, *closed)


def _permissions(message: discord.Message) -> discord.Permissions:
    """The bot's permissions in a message's channel; all of them if they are unknown."""
    channel = message.channel
    if message.guild is None or isinstance(channel, discord.PartialMessageable):
        return discord.Permissions.all()
    try:
        return channel.permissions_for(message.guild.me)
    except (discord.ClientException, AttributeError):  # no parent of a thread; no member yet
        return discord.Permissions.all()
