"""The follow-up form: its id contains the answer's message, its one field the question.

Submissions are read from the interaction alone, so that a form opened before a restart works.
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
    """The form for a follow-up to the answer in that message. Needs a running event loop."""
    modal = discord.ui.Modal(
        title=phrases.shorten(str(phrases.ASK_FOLLOW_UP), MAX_FORM_TITLE),
        custom_id=f"{_PREFIX}{message_id}"[:MAX_CUSTOM_ID],
        timeout=None,
    )
    field = discord.ui.TextInput[discord.ui.Modal](
        custom_id=_FIELD,
        placeholder=phrases.shorten(str(phrases.FOLLOW_UP_HINT), MAX_PLACEHOLDER),
        max_length=MAX_QUESTION_CHARS,
    )
    label = phrases.shorten(str(phrases.YOUR_QUESTION), MAX_FORM_LABEL)
    modal.add_item(discord.ui.Label(text=label, component=field))
    modal.stop()  # keeps discord.py from waiting for its submission
    return modal


def submitted(interaction: discord.Interaction) -> tuple[int, str] | None:
    """The answer's message and the question of a submitted form; None for other interactions."""
    data: Mapping[str, Any] = interaction.data or {}
    form_id = custom_id(interaction)
    message_id = form_id.removeprefix(_PREFIX)
    if interaction.type is not discord.InteractionType.modal_submit or form_id == message_id:
        return None
    values = [one.get("value") for one in _components(data) if one.get("custom_id") == _FIELD]
    valid = message_id.isascii() and message_id.isdecimal()
    if not (valid and values and isinstance(values[0], str)):
        return None
    return int(message_id), values[0].strip()


def _components(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A component and all nested ones: rows contain several, labels one."""
    yield data
    children: Sequence[Mapping[str, Any]] = data.get("components") or ()
    if isinstance(one := data.get("component"), Mapping):
        children = (*children, one)
    for child in children:
        yield from _components(child)
