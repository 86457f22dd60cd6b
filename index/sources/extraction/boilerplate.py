"""From the text blocks of a saved page to the paragraphs of its article.

The article is taken to be one run of blocks: the one whose signs add up to most. Blocks in the run
that are no paragraphs, adverts and repeats, are then left out of it. Looking for the run as a whole
keeps short paragraphs and headings in the middle of an article, and no single word can end one.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import inf
from operator import eq

from index.model import Block
from index.sources.extraction.block_features import (
    BlockFeatures,
    alike,
    block_features,
    headlines,
    scores,
    words,
)
from index.sources.extraction.boilerplate_patterns import ADVERTISEMENT

# White space, and characters of no width that pages leave at the edges of their paragraphs.
_EDGE = (
    "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u200c\u200d\u200e\u2060\ufeff"
)

_WRAP = range(50, 101)  # characters: widths that text is hard-wrapped at
_FULL = 0.9  # of the width: how far a wrapped line is filled

_PARAGRAPH = 80  # characters
_ASIDE = ("before the article", "after the end of the article")
_LEAD = 6  # blocks: a title, by-lines and a date
_STRAY = 0.015  # of the blocks: furniture that an article saved alone may seem to hold

_HEADLINE = range(8, 200)  # characters
_REACH = 40  # blocks above an article in which its headline is looked for
_TELLING = 40  # characters that make a headline of full value
_SURE = 0.5  # of that value: less is no headline


def split_blocks(text: str) -> list[str]:
    """The blocks of a text as it was saved: its lines, or paragraphs where it is hard-wrapped.

    Blank lines part blocks, and so do line breaks: in a saved page they stand between paragraphs
    and menu entries, in a plain file each line is a paragraph.
    """
    lines = [line.strip(_EDGE) for line in text.splitlines()]
    width = max((len(line) for line in lines if " " in line), default=0)
    if width in _WRAP and _is_wrapped(lines, width):
        lines = _unwrapped(lines, width)
    return [line for line in lines if line]


def _is_wrapped(lines: Sequence[str], width: int) -> bool:
    """Whether most line breaks stand where the width forced them, in the midst of sentences."""
    forced = [
        _is_full(line, after, width) and not line.endswith((".", "!", "?"))
        for line, after in pairwise(lines)
        if line and after
    ]
    return sum(forced) > len(forced) / 2


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the first word of the line after would hardly have fitted in the line."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > _FULL * width


def _unwrapped(lines: Sequence[str], width: int) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line, after in pairwise([*lines, ""]):
        paragraphs[-1].append(line)
        if not (line and after and _is_full(line, after, width)):
            paragraphs.append([])
    return [" ".join(parts) for parts in paragraphs]


def clean(blocks: Sequence[str], title: str = "") -> tuple[Block, ...]:
    """All blocks of a page, those that are no paragraphs of the article with the reason why.

    `title` is the headline where it is known. It is guessed where not, or if no block has it.
    """
    looks = list(map(block_features, blocks))
    headline = headlines(blocks, title)
    if not any(headline):
        headline = headlines(blocks, _guess(blocks, looks))
    article = _article(blocks, looks, headline)
    kept: set[str] = set()
    cleaned = []
    for i, (block, seen) in enumerate(zip(blocks, looks, strict=True)):
        if i in article:
            reason = _flaw(block, seen, kept)
        elif headline[i]:
            reason = "the headline"
        else:
            reason = seen.boilerplate_kind or _ASIDE[i >= article.stop]
        if not reason and seen.length >= _PARAGRAPH:
            kept.add(block)
        cleaned.append(Block(block, reason))
    return tuple(cleaned)


def guess_title(blocks: Sequence[str]) -> str:
    """The page's headline: the line that says most of what the article below it says; "" if none.

    A page that begins with the title of its window mostly repeats it as the headline.
    """
    return _guess(blocks, list(map(block_features, blocks)))


def _guess(blocks: Sequence[str], looks: Sequence[BlockFeatures]) -> str:
    article = _article(blocks, looks, [False] * len(blocks))
    text = [i for i in article if looks[i].paragraph]
    told = frozenset[str]().union(*(words(blocks[i]) for i in text))
    above = range(text[0] - _REACH, text[0]) if text else range(0)
    window = words(blocks[0]) if blocks else frozenset[str]()
    best, headline = _SURE, ""
    for i, (block, seen) in enumerate(zip(blocks, looks, strict=True)):
        if seen.length not in _HEADLINE or seen.dated or block.endswith("."):
            continue
        known = words(block)
        again = i > 0 and alike(known, window)
        if again or i == 0 or i in above:
            share = len(known & told) / max(len(known), 1)
            value = (share + again) * min(seen.length, _TELLING) / _TELLING
            if value >= best:
                best, headline = value, block
    return headline


def _article(
    blocks: Sequence[str], looks: Sequence[BlockFeatures], headline: Sequence[bool]
) -> range:
    """Where the article stands."""
    run = _best_run(*scores(looks, headline))
    if run.start < _LEAD and _is_plain(blocks, looks):
        # Nothing shows where such an article would end: lists and notes at its end belong to it.
        start = max((i + 1 for i in range(run.start) if headline[i]), default=0)
        return range(start, len(looks))
    return run


def _is_plain(blocks: Sequence[str], looks: Sequence[BlockFeatures]) -> bool:
    """Whether the text is an article saved without its page: with hardly any furniture.

    A label printed twice in a row, as of a picture and below it, is furniture too.
    """
    boilerplate_kind: int = sum(seen.ender for seen in looks) + sum(map(eq, blocks, blocks[1:]))
    return boilerplate_kind <= _STRAY * len(looks)


def _best_run(inside: list[float], first: list[float], last: list[float]) -> range:
    """The run of blocks with the highest sum of scores, found in one pass.

    The maximum-sum segment (Bentley, "Programming Pearls", 1984), with what is gained or lost by
    beginning at a block and by ending at one.
    """
    best, run, opening, start = -inf, range(0), -inf, 0
    for i, (before, until) in enumerate(pairwise(accumulate(inside, initial=0.0))):
        if first[i] - before > opening:
            opening, start = first[i] - before, i
        if opening + until + last[i] > best:
            best, run = opening + until + last[i], range(start, i + 1)
    return run


def _flaw(block: str, seen: BlockFeatures, kept: set[str]) -> str:
    """Why a block in the run is no paragraph, "" if it is one.

    A standfirst mostly repeats the first paragraph. Short lines may recur: they label things.
    """
    if not block.strip():
        return "empty"
    if seen.boilerplate_kind == ADVERTISEMENT:
        return seen.boilerplate_kind
    return "repeats an earlier block" if block in kept else ""
