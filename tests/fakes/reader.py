"""A reader that needs no model."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Call(NamedTuple):
    """The arguments of one `read`."""

    question: str
    passages: list[str]
    deadline: float


@dataclass
class FakeReader:
    """By default prefers long passages, whatever is asked; reads none after the deadline.

    It reads at most `in_time` passages by the deadline.
    """

    logit: Callable[[str], float] = lambda passage: 10 * len(passage)
    max_passages: int = 12
    in_time: int = 1_000
    calls: list[Call] = field(default_factory=list)

    def read(self, question: str, passages: Sequence[str], *, deadline: float) -> list[float]:
        self.calls.append(Call(question, [*passages], deadline))
        in_time = 0 if time.monotonic() >= deadline else self.in_time
        return [*map(self.logit, passages[:in_time])]
