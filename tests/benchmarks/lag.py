"""Runs the bot and logs the lag of its event loop: lag.py FILE [OPTIONS OF THE BOT].

A line for each ten milliseconds: when, in seconds of the machine's clock, and how many milliseconds
late the loop woke up.
"""

import asyncio
import sys
import time
from pathlib import Path

from bot.__main__ import main

_EVERY_S = 0.01
_FILE = Path(sys.argv.pop(1))


class _Policy(asyncio.DefaultEventLoopPolicy):
    """Creates event loops that measure their own lag."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """An event loop that logs its lag."""
        loop = super().new_event_loop()
        file = _FILE.open("w", buffering=1, encoding="utf-8")

        def probe(due: float) -> None:
            now = time.perf_counter()
            file.write(f"{now:.4f} {(now - due) * 1000:.2f}\n")
            loop.call_later(_EVERY_S, probe, now + _EVERY_S)

        loop.call_soon(probe, time.perf_counter())
        return loop


if __name__ == "__main__":
    asyncio.set_event_loop_policy(_Policy())
    main()
