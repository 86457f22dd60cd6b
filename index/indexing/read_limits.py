"""Limits of the process that reads items.

Pages are untrusted, and a library may take hours, or all memory, over one that was made for that.
So the system ends the process when an item has taken too long, wherever it is by then, and gives it
no more memory than any page needs.
"""

import resource
import signal
from pathlib import Path

_MAX_MEMORY = 400 << 20  # bytes, besides those that the program takes by itself
# Seconds of processor time, so that a busy machine changes nothing. The largest pages take up to 5;
# a small one that takes 4 will not end soon.
_MAX_S = 6.0
_MIN_S = 4.0
_SPARE = 4  # times the estimate

TOO_SLOW = signal.SIGPROF  # ends the process


def limit_memory() -> None:
    """Make allocations fail from `_MAX_MEMORY` on, on Linux; other systems have no such limit."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])  # of data and stack
    except OSError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = pages * resource.getpagesize() + _MAX_MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def limit_time(estimated_s: float | None = None) -> None:
    """Have the process ended once it has computed for too long from now on."""
    seconds = _MAX_S if estimated_s is None else min(_MAX_S, _MIN_S + _SPARE * estimated_s)
    signal.setitimer(signal.ITIMER_PROF, seconds)
