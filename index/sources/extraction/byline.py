"""Reads author and date from the lines around an article, in saved text and on pages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.model import Block, ExtractedArticle
from index.sources.extraction.authors import authors, byline_names
from index.sources.extraction.publication import is_update
from index.sources.written_dates import dates_in, is_weekday

_LINES_ABOVE = 8  # without a headline: at most so many lines between it and the article
_LINES_NEAR = 3
_LINE_CHARS = 150
_LABEL_WORDS = 2
_PARAGRAPH_CHARS = 80
_HEADLINE_REASONS = frozenset({"a headline", "the headline", "the title"})

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SEGMENTS = re.compile(r"\s*[|/·•]\s*|\s[-–—]\s")
_TIME = re.compile(r"^\W*\d\d?[:.]\d\d(?:\s*[ap]\.?m\b\.?)?(?:\s+[A-Z]{2,4}\b)?", re.IGNORECASE)
_MAX_NAMES = 8  # words of names in a line with a date
# Words beside a date, in lower case. With others, that are no names, it is part of a sentence.
_BESIDE_DATES = frozenset({
    "a", "à", "about", "ago", "alle", "am", "as", "às", "at", "by", "da", "day", "days", "de",
    "del", "den", "der", "di", "edt", "el", "est", "et", "first", "gmt", "h", "hours", "hrs", "il",
    "in", "jour", "kl", "la", "las", "le", "les", "m", "min", "mins", "minute", "minutes", "mis",
    "on", "original", "originally", "p", "par", "pm", "por", "read", "reading", "time", "um", "und",
    "uhr", "utc", "von", "y", "о", "р", "року",  # noqa: RUF001
})  # fmt: skip
_BY_ITSELF = re.compile(r"(?:written |posted )?(?:by|von|par|por)|authors?|autor\w*", re.IGNORECASE)
_REPORTING = re.compile(r"^\W*reporting (by [^;.]+)", re.IGNORECASE)


def with_byline(article: ExtractedArticle, language: str = "") -> ExtractedArticle:
    """`article` with the author and date of the lines around it, where it has none.

    Lines between the headline and the text count, and labelled ones just around them. `language`
    is a language tag, for the order of day and month.
    """
    if article.author and article.published:
        return article
    between, near = _lines_around(article)
    published = article.published or _date(between, near, language)
    author = article.author or authors(_bylines(between, near), article.publisher)
    return replace(article, author=author, published=published)


def _lines_around(article: ExtractedArticle) -> tuple[list[str], list[str]]:
    """The lines from the headline to the first paragraph, and those just above and below both."""
    blocks = article.blocks
    kept = [i for i, block in enumerate(blocks) if block.kept]
    first = next((i for i in kept if len(blocks[i].text) >= _PARAGRAPH_CHARS), None)
    if first is None:
        return [], []
    above = range(first - 1, -1, -1)
    title = next((i for i in above if _is_headline(blocks[i], article.title)), None)
    start = max(first - _LINES_ABOVE, 0) if title is None else title + 1
    before = blocks[max(start - 1 - _LINES_NEAR, 0) : start]
    after = blocks[kept[-1] : kept[-1] + 1 + _LINES_NEAR]
    return list(_joined(blocks[start:first])), [*_joined(before), *_joined(after)]


def _is_headline(block: Block, title: str) -> bool:
    return block.left_out in _HEADLINE_REASONS or (bool(title) and block.text == title)


def _joined(blocks: Sequence[Block]) -> Iterator[str]:
    """The lines, with a label by itself put before the line that it is for."""
    label = ""
    for block in blocks:
        if len(block.text) > _LINE_CHARS:
            label = ""
        elif _is_label(block.text):
            label = block.text
        else:
            yield f"{label} {block.text}".lstrip()
            label = ""


def _is_label(text: str) -> bool:
    words = _WORD.findall(text)
    bare = not any(map(str.isdigit, text))
    named = _BY_ITSELF.fullmatch(text.rstrip(": ")) or is_update(text) is not None
    return bare and len(words) <= _LABEL_WORDS and bool(named)


def _bylines(between: Iterable[str], near: Iterable[str]) -> Iterator[list[str]]:
    for line in between:
        for segment in _SEGMENTS.split(_without_dates(line)):
            yield byline_names(_TIME.sub("", segment))
    for line in near:
        if credit := _REPORTING.match(line):
            yield byline_names(credit[1])


def _without_dates(line: str) -> str:
    for _, start, end in reversed(list(dates_in(line))):
        line = f"{line[:start]} | {line[end:]}"
    return line


def _date(between: Iterable[str], near: Iterable[str], language: str) -> str:
    found = [one for line in between for one in _dates_of(line, language)]
    around = [one for line in near for one in _dates_of(line, language)]
    labelled = [day for day, told in [*found, *around] if told]
    days = labelled[:1] or list({day for day, _ in found})
    return days[0] if len(days) == 1 else ""


def _dates_of(line: str, language: str) -> Iterator[tuple[str, bool]]:
    """The dates of a line that are not of a change, each with whether they are labelled."""
    if not _is_date_line(_without_dates(line)):
        return
    before = 0
    for day, start, end in dates_in(line, language):
        update = is_update(line[before:start])
        if not update:
            yield day, update is not None
        before = end


def _is_date_line(rest: str) -> bool:
    """True if the `rest` of a line, without its dates, shows that it is no sentence."""
    others = [
        word
        for word in _WORD.findall(rest)
        if word.lower() not in _BESIDE_DATES and is_update(word) is None and not is_weekday(word)
    ]
    return len(others) <= _MAX_NAMES and not any(word[0].islower() for word in others)
