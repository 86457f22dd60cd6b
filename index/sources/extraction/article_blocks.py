"""Decides which blocks of a web page are its article.

trafilatura finds the article's text. Its output only selects blocks: those of the page that it
covers are kept, verbatim. The rules after it correct its weaknesses on news: articles interrupted
by advertisements, headlines, link lists and calls to subscribe.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from index.errors import CoverageError
from index.sources.extraction.boilerplate import clean
from index.sources.extraction.markup import TextBlock
from index.sources.extraction.site_voice import site_voice

_WORD = re.compile(r"\w+")
_SHINGLE = 4  # words: sequences of this length hardly recur by chance
_MIN_COVERED = 0.9  # share of the shingles of a block: trafilatura hardly changes text
_MIN_SHARE = 0.15  # of the article's letters, for an element to count as one of its containers
_MAX_LINKED = 0.3  # share of the letters of running text
_ONLY_LINKS = 0.8  # share of the letters of a link
_OUTSIDE = "outside the article"
_SHORT_WORDS = 15  # a line, not a paragraph
_PARAGRAPH_CHARS = 80
_MIN_RUNNING = 160  # characters: two paragraphs, of a page that marks none as its article
_TITLE_SHARE = 0.6  # of the longer title, for one that contains the other to equal it
_OPENING_BLOCKS = 8  # with headlines, bylines and dates
_LABEL_WORDS = 5
_STANDFIRST_WORDS = 10
_STANDFIRST_REACH = 10  # blocks between a title and the first paragraph
_MAX_REPEATED = 0.8  # share of the words of a standfirst that the first paragraphs have
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_SENTENCE_END = re.compile(
    r"""[.!?\u2026:;\u3002\uff01\uff1f\u0964\u06d4\u061f]["'\u2019\u201d\u00bb)\]]*$"""
)
_BYLINE = re.compile(r"by\s", re.IGNORECASE)
_NO_LABEL = re.compile(rf"\d|{_SENTENCE_END.pattern}")
_DATED = re.compile(r"\b(19|20)\d\d\b|\d\d?:\d\d|^by\s", re.IGNORECASE)

_LANDMARK_REASONS = {
    "aside": "beside the article",
    "button": "a button",
    "figcaption": "a caption",
    "footer": "a footer",
    "form": "a form",
    "header": "a header",
    "nav": "navigation",
}


def article_verdicts(
    tree: HtmlElement, blocks: list[TextBlock], titles: Iterable[str], description: str = ""
) -> list[str]:
    """For each block of `tree`, the reason why it is not part of the article; "" if it is.

    `titles` are all wordings of its title, `description` is how the page describes itself.

    Raises CoverageError for a page that cannot be analysed.
    """
    names = {_normalised(title) for title in titles} - {""}
    verdicts = _covered(blocks, _article_text(tree))
    _fill_gaps(blocks, verdicts)
    _drop_unwanted(blocks, verdicts, names)
    _drop_opening(blocks, verdicts)
    _keep_standfirst(blocks, verdicts, names, description)
    _drop_bare_headings(blocks, verdicts)
    _drop_ending(blocks, verdicts)
    return verdicts


def running_text_verdicts(
    blocks: list[TextBlock], verdicts: list[str], title: str, revealed: str = ""
) -> list[str]:
    """The same for a page without any article so far: its best run of running text is kept.

    That is looked for among the blocks that may be running text, whatever element they stand in,
    and among those that are left out for the reason `revealed`.
    """
    places = [
        i
        for i, block in enumerate(blocks)
        if block.linked < _MAX_LINKED
        and block.left_out in {"", revealed}
        and block.landmark not in {"nav", "button", "form"}
    ]
    cleaned = clean([blocks[i].text for i in places], title)
    kept = [
        i
        for i, block in zip(places, cleaned, strict=True)
        if block.kept and not site_voice(block.text)
    ]
    running = [i for i in kept if _is_running_text(blocks[i])]
    if sum(len(blocks[i].text) for i in running) < _MIN_RUNNING:
        return verdicts
    found = [verdict or _OUTSIDE for verdict in verdicts]
    for i in kept:
        if running[0] <= i <= running[-1]:
            found[i] = ""
    return found


def _is_running_text(block: TextBlock) -> bool:
    return len(block.text) >= _PARAGRAPH_CHARS and bool(_SENTENCE_END.search(block.text))


def _article_text(tree: HtmlElement) -> str:
    """The article as trafilatura sees it, one block per line."""
    from trafilatura import extract  # noqa: PLC0415 - slow to import

    # Failures are reported by CoverageError, not on the terminal where the bot runs.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return extract(tree, include_comments=False) or ""
    except Exception as error:  # undocumented, and pages are untrusted
        raise CoverageError("no article was found in it; save it as plain text") from error


def _covered(blocks: list[TextBlock], article: str) -> list[str]:
    lines = {
        _without_spaces(line.removeprefix("- ").replace("|", "")) for line in article.splitlines()
    }
    shingles = set(_shingles(" ".join(map(_printable, article.splitlines()))))
    return [
        "" if not one.left_out and _is_covered(one.text, lines, shingles) else _reason_outside(one)
        for one in blocks
    ]


def _is_covered(text: str, lines: set[str], shingles: set[tuple[str, ...]]) -> bool:
    if _without_spaces(text) in lines:
        return True
    own = _shingles(_printable(text))
    return bool(own) and sum(shingle in shingles for shingle in own) >= _MIN_COVERED * len(own)


def _without_spaces(text: str) -> str:
    return _printable("".join(text.split()))


def _printable(text: str) -> str:
    """`text` without the characters that trafilatura drops: invisible ones, and those of icons."""
    if text.isprintable():
        return text
    return "".join(filter(str.isprintable, text))


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text)
    return list(zip(*(words[i:] for i in range(_SHINGLE)), strict=False))


def _reason_outside(block: TextBlock) -> str:
    if block.left_out:
        return block.left_out
    if block.landmark:
        return _LANDMARK_REASONS[block.landmark]
    return "only a link" if block.linked >= _ONLY_LINKS else _OUTSIDE


def _fill_gaps(blocks: list[TextBlock], verdicts: list[str]) -> None:
    """Keep paragraphs in the containers of the article: advertisements interrupt it."""
    letters: Counter[object] = Counter()
    for _, block in _kept(blocks, verdicts):
        if block.tag == "p":
            letters[block.container] += len(block.text)
    containers = {
        container for container, n in letters.items() if n >= _MIN_SHARE * letters.total()
    }
    started = False
    for i, block in enumerate(blocks):
        started = started or not verdicts[i]
        if (
            started
            and not block.left_out
            and block.tag == "p"
            and block.container in containers
            and block.linked < _MAX_LINKED
            and _word_count(block.text) >= _SHORT_WORDS
            and _SENTENCE_END.search(block.text)
        ):
            verdicts[i] = ""


def _drop_unwanted(blocks: list[TextBlock], verdicts: list[str], titles: set[str]) -> None:
    seen = set()
    for i, block in _kept(blocks, verdicts):
        if block.text in seen:
            verdicts[i] = "repeats an earlier block"
        elif _is_title(block.text, titles):
            verdicts[i] = "the title"
        elif block.linked >= _ONLY_LINKS or _ADDRESS.fullmatch(block.text):
            verdicts[i] = "only a link"
        else:
            verdicts[i] = site_voice(block.text)
        seen.add(block.text)


def _drop_opening(blocks: list[TextBlock], verdicts: list[str]) -> None:
    """Drop headlines before the first paragraph, and dates and bylines around a standfirst."""
    opened = False
    for i, block in islice(list(_kept(blocks, verdicts)), _OPENING_BLOCKS):
        if block.tag in _HEADINGS and not opened:
            verdicts[i] = "a headline"
        elif (
            _word_count(block.text) <= _SHORT_WORDS
            and _DATED.search(block.text)
            and not _SENTENCE_END.search(block.text)
            and (not opened or _BYLINE.match(block.text))
        ):
            verdicts[i] = "a date or byline"
        else:
            opened = True


def _drop_ending(blocks: list[TextBlock], verdicts: list[str]) -> None:
    """Drop the labels of buttons and forms after the last paragraph."""
    for i, block in reversed(list(_kept(blocks, verdicts))):
        is_label = block.tag != "li" and _word_count(block.text) <= _LABEL_WORDS
        if not is_label or _NO_LABEL.search(block.text):
            return
        verdicts[i] = "a label after the article"


def _keep_standfirst(
    blocks: list[TextBlock], verdicts: list[str], titles: set[str], description: str
) -> None:
    """Keep the sentence below the title by which the page describes itself.

    Unless the first paragraphs say the same again.
    """
    first = next((i for i, _ in _kept(blocks, verdicts)), 0)
    above = range(max(first - _STANDFIRST_REACH, 0), first)
    title = next((i for i in reversed(above) if _is_title(blocks[i].text, titles)), first)
    said = " ".join(block.text for _, block in islice(_kept(blocks, verdicts), 2)).lower()
    said_words = set(_WORD.findall(said))
    for i in range(title + 1, first):
        words = _WORD.findall(blocks[i].text.lower())
        if (
            not blocks[i].left_out
            and blocks[i].landmark in {"", "header"}
            and len(words) >= _STANDFIRST_WORDS
            and _SENTENCE_END.search(blocks[i].text)
            and not blocks[i].text.endswith(("..", "…"))
            and _normalised(description).startswith(" ".join(words[:_STANDFIRST_WORDS]))
            and sum(word in said_words for word in words) < _MAX_REPEATED * len(words)
        ):
            verdicts[i] = ""
            return


def _drop_bare_headings(blocks: list[TextBlock], verdicts: list[str]) -> None:
    """Drop headings of sections without any kept block."""
    below = "h0"  # tag of the next kept block; at the end a heading above all others
    for i, block in reversed(list(_kept(blocks, verdicts))):
        if block.tag in _HEADINGS and below in _HEADINGS | {"h0"} and below <= block.tag:
            verdicts[i] = "a heading of nothing"
        else:
            below = block.tag


def _kept(blocks: list[TextBlock], verdicts: list[str]) -> Iterator[tuple[int, TextBlock]]:
    return ((i, block) for i, block in enumerate(blocks) if not verdicts[i])


def _is_title(text: str, titles: set[str]) -> bool:
    normalised = _normalised(text)
    return any(
        (normalised in title or title in normalised)
        and min(len(normalised), len(title)) >= _TITLE_SHARE * max(len(normalised), len(title))
        for title in titles
    )


def _normalised(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _word_count(text: str) -> int:
    return len(_WORD.findall(text))
