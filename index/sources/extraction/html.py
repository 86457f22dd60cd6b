"""Extracts the article of a saved web page, and gives a reason for each block that it leaves out.

trafilatura finds the article's text. Its output only selects blocks: those of the page that it
covers are kept, verbatim. The rules after it correct its weaknesses on news: articles interrupted
by advertisements, headlines, link lists and calls to subscribe.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from index.errors import CoverageError
from index.model import Block, ExtractedArticle
from index.sources.extraction.byline import with_byline
from index.sources.extraction.hidden import prune
from index.sources.extraction.markup import TextBlock, markup_blocks, parse
from index.sources.extraction.metadata import read_metadata

_WORD = re.compile(r"\w+")
_SHINGLE = 4  # words: sequences of this length hardly recur by chance
_MIN_COVERED = 0.9  # share of the shingles of a block: trafilatura hardly changes text
_MIN_SHARE = 0.15  # of the article's letters, for an element to count as one of its containers
_MAX_LINKED = 0.3  # share of the letters of running text
_ONLY_LINKS = 0.8  # share of the letters of a link
_SHORT_WORDS = 15  # a line, not a paragraph
_APPEAL_WORDS = 60  # a longer text may mention a newsletter
_TITLE_SHARE = 0.6  # of the longer title, for one that contains the other to equal it
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_SENTENCE_END = re.compile(r"""[.!?\u2026:;\u3002\uff01\uff1f]["'\u2019\u201d\u00bb)\]]*$""")
_DATED = re.compile(r"\b(19|20)\d\d\b|\d\d?:\d\d|^by\s", re.IGNORECASE)
_APPEAL = re.compile(
    r"\b(sign up|subscribe|newsletters?|click here|all rights reserved|copyright"
    r"|follow (@?\w+ ){1,8}on (twitter|facebook|instagram)|share (it|this)|like this story"
    r"|leave a (comment|reply))\b|\u00a9",
    re.IGNORECASE,
)

_LANDMARK_REASONS = {
    "aside": "beside the article",
    "button": "a button",
    "figcaption": "a caption",
    "footer": "a footer",
    "form": "a form",
    "header": "a header",
    "nav": "navigation",
}


def read_html(markup: str, url: str = "") -> ExtractedArticle:
    """Extract all visible blocks of a page; none of them is kept if it has no article.

    Raises CoverageError for a page that is too big or cannot be analysed.
    """
    tree = parse(markup)
    if tree is None:
        return ExtractedArticle((), url=url)
    metadata = read_metadata(tree, markup)
    titles = _titles(tree, metadata.title)
    prune(tree)
    blocks = markup_blocks(tree)
    verdicts = _verdicts(blocks, _article_text(tree), titles)
    article = ExtractedArticle(
        tuple(Block(block.text, verdict) for block, verdict in zip(blocks, verdicts, strict=True)),
        title=metadata.title,
        publisher=metadata.publisher,
        author=metadata.author,
        published=metadata.published,
        url=url or metadata.url,
    )
    return with_byline(article, metadata.language)


def _titles(tree: HtmlElement, title: str) -> set[str]:
    """All wordings of the title, as normalised words."""
    headings = list(tree.iter("h1"))
    names = [title, tree.findtext(".//title") or ""]
    names += [heading.text_content() for heading in headings if len(headings) == 1]
    return {_normalised(name) for name in names} - {""}


def _article_text(tree: HtmlElement) -> str:
    """The article as trafilatura sees it, one block per line."""
    from trafilatura import extract  # noqa: PLC0415 - slow to import

    # Failures are reported by CoverageError, not on the terminal where the bot runs.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return extract(tree, include_comments=False) or ""
    except Exception as error:  # undocumented, and pages are untrusted
        raise CoverageError("no article was found in it; save it as plain text") from error


def _verdicts(blocks: list[TextBlock], article: str, titles: set[str]) -> list[str]:
    """For each block, the reason why it is not part of the article; "" if it is."""
    verdicts = _covered(blocks, article)
    _fill_gaps(blocks, verdicts)
    _drop_unwanted(blocks, verdicts, titles)
    _drop_opening(blocks, verdicts)
    _drop_bare_headings(blocks, verdicts)
    return verdicts


def _covered(blocks: list[TextBlock], article: str) -> list[str]:
    lines = {_without_spaces(line.removeprefix("- ")) for line in article.splitlines()}
    shingles = set(_shingles(article))
    return ["" if _is_covered(s.text, lines, shingles) else _reason_outside(s) for s in blocks]


def _is_covered(text: str, lines: set[str], shingles: set[tuple[str, ...]]) -> bool:
    if _without_spaces(text) in lines:
        return True
    own = _shingles(text)
    return bool(own) and sum(shingle in shingles for shingle in own) >= _MIN_COVERED * len(own)


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text)
    return list(zip(*(words[i:] for i in range(_SHINGLE)), strict=False))


def _reason_outside(block: TextBlock) -> str:
    if block.landmark:
        return _LANDMARK_REASONS[block.landmark]
    return "only a link" if block.linked >= _ONLY_LINKS else "outside the article"


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
        elif block.linked >= _ONLY_LINKS:
            verdicts[i] = "only a link"
        elif _APPEAL.search(block.text) and _word_count(block.text) < _APPEAL_WORDS:
            verdicts[i] = "asks readers to do something"
        seen.add(block.text)


def _drop_opening(blocks: list[TextBlock], verdicts: list[str]) -> None:
    """Drop headlines, dates and bylines before the first paragraph."""
    for i, block in _kept(blocks, verdicts):
        if block.tag in _HEADINGS:
            verdicts[i] = "a headline"
        elif (
            _word_count(block.text) <= _SHORT_WORDS
            and _DATED.search(block.text)
            and not _SENTENCE_END.search(block.text)
        ):
            verdicts[i] = "a date or byline"
        else:
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
