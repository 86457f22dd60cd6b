"""The form that asks on from an answer: its id carries that answer, and its text one question.

It is read from the interaction alone, so that one that was opened before the bot started again is
answered, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

from bot import phrases
from bot.discord.api_limits import (
    MAX_CUSTOM_ID,
    MAX_FORM_LABEL,
    MAX_FORM_TITLE,
    MAX_PLACEHOLDER,
)
from bot.discord.components.persistent_buttons import custom_id
from index import MAX_QUESTION_CHARS

_PREFIX = "ask-on:"
_FIELD = "question"


def form(message_id: int) -> discord.ui.Modal:
    """The form to ask on from the answer in that message. Needs a running event loop."""
    modal = discord.ui.Modal(
        title=phrases.shorten(str(phrases.ASK_ON), MAX_FORM_TITLE),
        custom_id=f"{_PREFIX}{message_id}"[:MAX_CUSTOM_ID],
        timeout=None,
    )
    field = discord.ui.TextInput[discord.ui.Modal](
        custom_id=_FIELD,
        placeholder=phrases.shorten(str(phrases.ASK_ON_HINT), MAX_PLACEHOLDER),
        max_length=MAX_QUESTION_CHARS,
    )
    label = phrases.shorten(str(phrases.YOUR_QUESTION), MAX_FORM_LABEL)
    modal.add_item(discord.ui.Label(text=label, component=field))
    modal.stop()  # discord.py need not wait for it
    return modal


def filled_in(interaction: discord.Interaction) -> tuple[int, str] | None:
    """The message that is asked on from, and the question; None for another interaction."""
    data: Mapping[str, Any] = interaction.data or {}
    name = custom_id(interaction)
    number = name.removeprefix(_PREFIX)
    if interaction.type is not discord.InteractionType.modal_submit or name == number:
        return None
    values = [part.get("value") for part in _parts(data) if part.get("custom_id") == _FIELD]
    if not (number.isascii() and number.isdecimal() and values and isinstance(values[0], str)):
        return None
    return int(number), values[0].strip()


def _parts(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A component with all that it holds: rows hold several, labels one."""
    yield data
    held: Sequence[Mapping[str, Any]] = data.get("components") or ()
    if isinstance(one := data.get("component"), Mapping):
        held = (*held, one)
    for part in held:
        yield from _parts(part)
