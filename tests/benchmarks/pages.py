"""Measure article extraction from saved pages: trafilatura as it comes, and clipdesk.

    uv run python tests/benchmarks/pages.py [EVAL_FOLDER]

The measure is that of scrapinghub's article-extraction-benchmark: runs of four words, precision
and recall averaged over the pages, and F1 of the two averages.
"""

# ruff: noqa: T201 - to print is what it is for

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

from trafilatura import extract

from index.sources.extraction.html import read_html

RUN = 4  # words


def main() -> None:
    """Print one line of figures for each extractor."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval")
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    print(f"{len(pages)} pages          F1  precision  recall  seconds")
    for name, extractor in (("trafilatura", by_trafilatura), ("clipdesk", by_clipdesk)):
        measure(name, extractor, pages)


def measure(name: str, extractor: Callable[[str], str], pages: list[dict[str, str]]) -> None:
    """Print the figures of one extractor."""
    begun = time.perf_counter()
    scores = [score(page["article"], extractor(page["html"])) for page in pages]
    seconds = time.perf_counter() - begun
    precision, recall = (fmean(values) for values in zip(*scores, strict=True))
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{name:12} {f1:10.4f} {precision:10.4f} {recall:7.4f} {seconds:8.1f}")


def by_trafilatura(html: str) -> str:
    """Return the article's text by trafilatura with default options, without comments."""
    return extract(html, include_comments=False) or ""


def by_clipdesk(html: str) -> str:
    """Return the paragraphs that clipdesk keeps."""
    return "\n".join(block.text for block in read_html(html).blocks if block.kept)


def score(true: str, found: str) -> tuple[float, float]:
    """Return the precision and the recall of the runs of words in `found`."""
    expected, given = runs(true), runs(found)
    right = (expected & given).total()
    return right / given.total(), right / expected.total()


def runs(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of words in a text; one of fewer words is one run."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1)))


if __name__ == "__main__":
    main()
