"""Escapes and applies Discord's mark-up."""

import re

from bot.printing import HIDDEN

# A backslash escapes each of these. A colon is part of addresses, emoji and timestamps, unless a
# space or nothing follows; "http:" may be continued by what is added to the text. The others make
# emphasis, code, spoilers, links, mentions, quotes and headings. discord.py's own escaping misses
# some of them, and takes cubic time on runs of brackets.
_MARKUP = re.compile(r"[\\*_~`|\[\]()<>@#]|:(?=\S)|(?<=http):|(?<=https):")
# Discord's mentions, emoji, times and commands, and addresses: none is searched for.
_NO_WORDS = re.compile(
    r"<(?:@[!&]?|#|a?:\w+:|t:|id:|/[^:>]+:)[\d:A-Za-z-]+>|<?https?://\S+"
    r"|(?<!\w)@(?:everyone|here)\b|(?<!\w):[A-Za-z]\w+:(?!\w)"
)
_LIST = re.compile(r"^(\s*)([-+]|\d+(?=\.))", re.MULTILINE)


def plain(text: str) -> str:
    """`text` for a place that knows no mark-up, without hidden characters.

    Among these are bidirectional controls: a quotation must not turn its citation around.
    """
    return HIDDEN.sub("", text)


def escape(text: str) -> str:
    """`text` without mark-up, mentions or links, as Discord shows it. Takes linear time."""
    return _LIST.sub(_escape_list, _MARKUP.sub(r"\\\g<0>", plain(text)))


def without_mentions(text: str) -> str:
    """The text of a message in one line, without mentions, emoji and addresses; may be empty."""
    return " ".join(_NO_WORDS.sub(" ", text).split())


def _escape_list(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def bold(text: str) -> str:
    """`text`, escaped, in bold; empty for an empty text."""
    return f"**{escape(text)}**" if text else ""


def quote(text: str) -> str:
    """Mark-up as a block quotation."""
    return "\n".join(f"> {line}" for line in text.split("\n"))
