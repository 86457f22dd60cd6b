"""Result types of running the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import msgspec


@dataclass(frozen=True)
class Ran:
    """The result of a command; `problems` are the lines on stderr."""

    code: int
    out: str
    problems: list[str]

    @property
    def json(self) -> list[Any]:
        """Decode the printed objects, one per line."""
        return [msgspec.json.decode(line) for line in self.out.splitlines()]


Run: TypeAlias = Callable[..., Ran]
Process: TypeAlias = Callable[..., CompletedProcess[str]]
