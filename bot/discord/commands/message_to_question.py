"""Turns a message that was clicked into a question."""

import re

import discord

from bot.discord.layout.markdown import without_mentions
from index import MAX_QUESTION_CHARS, QuestionError, Sources, read_filter, split_sentences

_FILTER_KEY = re.compile(r"(?<!\w)(source|after|before):", re.IGNORECASE)


def question_in(message: discord.Message, sources: Sources) -> str:
    """The text of a message as a question of at most `MAX_QUESTION_CHARS` characters; may be empty.

    If the message has no text, that of a forwarded message, or the title and text of its embeds;
    those come first in a bot's message, such as an answer below its question.
    """
    texts = [message.content, *(part.content for part in message.message_snapshots)]
    embeds = [f"{embed.title or ''}\n{embed.description or ''}" for embed in message.embeds]
    texts = [*embeds, *texts] if message.author.bot else [*texts, *embeds]
    text = next((words for one in texts if (words := _words(one))), "")
    return cut(_without_invalid_filters(text, sources), MAX_QUESTION_CHARS)


def _words(text: str) -> str:
    """`text` without mark-up; empty if no letter or digit remains."""
    words = without_mentions(text)
    return words if any(char.isalnum() for char in words) else ""


def _without_invalid_filters(text: str, sources: Sources) -> str:
    """`text`, without its filter keys if they are no valid filters, as in "source: my aunt"."""
    try:
        read_filter(text, sources)
    except QuestionError:
        return _FILTER_KEY.sub(r"\1 ", text)
    return text


def cut(text: str, limit: int) -> str:
    """At most `limit` first characters of `text`: whole sentences, otherwise whole words."""
    if len(text) <= limit:
        return text
    *whole, _ = (0, *(span.end for span in split_sentences(text[:limit])))
    if whole and whole[-1] >= limit // 2:
        return text[: whole[-1]].rstrip()
    return text[: limit + 1].rpartition(" ")[0].rstrip() or text[:limit]
