"""What is seen of the blocks of a saved page, and how far each sign speaks for the article.

Shallow signs tell an article from its page: the length of a block, its punctuation, and the same of
its neighbours (Kohlschütter, Fankhauser & Nejdl, "Boilerplate Detection using Shallow Text
Features", WSDM 2010; Pomikálek, "Removing Boilerplate and Duplicate Content from Web Corpora",
2011). An article is taken to be one run of blocks here, so there are three sorts of signs: of a
block inside the run, of the first one and of the last one. Each is a number from 0 to about 1 and
counts with the weight in its table, which `tests/benchmarks/fit_cleaning.py` fits.
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
    "length": 1.99,
    "is a sentence": 2.13,
    "has a comma": 0.26,
    "has a quotation": 0.22,
    "digits": 0.85,
    "has a date": -0.76,
    "is an interruption": -1.43,
    "is other furniture": -1.34,
    "sentences around": -1.98,
}
FIRST: Mapping[str, float] = {
    "begins the text": 4.64,
    "headline above": 3.19,
    "date line above": 1.58,
    "is a paragraph": 0.67,
    "sentences from here": 1.62,
    "sentences above": -3.28,
}
LAST: Mapping[str, float] = {
    "ends the text": 4.44,
    "furniture is next": 0.35,
    "furniture comes soon": 0.63,
    "sentences below": -1.76,
}

_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\bago\b")
_WORD = re.compile(r"\w+")
_STOPS = (".", "!", "?", "…", "。", "！", "？")  # noqa: RUF001
_CLOSING = " \"'”’»)]}*"
_COMMA = re.compile("[,;:(，、]")  # noqa: RUF001
_QUOTE = re.compile('["“”„«]')

_GLANCE = 2_000  # characters: what a block is shows at its beginning
_PARAGRAPH = 80  # characters
_LINES = 300  # characters: furniture and headlines keep to a line or two
_NEAR = 15  # blocks: by-lines and buttons stand between a headline and its article
_FAR = 1_000_000  # blocks


Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class BlockFeatures:
    """What one look at a block shows."""

    length: int
    sentence: bool
    boilerplate_kind: str  # what sort of it, "" for none
    dated: bool
    comma: bool
    quotation: bool
    digits: float

    @property
    def paragraph(self) -> bool:
        """Whether this is text beyond doubt."""
        return self.sentence and self.length >= _PARAGRAPH

    @property
    def ender(self) -> bool:
        """Whether articles stop at this."""
        return bool(self.boilerplate_kind) and self.boilerplate_kind not in INTERRUPTIONS


def words(text: str) -> frozenset[str]:
    """The different words of a text, without case."""
    return frozenset(_WORD.findall(text[:_GLANCE].casefold()))


def alike(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two headlines are one but for a site's name or a few words (Dice's coefficient)."""
    return len(some & others) >= 0.3 * (len(some) + len(others)) > 0


def headlines(blocks: Iterable[str], title: str) -> list[bool]:
    """Which blocks are the headline `title`."""
    sought = words(title)
    return [len(block) < _LINES and alike(words(block), sought) for block in blocks]


def block_features(block: str) -> BlockFeatures:
    """Look at one block of a page."""
    text, length = block[:_GLANCE], len(block)
    end = block[-20:].rstrip(_CLOSING)
    sentence = end.endswith(_STOPS) and not end.endswith("..")
    return BlockFeatures(
        length=length,
        sentence=sentence,
        boilerplate_kind=boilerplate_kind(text, sentence=sentence) if length < _LINES else "",
        dated=length < _PARAGRAPH and bool(_DATE.search(text)),
        comma=bool(_COMMA.search(text)),
        quotation=bool(_QUOTE.search(text)),
        digits=sum(map(str.isdigit, text)) / max(len(text), 1),
    )


def scores(
    looks: Sequence[BlockFeatures], headline: Sequence[bool]
) -> tuple[list[float], list[float], list[float]]:
    """How well each block would stand inside the article, as its first one and as its last."""
    inside, first, last = signs(looks, headline)
    return _weighed(INSIDE, inside), _weighed(FIRST, first), _weighed(LAST, last)


def _weighed(weights: Mapping[str, float], rows: Iterable[Row]) -> list[float]:
    values = tuple(weights.values())
    return [sum(map(mul, values, row)) for row in rows]


def signs(
    looks: Sequence[BlockFeatures], headline: Sequence[bool]
) -> tuple[Iterable[Row], Iterable[Row], Iterable[Row]]:
    """The signs of each block, in the order of INSIDE, FIRST and LAST."""
    sentences = _Share([seen.sentence for seen in looks])
    enders = _Share([seen.ender for seen in looks])
    return (
        (_inside(i, looks, sentences) for i in range(len(looks))),
        (_first(i, above, looks, sentences) for i, above in enumerate(_above(headline))),
        (_last(i, looks, sentences, enders) for i in range(len(looks))),
    )


def _inside(i: int, looks: Sequence[BlockFeatures], sentences: "_Share") -> Row:
    seen = looks[i]
    return (
        1,
        math.log2(min(seen.length, 1000) + 1) / 10,
        seen.sentence,
        seen.comma,
        seen.quotation,
        seen.digits,
        seen.dated,
        seen.boilerplate_kind in INTERRUPTIONS,
        seen.ender,
        sentences(i - 3, i + 4),
    )


def _first(i: int, above: int, looks: Sequence[BlockFeatures], sentences: "_Share") -> Row:
    return (
        i == 0,
        above <= _NEAR,
        i > 0 and looks[i - 1].dated,
        looks[i].paragraph,
        sentences(i, i + 4),
        sentences(i - 6, i),
    )


def _last(i: int, looks: Sequence[BlockFeatures], sentences: "_Share", enders: "_Share") -> Row:
    return (
        i == len(looks) - 1,
        enders(i + 1, i + 2) > 0,
        enders(i + 2, i + 5) > 0,
        sentences(i + 1, i + 7),
    )


def _above(headline: Sequence[bool]) -> Iterable[int]:
    """How many blocks above each one the nearest headline stands."""
    above = _FAR
    for found in headline:
        above += 1
        yield above
        if found:
            above = 0


class _Share:
    """The share of blocks that have something, in any run of them in constant time."""

    def __init__(self, has: Sequence[bool]) -> None:
        self._before = [0, *accumulate(has)]

    def __call__(self, start: int, stop: int) -> float:
        """The share in [start, stop), cut to the page; 0 where nothing is left of it."""
        start, stop = max(start, 0), min(stop, len(self._before) - 1)
        return (self._before[stop] - self._before[start]) / (stop - start) if start < stop else 0.0
