"""The reading order of a page: its lines, column by column."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median

from index.sources.extraction.pdf_lines import Line

_MIN_LINES = 4  # of a column
_MIN_CHARS = 12  # of the average line of a column: a column of a table has less
_MAX_ACROSS = 0.3  # share of the lines that may run across the space between two columns
_MIN_GUTTER = 0.6  # sizes of the letters: the width of that space
_MAX_LINES = 2_000  # of a page, for columns to be looked for
_SAME_BASE = 0.5  # sizes: parts of one line


def columns(lines: Sequence[Line]) -> list[list[Line]]:
    """The columns of a page in reading order, each with its lines from top to bottom.

    A line across two columns, such as a headline, ends those above it.
    """
    gutter = _gutter(lines)
    if gutter is None:
        return [list(_joined_parts(lines))] if lines else []
    found: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    across: list[Line] = []

    def end_columns() -> None:
        for side in (left, right):
            found.extend(columns(side))
            side.clear()

    def end_across() -> None:
        found.extend([list(_joined_parts(across))] if across else [])
        across.clear()

    for line in sorted(lines, key=lambda one: -one.base):
        if line.left < gutter < line.right:
            end_columns()
            across.append(line)
        else:
            end_across()
            (left if line.right <= gutter else right).append(line)
    end_columns()
    end_across()
    return found


def _gutter(lines: Sequence[Line]) -> float | None:
    """The middle of the space between two columns; None if there is a single one."""
    if not 2 * _MIN_LINES <= len(lines) <= _MAX_LINES:
        return None
    width = _MIN_GUTTER * median(line.size for line in lines)
    best: tuple[int, int, float] | None = None
    for edge in sorted({round(line.right) for line in lines}):
        left = [line for line in lines if line.right <= edge + 1]
        right = [line for line in lines if line.left >= edge + width]
        across = len(lines) - len(left) - len(right)
        if _is_column(left) and _is_column(right) and across <= _MAX_ACROSS * len(lines):
            quality = (-across, min(len(left), len(right)), edge + width / 2)
            best = max(best, quality) if best else quality
    return best[2] if best else None


def _is_column(lines: Sequence[Line]) -> bool:
    rows = len({round(line.base) for line in lines})
    return rows >= _MIN_LINES and sum(len(line.text) for line in lines) >= _MIN_CHARS * rows


def _joined_parts(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines from top to bottom, each with its parts from left to right."""
    ordered = sorted(lines, key=lambda one: -one.base)
    number, before = 0, ordered[0]
    numbers = []
    for line in ordered:
        if before.base - line.base > _SAME_BASE * min(before.size, line.size):
            number, before = number + 1, line
        numbers.append(number)
    for _, group in groupby(zip(numbers, ordered, strict=True), key=lambda one: one[0]):
        parts = sorted((line for _, line in group), key=lambda one: one.left)
        yield parts[0]._replace(
            text=" ".join(part.text for part in parts),
            right=parts[-1].right,
            is_broken=parts[-1].is_broken,
        )
