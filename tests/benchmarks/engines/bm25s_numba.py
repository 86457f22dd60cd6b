"""bm25s, compiled by numba."""

from functools import partial

from benchmarks.engines.bm25s_numpy import build
from benchmarks.engines.bm25s_numpy import open_index as open_by

__all__ = ["build", "open_index"]

open_index = partial(open_by, backend="numba")
