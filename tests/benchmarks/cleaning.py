"""Measure cleaning: articles found in pages saved as text, and clean articles left whole.

    PYTHONPATH=tests uv run python tests/benchmarks/cleaning.py [EVAL_FOLDER]

The first part measures as pages.py does, from the text of the same pages and with their titles
guessed. The second counts the paragraphs of articles without pages that cleaning keeps.
"""

# ruff: noqa: T201 - to print is what it is for

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path
from statistics import fmean

import justext

from benchmarks.pages import score
from index.sources.extraction.boilerplate import clean, split_blocks

PASSAGE = 40  # characters: a shorter paragraph is joined to the next one
FINAL = (".", "!", "?", "…")


def main() -> None:
    """Print one line of figures for each extractor, and one for each form of the articles."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval")
    pages = read(folder / "pages.jsonl.gz")
    print(f"{len(pages)} pages                F1  precision  recall  seconds")
    for name, extractor in (
        ("80 characters", by_length),
        ("jusText", by_justext),
        ("clipdesk", by_clipdesk),
    ):
        measure(name, extractor, pages)
    articles = [article["text"] for article in read(folder / "news_articles.jsonl.gz")]
    print(f"{len(articles)} articles   paragraphs kept  passages kept")
    survive("blocks", (paragraphs(text) for text in articles))
    survive("lines", (split_blocks("\n".join(paragraphs(text))) for text in articles))
    survive("blank lines", (split_blocks("\n\n".join(paragraphs(text))) for text in articles))


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a file of the evaluation pack."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def measure(
    name: str, extractor: Callable[[list[str]], Iterable[str]], pages: list[dict[str, str]]
) -> None:
    """Print the figures of one extractor."""
    begun = time.perf_counter()
    found = ["\n".join(extractor(split_blocks(page["text"]))) for page in pages]
    seconds = time.perf_counter() - begun
    scores = [score(page["article"], text) for page, text in zip(pages, found, strict=True)]
    precision, recall = (fmean(values) for values in zip(*scores, strict=True))
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{name:16} {f1:10.4f} {precision:10.4f} {recall:7.4f} {seconds:8.1f}")


def by_length(blocks: list[str]) -> Iterable[str]:
    """The plain rule: a paragraph is long and ends a sentence."""
    return (b for b in blocks if len(b) >= 80 and b.rstrip("\"'”’)] ").endswith(FINAL))


def by_justext(blocks: list[str]) -> Iterable[str]:
    """Extract paragraphs by jusText with its English stop words."""
    html = "".join(f"<p>{escape(block)}</p>" for block in blocks)
    found = justext.justext(html.encode(), justext.get_stoplist("English"), encoding="utf-8")
    return (paragraph.text for paragraph in found if not paragraph.is_boilerplate)


def by_clipdesk(blocks: list[str]) -> Iterable[str]:
    """Extract paragraphs by clipdesk, which guesses the title."""
    return (block.text for block in clean(blocks) if block.kept)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of an article of the pack."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def survive(name: str, articles: Iterable[list[str]]) -> None:
    """Print the share of paragraphs and of passages that cleaning keeps."""
    counts = [0, 0, 0, 0]
    for blocks in articles:
        kept = [block.kept for block in clean(blocks)]
        whole = [all(kept[i] for i in passage) for passage in passages(blocks)]
        for i, count in enumerate((sum(kept), len(kept), sum(whole), len(whole))):
            counts[i] += count
    print(f"{name:16} {counts[0] / counts[1]:12.4f} {counts[2] / counts[3]:14.4f}")


def passages(blocks: list[str]) -> Iterator[list[int]]:
    """The places of the blocks of each passage, as the evaluation pack defines passages."""
    found: list[list[int]] = []
    short: list[int] = []
    for i, block in enumerate(blocks):
        short.append(i)
        if len(block) >= PASSAGE:
            found.append(short)
            short = []
    if short and found:
        found[-1] += short
    elif short:
        found.append(short)
    return iter(found)


if __name__ == "__main__":
    main()
