"""Remembers the answers to messages, so that an edited question is answered again in place.

A deleted one takes its answer along. Kept for `KEPT_DAYS`, across restarts; the question's message
is a keyed hash, so that the database does not tell who asked.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from weakref import WeakValueDictionary

import discord

from bot.discord.components.answer_state import KEPT_DAYS
from bot.pseudonyms import pseudonym
from index import KeyValues


class SentAnswers:
    """The answers to messages. `write_soon` is called after each change."""

    def __init__(self, key_values: KeyValues, write_soon: Callable[[], None]) -> None:
        self._key_values = key_values
        self._write_soon = write_soon
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def in_turn(self, question_id: int) -> AbstractAsyncContextManager[None]:
        """Wait until the events so far of a message are handled: it may be edited at once."""
        return self._locks.setdefault(question_id, asyncio.Lock())

    async def note(self, question_id: int, answer: discord.Message) -> None:
        """Remember the answer to a message. Raises StoreError."""
        value = f"{answer.channel.id} {answer.id}".encode()
        self._key_values.put_later(await self._key(question_id), value, KEPT_DAYS)
        self._write_soon()

    async def of(self, question_id: int, client: discord.Client) -> discord.PartialMessage | None:
        """The answer to a message; None if there is none. Raises StoreError."""
        stored = await self._key_values.get(await self._key(question_id))
        if stored is None:
            return None
        channel, answer = map(int, stored.split())
        return client.get_partial_messageable(channel).get_partial_message(answer)

    async def _key(self, question_id: int) -> str:
        return f"reply {await pseudonym(self._key_values, f'reply to {question_id}')}"
