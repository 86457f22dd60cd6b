"""Scores the blocks of a saved page by shallow text features.

Shallow features distinguish an article from its page: the length of a block, its punctuation, and
the same of its neighbours (Kohlschütter, Fankhauser & Nejdl, "Boilerplate Detection using Shallow
Text Features", WSDM 2010; Pomikálek, "Removing Boilerplate and Duplicate Content from Web Corpora",
2011). An article is assumed to be one run of blocks, so there are three sets of features: of a
block inside the run, of its first block and of its last. Each value lies between 0 and about 1 and
is multiplied by the weight in its table, fitted by `tests/benchmarks/fit_cleaning.py`.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

from index.sources.extraction.boilerplate_patterns import INTERRUPTIONS, boilerplate_kind

INSIDE: Mapping[str, float] = {
    "any block": -1.17,
    "length": 2.00,
    "is a sentence": 2.16,
    "has a comma": 0.26,
    "has a quotation": 0.21,
    "digits": 0.85,
    "has a date": -0.77,
    "is an interruption": -1.42,
    "is other boilerplate": -1.40,
    "sentences around": -2.01,
}
FIRST: Mapping[str, float] = {
    "begins the text": 4.62,
    "headline above": 2.91,
    "date line above": 1.59,
    "is a paragraph": 0.65,
    "sentences from here": 1.63,
    "sentences above": -3.25,
}
LAST: Mapping[str, float] = {
    "ends the text": 4.66,
    "boilerplate is next": 0.55,
    "boilerplate is near": 0.79,
    "sentences below": -1.75,
}

_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\bago\b")
_WORD = re.compile(r"\w+")
_STOPS = (".", "!", "?", "…", "。", "！", "？", "।", "॥", "۔", "؟", "።")  # noqa: RUF001
_CLOSING = " \"'”’»)]}*"
_COMMA = re.compile("[,;:(，、]")  # noqa: RUF001
_QUOTE = re.compile('["“”„«]')

_HEAD_CHARS = 2_000  # that show what a block is
_PARAGRAPH_CHARS = 80
_LINES_CHARS = 300  # boilerplate and headlines have a line or two
_NEAR = 15  # blocks: by-lines and buttons come between a headline and its article
_FAR = 1_000_000  # blocks

Row = tuple[float, ...]  # the features of a block


@dataclass(frozen=True, slots=True)
class BlockFeatures:
    """Properties of a single block."""

    length: int  # characters
    sentence: bool
    boilerplate_kind: str  # "" for none
    dated: bool
    comma: bool
    quotation: bool
    digits: float  # share of its characters

    @property
    def paragraph(self) -> bool:
        """True if this is certainly running text."""
        return self.sentence and self.length >= _PARAGRAPH_CHARS

    @property
    def ends_article(self) -> bool:
        """True if this is boilerplate that does not appear inside articles."""
        return bool(self.boilerplate_kind) and self.boilerplate_kind not in INTERRUPTIONS


def word_set(text: str) -> frozenset[str]:
    """The set of case-folded words of a text."""
    return frozenset(_WORD.findall(text[:_HEAD_CHARS].casefold()))


def are_similar(some: frozenset[str], others: frozenset[str]) -> bool:
    """True if two headlines are the same up to a site's name or a few words (Dice coefficient)."""
    return len(some & others) >= 0.3 * (len(some) + len(others)) > 0


def headlines(blocks: Iterable[str], title: str) -> list[bool]:
    """For each block, whether it is the headline `title`."""
    title_words = word_set(title)
    return [
        len(block) < _LINES_CHARS
        and not block.endswith(".")
        and are_similar(word_set(block), title_words)
        for block in blocks
    ]


def block_features(block: str) -> BlockFeatures:
    """Compute the properties of one block."""
    text, length = block[:_HEAD_CHARS], len(block)
    end = block[-20:].rstrip(_CLOSING)
    sentence = end.endswith(_STOPS) and not end.endswith("..")
    return BlockFeatures(
        length=length,
        sentence=sentence,
        boilerplate_kind=boilerplate_kind(text, sentence=sentence) if length < _LINES_CHARS else "",
        dated=length < _PARAGRAPH_CHARS and bool(_DATE.search(text)),
        comma=bool(_COMMA.search(text)),
        quotation=bool(_QUOTE.search(text)),
        digits=sum(map(str.isdigit, text)) / max(len(text), 1),
    )


def scores(
    features: Sequence[BlockFeatures], headline: Sequence[bool]
) -> tuple[list[float], list[float], list[float]]:
    """Score each block as one inside the article, as its first block and as its last."""
    inside, first, last = feature_rows(features, headline)
    return _weighted(INSIDE, inside), _weighted(FIRST, first), _weighted(LAST, last)


def _weighted(weights: Mapping[str, float], rows: Iterable[Row]) -> list[float]:
    values = tuple(weights.values())
    return [sum(map(mul, values, row)) for row in rows]


def feature_rows(
    features: Sequence[BlockFeatures], headline: Sequence[bool]
) -> tuple[Iterable[Row], Iterable[Row], Iterable[Row]]:
    """The features of each block, ordered as INSIDE, FIRST and LAST."""
    sentences = _Share([block.sentence for block in features])
    boilerplate = _Share([block.ends_article for block in features])
    return (
        (_inside(i, features, sentences) for i in range(len(features))),
        (
            _first(i, distance, features, sentences)
            for i, distance in enumerate(_distances_to_headline(headline))
        ),
        (_last(i, features, sentences, boilerplate) for i in range(len(features))),
    )


def _inside(i: int, features: Sequence[BlockFeatures], sentences: "_Share") -> Row:
    block = features[i]
    return (
        1,
        math.log2(min(block.length, 1000) + 1) / 10,
        block.sentence,
        block.comma,
        block.quotation,
        block.digits,
        block.dated,
        block.boilerplate_kind in INTERRUPTIONS,
        block.ends_article,
        sentences(i - 3, i + 4),
    )


def _first(i: int, distance: int, features: Sequence[BlockFeatures], sentences: "_Share") -> Row:
    return (
        i == 0,
        distance <= _NEAR,
        i > 0 and features[i - 1].dated,
        features[i].paragraph,
        sentences(i, i + 4),
        sentences(i - 6, i),
    )


def _last(
    i: int, features: Sequence[BlockFeatures], sentences: "_Share", boilerplate: "_Share"
) -> Row:
    return (
        i == len(features) - 1,
        boilerplate(i + 1, i + 2) > 0,
        boilerplate(i + 2, i + 5) > 0,
        sentences(i + 1, i + 7),
    )


def _distances_to_headline(headline: Sequence[bool]) -> Iterable[int]:
    """For each block, the distance in blocks to the nearest headline above it."""
    distance = _FAR
    for found in headline:
        distance += 1
        yield distance
        if found:
            distance = 0


class _Share:
    """The share of blocks with a property, for any range in constant time (prefix sums)."""

    def __init__(self, has: Sequence[bool]) -> None:
        self._sums = [0, *accumulate(has)]

    def __call__(self, start: int, stop: int) -> float:
        """The share in [start, stop), clipped to the page; 0 if that is empty."""
        start, stop = max(start, 0), min(stop, len(self._sums) - 1)
        return (self._sums[stop] - self._sums[start]) / (stop - start) if start < stop else 0.0
