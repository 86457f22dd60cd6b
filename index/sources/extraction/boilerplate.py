"""Finds the article among the text blocks of a saved page.

The article is assumed to be one run of blocks: the one with the highest sum of scores. Adverts and
repeats within the run are then left out. Choosing the run as a whole keeps short paragraphs and
headings in the middle of an article, and no single word can end one.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import inf
from operator import eq

from index.model import Block
from index.sources.extraction.block_features import (
    BlockFeatures,
    are_similar,
    block_features,
    headlines,
    scores,
    word_set,
)
from index.sources.extraction.boilerplate_patterns import ADVERTISEMENT

# White space and zero-width characters that pages leave at the edges of paragraphs.
_EDGE = (
    "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u200e\u2060\ufeff"
)

_WRAP_WIDTHS = range(50, 101)  # characters: usual widths of hard-wrapped text
_FULL = 0.9  # share of the width that a wrapped line fills

_PARAGRAPH_CHARS = 80
_OUTSIDE = ("before the article", "after the end of the article")
_LEAD = 6  # blocks: a title, by-lines and a date
# Shares of the blocks that look like boilerplate in an article saved alone: whatever it is like,
# and if it begins and ends with paragraphs, up to a few blocks.
_MAX_BOILERPLATE = 0.015
_MAX_BOILERPLATE_INSIDE = 0.1
_MAX_MARGIN = 3

_HEADLINE_CHARS = range(8, 200)
_REACH = 40  # blocks above an article where its headline may be
_FULL_VALUE_CHARS = 40  # shorter headlines score proportionally less
_MIN_VALUE = 0.5  # score of a headline


def split_blocks(text: str) -> list[str]:
    """Split saved text into blocks: its lines, or its paragraphs if it is hard-wrapped.

    Blank lines separate blocks, and so do line breaks: in a saved page they separate paragraphs and
    menu entries, in a plain file each line is a paragraph.
    """
    lines = [line.strip(_EDGE) for line in text.splitlines()]
    width = max((len(line) for line in lines if " " in line), default=0)
    if width in _WRAP_WIDTHS and _is_wrapped(lines, width):
        lines = _unwrapped(lines, width)
    return [line for line in lines if line]


def _is_wrapped(lines: Sequence[str], width: int) -> bool:
    """True if most line breaks are forced by the width, in the middle of sentences."""
    forced = [
        _is_full(line, after, width) and not line.endswith((".", "!", "?"))
        for line, after in pairwise(lines)
        if line and after
    ]
    return sum(forced) > len(forced) / 2


def _is_full(line: str, after: str, width: int) -> bool:
    """True if the first word of the line `after` would hardly have fitted into `line`."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > _FULL * width


def _unwrapped(lines: Sequence[str], width: int) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line, after in pairwise([*lines, ""]):
        paragraphs[-1].append(line)
        if not (line and after and _is_full(line, after, width)):
            paragraphs.append([])
    return [" ".join(parts) for parts in paragraphs]


def clean(blocks: Sequence[str], title: str = "") -> tuple[Block, ...]:
    """Mark the paragraphs of the article among all `blocks`; the others get a reason.

    `title` is the headline, if known; it is guessed if it is not, or if no block contains it.
    """
    features = list(map(block_features, blocks))
    plain = _is_plain(blocks, features)
    headline = headlines(blocks, title)
    if not any(headline):
        headline = headlines(blocks, _guess_title(blocks, features, plain=plain))
    article = _article(features, headline, plain=plain)
    kept: set[str] = set()
    cleaned = []
    for i, (block, one) in enumerate(zip(blocks, features, strict=True)):
        if i in article:
            reason = _reason_within(block, one, kept, plain=plain)
        elif headline[i]:
            reason = "the headline"
        else:
            reason = one.boilerplate_kind or _OUTSIDE[i >= article.stop]
        if not reason and one.length >= _PARAGRAPH_CHARS:
            kept.add(block)
        cleaned.append(Block(block, reason))
    return tuple(cleaned)


def guess_title(blocks: Sequence[str]) -> str:
    """The page's headline: the line that shares most words with the article below; "" if none.

    A page that begins with its window title usually repeats that as the headline.
    """
    features = list(map(block_features, blocks))
    return _guess_title(blocks, features, plain=_is_plain(blocks, features))


def _guess_title(blocks: Sequence[str], features: Sequence[BlockFeatures], *, plain: bool) -> str:
    article = _article(features, [False] * len(blocks), plain=plain)
    text = [i for i in article if features[i].paragraph]
    article_words = frozenset[str]().union(*(word_set(blocks[i]) for i in text))
    above = range(text[0] - _REACH, text[0]) if text else range(0)
    window_title = word_set(blocks[0]) if blocks else frozenset[str]()
    best, headline = _MIN_VALUE, ""
    for i, (block, one) in enumerate(zip(blocks, features, strict=True)):
        if one.length not in _HEADLINE_CHARS or one.dated or block.endswith("."):
            continue
        line_words = word_set(block)
        repeats = i > 0 and are_similar(line_words, window_title)
        if repeats or i == 0 or i in above:
            share = len(line_words & article_words) / max(len(line_words), 1)
            value = (share + repeats) * min(one.length, _FULL_VALUE_CHARS) / _FULL_VALUE_CHARS
            if value >= best:
                best, headline = value, block
    return headline


def _article(features: Sequence[BlockFeatures], headline: Sequence[bool], *, plain: bool) -> range:
    """The positions of the article's blocks."""
    run = _best_run(*scores(features, headline))
    if not plain:
        return run
    # Nothing marks the end of such an article: lists and notes at its end belong to it.
    paragraphs = _paragraphs(features)
    lead = min(run.start, paragraphs[0]) if paragraphs else run.start
    start = max((i + 1 for i in range(lead) if headline[i]), default=0)
    return range(start, len(features)) if lead < _LEAD else run


def _paragraphs(features: Sequence[BlockFeatures]) -> list[int]:
    return [i for i, one in enumerate(features) if one.paragraph]


def _is_plain(blocks: Sequence[str], features: Sequence[BlockFeatures]) -> bool:
    """True if the text is an article saved without its page: with hardly any boilerplate.

    A label twice in a row, such as that of a picture, also counts as boilerplate. A page has menus
    before its first paragraph, or after its last.
    """
    paragraphs = _paragraphs(features) or [len(features)]
    is_framed = max(paragraphs[0], len(features) - 1 - paragraphs[-1]) > _MAX_MARGIN
    boilerplate: int = sum(one.ends_article for one in features) + sum(map(eq, blocks, blocks[1:]))
    limit = _MAX_BOILERPLATE if is_framed else _MAX_BOILERPLATE_INSIDE
    return boilerplate <= limit * len(features)


def _best_run(inside: list[float], first: list[float], last: list[float]) -> range:
    """Find the run of blocks with the highest sum of scores, in one pass.

    The maximum-sum segment (Bentley, "Programming Pearls", 1984), with extra scores for the first
    and the last block of the run.
    """
    best, run, opening, start = -inf, range(0), -inf, 0
    for i, (before, until) in enumerate(pairwise(accumulate(inside, initial=0.0))):
        if first[i] - before > opening:
            opening, start = first[i] - before, i
        if opening + until + last[i] > best:
            best, run = opening + until + last[i], range(start, i + 1)
    return run


def _reason_within(block: str, features: BlockFeatures, kept: set[str], *, plain: bool) -> str:
    """The reason why a block in the run is not a paragraph, "" if it is one.

    A standfirst usually repeats the first paragraph. Short lines may recur: they are labels. In an
    article saved without its page, only the label of an advertisement is boilerplate.
    """
    if not block.strip():
        return "empty"
    is_boilerplate = features.boilerplate_kind == ADVERTISEMENT or not (plain or features.sentence)
    if is_boilerplate and features.boilerplate_kind:
        return features.boilerplate_kind
    return "repeats an earlier block" if block in kept else ""
