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
    """By default prefers long passages, whatever is asked; gives up at the deadline."""

    logit: Callable[[str], float] = lambda passage: 1_000 * len(passage)
    calls: list[Call] = field(default_factory=list)

    def read(
        self, question: str, passages: Sequence[str], *, deadline: float
    ) -> list[float] | None:
        self.calls.append(Call(question, [*passages], deadline))
        if time.monotonic() >= deadline:
            return None
        return [*map(self.logit, passages)]
