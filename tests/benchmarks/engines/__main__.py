"""Runs one engine in its own process, controlled by lines of JSON.

    python -m benchmarks.engines ENGINE FOLDER [COLLECTION]

With a collection it is built, else opened and asked: a list of questions, each a list of terms, is
answered by the milliseconds that each took, the seconds and megabytes that the process needed.
"""

# ruff: noqa: T201 - to print is how it answers

import json
import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks.collection import Collection

K = 10


def main() -> None:
    """Build, or serve until there are no more lines."""
    name, folder, *collection = sys.argv[1:]
    bare = memory()
    if collection:
        paragraphs = Collection.load(Path(collection[0]))
        begun = time.perf_counter()
        import_module(f"benchmarks.engines.{name}").build(paragraphs, Path(folder))
        print(json.dumps({"build": time.perf_counter() - begun}), flush=True)
        return
    first = json.loads(sys.stdin.readline())
    begun = time.perf_counter()
    engine = import_module(f"benchmarks.engines.{name}")
    imported = time.perf_counter()
    search = engine.open_index(Path(folder))
    search(first, K)
    opened = time.perf_counter()
    figures = {"imports": imported - begun, "open": opened - imported}
    print(json.dumps(figures), flush=True)
    for line in sys.stdin:
        times = []
        for terms in json.loads(line):
            begun = time.perf_counter()
            search(terms, K)
            times.append((time.perf_counter() - begun) * 1000)
        print(json.dumps({"times": times, "memory": memory() - bare}), flush=True)


def memory() -> float:
    """The resident memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()
