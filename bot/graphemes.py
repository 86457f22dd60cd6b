"""Cutting a text between characters as people see them: no accent, flag or family is torn apart.

What Unicode calls an extended grapheme cluster, by the regex library.
"""

import regex

_CHARACTER = regex.compile(r"\X")
# One that is longer is no character of a language, and may be cut like any text.
_LONGEST = 64


def boundary(text: str, at: int) -> int:
    """The last place not after `at` where `text` can be cut."""
    if at <= 0 or at >= len(text):
        return min(max(at, 0), len(text))
    # A space begins a character, whatever stands before it: no need to look further back.
    last = max(text.rfind(" ", 0, at), 0)
    for character in _CHARACTER.finditer(text, last):
        if character.end() > at:
            break
        last = character.end()
    return last if at - last < _LONGEST else at


def clip(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, with an ellipsis where it is cut; empty for no room."""
    if len(text) <= limit:
        return text
    return text[: boundary(text, limit - 1)].rstrip() + "…" if limit > 0 else ""
