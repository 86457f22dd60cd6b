"""Paragraphs of exported text, whose lines may be wrapped."""

import re
from collections.abc import Callable, Sequence

from index.sources.details import one_line

_WRAPPED = 100  # characters of the longest line, for lines to be parts of paragraphs


def _never(_line: str) -> bool:
    return False


def join_lines(lines: Sequence[str], begins: Callable[[str], bool] = _never) -> list[str]:
    """The paragraphs of `lines`: each line, or all up to a blank one where they are wrapped.

    A line that `begins` something starts a paragraph of its own.
    """
    if max(map(len, lines), default=0) > _WRAPPED:
        return [text for line in lines if (text := one_line(line))]
    groups: list[list[str]] = [[]]
    for line in lines:
        text = line.strip()
        if not text or begins(text):
            groups.append([])
        if text:
            groups[-1].append(text)
    return [_joined(group) for group in groups if group]


def _joined(lines: Sequence[str]) -> str:
    # Exports break a word at a hyphen of its own only: "two-" and "year" are "two-year".
    return one_line(re.sub(r"(?<=\w)-\n(?=\w)", "-", "\n".join(lines)))
