"""Waiting for what has to come: in truth, or on a clock that nobody waits for."""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

PATIENCE_S = 120.0  # with a machine that has much else to do; it only bounds a failure

P = ParamSpec("P")


async def until(done: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
    """Wait for what tells nobody that it has come."""
    async with asyncio.timeout(timeout_s):
        while not done():  # noqa: ASYNC110 - what is looked at knows nobody who waits
            await asyncio.sleep(0.02)


class _Selector(selectors.DefaultSelector):
    """Waits for nothing: what would have been waited is added up."""

    skipped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.skipped_s += timeout or 0.0
        return super().select(timeout and 0.0)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock goes on as soon as all wait, and only then."""

    def __init__(self) -> None:
        self._waits = _Selector()
        super().__init__(self._waits)

    def time(self) -> float:
        return self._waits.skipped_s


def in_no_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test in which seconds go by at once: none in which threads or sockets do the work."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=_Loop) as runner:
            runner.run(test(*args, **kwargs))

    return run
