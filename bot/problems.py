"""Problems with the coverage, those of many files with the same reason as one."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from index import CoverageWarning, Skipped

Problem: TypeAlias = Skipped | CoverageWarning

_MAX_SINGLE = 3  # files with the same reason that have a line each


def grouped(problems: Iterable[Problem], most_names: int | None = None) -> Iterator[Problem]:
    """The problems; of those of more than a few files for one reason, one with all their names.

    With `most_names`, the names beyond so many are left out.
    """
    by_reason: dict[tuple[type[Problem], str], list[Problem]] = {}
    for one in problems:
        by_reason.setdefault((type(one), one.reason), []).append(one)
    for (kind, reason), ones in by_reason.items():
        if len(ones) <= _MAX_SINGLE:
            yield from ones
        else:
            names = [one.name for one in ones]
            shown = names[:most_names] + ["…"] * (len(names) > len(names[:most_names]))
            yield kind(", ".join(shown), reason)
