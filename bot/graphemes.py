"""Cuts text at grapheme boundaries, so that no accent, flag or family emoji is split.

The regex library finds Unicode's extended grapheme clusters.
"""

import regex

_GRAPHEME = regex.compile(r"\X")
# Longer clusters occur in no language and may be split.
_MAX_CHARS = 64


def boundary(text: str, at: int) -> int:
    """Return the last position up to `at` where `text` can be cut."""
    if at <= 0 or at >= len(text):
        return min(max(at, 0), len(text))
    # A space always starts a new grapheme, so there is no need to look further back.
    last = max(text.rfind(" ", 0, at), 0)
    for grapheme in _GRAPHEME.finditer(text, last):
        if grapheme.end() > at:
            break
        last = grapheme.end()
    return last if at - last < _MAX_CHARS else at


def clip(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters, with an ellipsis if cut; empty if `limit` is 0."""
    if len(text) <= limit:
        return text
    return text[: boundary(text, limit - 1)].rstrip() + "…" if limit > 0 else ""
