"""Discord's mark-up: text that must be shown as it is, and text made to stand out."""

import re

# A backslash takes the meaning from any of these. A colon within words makes addresses, emoji and
# timestamps; the rest emphasis, code, spoilers, links, mentions, quotes and headings. discord.py's
# own escaping leaves some of them, and takes cubic time on runs of brackets.
_MARKUP = re.compile(r"[\\*_~`|\[\]()<>@#]|:(?=\S)")
_LIST = re.compile(r"^(\s*)([-+]|\d+(?=\.))", re.MULTILINE)
# Characters that would turn the line round, or hide: a quotation must not reach into its citation.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    """`text` so that Discord shows it as it is: no mark-up, no mention, no link. Linear in time."""
    plain = _MARKUP.sub(r"\\\g<0>", _DIRECTION.sub("", text))
    return _LIST.sub(_escape_list, plain)


def _escape_list(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def bold(text: str) -> str:
    """`text`, escaped, in bold; empty for nothing."""
    return f"**{escape(text)}**" if text else ""


def quote(text: str) -> str:
    """Mark-up as a quotation, line by line."""
    return "\n".join(f"> {line}" for line in text.split("\n"))
