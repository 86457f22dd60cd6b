"""The question in a message that somebody else wrote, and that was clicked to look it up."""

import re

import discord

from index import MAX_QUESTION_CHARS, QuestionError, Sources, read_filter, split_sentences

# Mentions, emoji, times and commands as Discord writes them, and addresses: none is searched for.
_NO_WORDS = re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:|/[^:>]+:)[\d:A-Za-z-]+>|<?https?://\S+")
_FILTER_KEY = re.compile(r"(?<!\w)(source|after|before):", re.IGNORECASE)


def question_in(message: discord.Message, sources: Sources) -> str:
    """What a message says, as a question of at most `MAX_QUESTION_CHARS` characters; empty for nothing.

    Of a message without a text of its own, what it forwards, or the heading and text of its embeds.
    """
    texts = [message.content, *(part.content for part in message.message_snapshots)]
    texts += (f"{embed.title or ''}\n{embed.description or ''}" for embed in message.embeds)
    said = next((words for text in texts if (words := _words(text))), "")
    return cut(_without_false_filters(said, sources), MAX_QUESTION_CHARS)


def _words(text: str) -> str:
    """`text` without what cannot be searched for; empty where nothing else is in it."""
    words = " ".join(_NO_WORDS.sub(" ", text).split())
    return words if any(char.isalnum() for char in words) else ""


def _without_false_filters(text: str, sources: Sources) -> str:
    """`text`, with "source: my aunt" taken for words: nobody meant it as a filter."""
    try:
        read_filter(text, sources)
    except QuestionError:
        return _FILTER_KEY.sub(r"\1 ", text)
    return text


def cut(text: str, limit: int) -> str:
    """The beginning of `text` in at most `limit` characters: whole sentences, else whole words."""
    if len(text) <= limit:
        return text
    *whole, _ = (0, *(span.end for span in split_sentences(text[:limit])))
    if whole and whole[-1] >= limit // 2:
        return text[: whole[-1]].rstrip()
    return text[: limit + 1].rpartition(" ")[0].rstrip() or text[:limit]
