"""Fit the weights of the block features, and print them as the tables of block_features.py.

    uv run --with scipy python tests/benchmarks/fit_cleaning.py [EVAL_FOLDER]

The model is a conditional random field over segments: the chance of a run of blocks [first, last]
being the article is proportional to exp(first score + sum of inside scores + last score) (Sarawagi
& Cohen, "Semi-Markov Conditional Random Fields", NIPS 2004, with one segment). It is fitted to the
benchmark's pages and, so that clean texts stay whole, to news articles that are articles from the
first to the last line. The figures of tenfold cross-validation over the pages come first: the pages
of a fold are cleaned with weights that were fitted without them.
"""

# ruff: noqa: T201 - to print is what it is for

import gzip
import json
import random
import re
import sys
from difflib import SequenceMatcher
from html import unescape
from pathlib import Path
from statistics import fmean
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.pages import score
from index.sources.extraction import block_features
from index.sources.extraction.boilerplate import clean, split_blocks

FOLDS = 10
ARTICLES = 300  # clean ones, each counting a tenth of a page
ARTICLE_WEIGHT = 0.1
DECAY = 0.1  # L2 regularisation
TABLES = {
    "INSIDE": block_features.INSIDE,
    "FIRST": block_features.FIRST,
    "LAST": block_features.LAST,
}

Array = NDArray[np.float64]
# The features of the blocks of a page, where its article begins and ends, and its weight.
Example = tuple[list[Array], int, int, float]


def main() -> None:
    """Print the cross-validated figures and the weights fitted to everything."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/eval")
    pages = read(folder / "pages.jsonl.gz")
    articles = random.Random(0).sample(read(folder / "news_articles.jsonl.gz"), ARTICLES)  # noqa: S311
    clean_ones = [article_example(article) for article in articles]
    examples = [page_example(page) for page in pages]
    report("fitted without", validate(pages, examples, clean_ones))
    weights = fit(examples + clean_ones)
    report("fitted with", [measure(page, weights) for page in pages])
    for name, table in tables(weights).items():
        print(f"{name}: Mapping[str, float] = {{")
        print(
            "".join(f'    "{feature}": {weight:.2f},\n' for feature, weight in table.items()) + "}"
        )


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a file of the evaluation pack."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def page_example(page: dict[str, str]) -> Example:
    """A page with the run of blocks that agrees best with its true article."""
    blocks = split_blocks(page["text"])
    title = re.search(r"<title[^>]*>(.*?)</title>", page["html"], re.DOTALL)
    gains = [
        min(len(block), 400) * (1 if share > 0.5 else -1)
        for block, share in zip(blocks, shares(blocks, page["article"]), strict=True)
    ]
    before = np.concatenate([[0], np.cumsum(gains)])
    value = before[None, 1:] - before[:-1, None]
    first, last = np.unravel_index(
        np.argmax(np.where(np.tri(len(blocks)).T, value, -np.inf)), value.shape
    )
    return matrices(blocks, unescape(title[1]) if title else ""), int(first), int(last), 1.0


def shares(blocks: list[str], article: str) -> list[float]:
    """The share of each block's words that an alignment with the true article finds there."""
    found = [re.findall(r"\w+", block) for block in blocks]
    owner = [i for i, block in enumerate(found) for _ in block]
    flat = [word for block in found for word in block]
    hits = [0] * len(blocks)
    matcher = SequenceMatcher(None, flat, re.findall(r"\w+", article), autojunk=False)
    for match in matcher.get_matching_blocks():
        for at in range(match.a, match.a + match.size):
            # A chance match of a word or two is no match, unless it is the whole block.
            hits[owner[at]] += match.size >= min(3, len(found[owner[at]]))
    return [hit / max(len(block), 1) for hit, block in zip(hits, found, strict=True)]


def article_example(article: dict[str, str]) -> Example:
    """A clean article: all of it."""
    blocks = split_blocks(article["text"])
    return matrices(blocks, ""), 0, len(blocks) - 1, ARTICLE_WEIGHT


def matrices(blocks: list[str], title: str) -> list[Array]:
    """The features of the blocks: inside, first and last."""
    rows = block_features.feature_rows(
        list(map(block_features.block_features, blocks)), block_features.headlines(blocks, title)
    )
    return [np.array(list(part), dtype=np.float64) for part in rows]


def validate(
    pages: list[dict[str, str]], examples: list[Example], always: list[Example]
) -> list[tuple[float, float]]:
    """Precision and recall of each page by weights that were fitted without it."""
    order = random.Random(1).sample(range(len(pages)), len(pages))  # noqa: S311
    measured = []
    for fold in range(FOLDS):
        held_out = order[fold::FOLDS]
        rest = [example for i, example in enumerate(examples) if i not in held_out]
        weights = fit(rest + always)
        measured += [measure(pages[i], weights) for i in held_out]
    return measured


def measure(page: dict[str, str], weights: Array) -> tuple[float, float]:
    """Precision and recall of a page, its title guessed."""
    fitted = tables(weights)
    with (
        patch.dict(TABLES["INSIDE"], fitted["INSIDE"]),
        patch.dict(TABLES["FIRST"], fitted["FIRST"]),
        patch.dict(TABLES["LAST"], fitted["LAST"]),
    ):
        cleaned = clean(split_blocks(page["text"]))
    return score(page["article"], "\n".join(block.text for block in cleaned if block.kept))


def report(name: str, measured: list[tuple[float, float]]) -> None:
    """Print F1, precision and recall."""
    precision, recall = (fmean(values) for values in zip(*measured, strict=True))
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{name:15} F1 {f1:.4f} precision {precision:.4f} recall {recall:.4f}")


def tables(weights: Array) -> dict[str, dict[str, float]]:
    """The weights by the names of their features."""
    values = iter(weights.tolist())
    return {name: {feature: next(values) for feature in table} for name, table in TABLES.items()}


def fit(examples: list[Example]) -> Array:
    """The weights of greatest penalised likelihood."""
    start = np.zeros(sum(map(len, TABLES.values())))
    found: Any = minimize(loss, start, (examples,), "L-BFGS-B", jac=True, options={"maxiter": 300})
    return np.asarray(found.x)


def loss(weights: Array, examples: list[Example]) -> tuple[float, Array]:
    """The negative log-likelihood and its gradient."""
    cuts = np.cumsum([len(table) for table in TABLES.values()])[:-1]
    total, gradient = DECAY * float(weights @ weights), 2 * DECAY * weights
    for parts, first, last, count in examples:
        inside, opening, closing = (
            part @ part_weights
            for part, part_weights in zip(parts, np.split(weights, cuts), strict=True)
        )
        before = np.concatenate([[0.0], np.cumsum(inside)])
        opening, closing = opening - before[:-1], closing + before[1:]
        begun = np.logaddexp.accumulate(opening)
        to_end = np.logaddexp.accumulate(closing[::-1])[::-1]
        partition = np.logaddexp.reduce(begun + closing)
        starts, ends = np.exp(opening + to_end - partition), np.exp(begun + closing - partition)
        total += count * float(partition - opening[first] - closing[last])
        covered = np.cumsum(starts) - np.concatenate([[0.0], np.cumsum(ends)[:-1]])
        covered[first : last + 1] -= 1
        starts[first] -= 1
        ends[last] -= 1
        gradient = gradient + count * np.concatenate(
            [part.T @ error for part, error in zip(parts, (covered, starts, ends), strict=True)]
        )
    return total, gradient


if __name__ == "__main__":
    main()
