"""What a run of the command line gives."""

from collections.abc import Callable
from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any, TypeAlias

import msgspec


@dataclass(frozen=True)
class Ran:
    """What a command did. `problems` are the lines on stderr."""

    code: int
    out: str
    problems: list[str]

    @property
    def json(self) -> list[Any]:
        """The objects that were printed, one a line."""
        return [msgspec.json.decode(line) for line in self.out.splitlines()]


Run: TypeAlias = Callable[..., Ran]
Process: TypeAlias = Callable[..., CompletedProcess[str]]
