"""One saved web page -> a `ExtractedArticle`: which of its blocks are the article, and why the others are not.

trafilatura finds the article's text. Its answer is taken as evidence, not as output: the blocks of
the page that it covers are kept, as they stand in the page. The rules after it mend what it does
badly on news: articles parted by advertisements, headlines, link lists and calls to subscribe.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from index.errors import CoverageError
from index.model import Block, ExtractedArticle
from index.sources.extraction.hidden import prune
from index.sources.extraction.markup import Segment, markup_blocks, parse
from index.sources.extraction.metadata import read_metadata

_WORD = re.compile(r"\w+")
_RUN = 4  # words: runs of so many hardly recur by chance
_COVERED = 0.9  # of the runs of a block that is part of the article, as trafilatura changes little
_HOME = 0.15  # of the article's paragraphs: an element that holds so much is one of its homes
_MORE_LINKS = 0.3  # of a paragraph's letters: beyond that it is not running text
_ONLY_LINKS = 0.8
_SHORT = 15  # words of a line that is no paragraph
_APPEAL_WORDS = 60
_TITLE_SHARE = 0.6  # of the longer of two titles that say the same
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_SENTENCE_END = re.compile(r"""[.!?\u2026:;\u3002\uff01\uff1f]["'\u2019\u201d\u00bb)\]]*$""")
_DATED = re.compile(r"\b(19|20)\d\d\b|\d\d?:\d\d|^by\s", re.IGNORECASE)
_APPEAL = re.compile(
    r"\b(sign up|subscribe|newsletters?|click here|all rights reserved|copyright"
    r"|follow (@?\w+ ){1,8}on (twitter|facebook|instagram)|share (it|this)|like this story"
    r"|leave a (comment|reply))\b|\u00a9",
    re.IGNORECASE,
)

_PLACES = {
    "aside": "beside the article",
    "button": "a button",
    "figcaption": "a caption",
    "footer": "a footer",
    "form": "a form",
    "header": "a header",
    "nav": "navigation",
}


def read_html(markup: str, url: str = "") -> ExtractedArticle:
    """Return the page with all blocks that its reader sees; none is kept if it has no article.

    Raises CoverageError for a page that cannot be read.
    """
    tree = parse(markup)
    if tree is None:
        return ExtractedArticle((), url=url)
    about = read_metadata(tree)
    titles = _titles(tree, about.title)
    prune(tree)
    found = markup_blocks(tree)
    verdicts = _verdicts(found, _article_text(tree), titles)
    return ExtractedArticle(
        tuple(
            Block(segment.text, verdict) for segment, verdict in zip(found, verdicts, strict=True)
        ),
        title=about.title,
        publisher=about.publisher,
        author=about.author,
        published=about.published,
        url=url or about.url,
    )


def _titles(tree: HtmlElement, title: str) -> set[str]:
    """Return all wordings of the title, as `_plain` text."""
    headings = list(tree.iter("h1"))
    names = [title, tree.findtext(".//title") or ""]
    names += [heading.text_content() for heading in headings if len(headings) == 1]
    return {_plain(name) for name in names} - {""}


def _article_text(tree: HtmlElement) -> str:
    """Return what trafilatura takes for the article of a tree, a block a line."""
    # A slow import, and the program has more to do than to read web pages.
    from trafilatura import extract  # noqa: PLC0415

    # What it cannot read is reported here, not on the terminal of whoever started the bot.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return extract(tree, include_comments=False) or ""
    except Exception as error:  # it promises none, and the page is anybody's
        raise CoverageError("its article cannot be found; save it as plain text") from error


def _verdicts(found: list[Segment], article: str, titles: set[str]) -> list[str]:
    """Return for each segment why it is not part of the article, or "" if it is."""
    verdicts = _covered(found, article)
    _fill_gaps(found, verdicts)
    _drop_unwanted(found, verdicts, titles)
    _drop_opening(found, verdicts)
    _drop_bare_headings(found, verdicts)
    return verdicts


def _covered(found: list[Segment], article: str) -> list[str]:
    lines = {_squeezed(line.removeprefix("- ")) for line in article.splitlines()}
    runs = set(_runs(article))
    return ["" if _is_covered(s.text, lines, runs) else _whereabouts(s) for s in found]


def _is_covered(text: str, lines: set[str], runs: set[tuple[str, ...]]) -> bool:
    if _squeezed(text) in lines:
        return True
    own = _runs(text)
    return bool(own) and sum(run in runs for run in own) >= _COVERED * len(own)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text)
    return list(zip(*(words[i:] for i in range(_RUN)), strict=False))


def _whereabouts(segment: Segment) -> str:
    if segment.landmark:
        return _PLACES[segment.landmark]
    return "only a link" if segment.linked >= _ONLY_LINKS else "outside the article"


def _fill_gaps(found: list[Segment], verdicts: list[str]) -> None:
    """Keep paragraphs that stand where those of the article stand: advertisements part it."""
    letters: Counter[object] = Counter()
    for _, segment in _kept(found, verdicts):
        if segment.tag == "p":
            letters[segment.holder] += len(segment.text)
    homes = {holder for holder, n in letters.items() if n >= _HOME * letters.total()}
    begun = False
    for i, segment in enumerate(found):
        begun = begun or not verdicts[i]
        if (
            begun
            and segment.tag == "p"
            and segment.holder in homes
            and segment.linked < _MORE_LINKS
            and _word_count(segment.text) >= _SHORT
            and _SENTENCE_END.search(segment.text)
        ):
            verdicts[i] = ""


def _drop_unwanted(found: list[Segment], verdicts: list[str], titles: set[str]) -> None:
    seen = set()
    for i, segment in _kept(found, verdicts):
        if segment.text in seen:
            verdicts[i] = "repeats an earlier block"
        elif _says_title(segment.text, titles):
            verdicts[i] = "the title"
        elif segment.linked >= _ONLY_LINKS:
            verdicts[i] = "only a link"
        elif _APPEAL.search(segment.text) and _word_count(segment.text) < _APPEAL_WORDS:
            verdicts[i] = "asks readers to do something"
        seen.add(segment.text)


def _drop_opening(found: list[Segment], verdicts: list[str]) -> None:
    """Drop headlines, dates and bylines before the first paragraph."""
    for i, segment in _kept(found, verdicts):
        if segment.tag in _HEADINGS:
            verdicts[i] = "a headline"
        elif (
            _word_count(segment.text) <= _SHORT
            and _DATED.search(segment.text)
            and not _SENTENCE_END.search(segment.text)
        ):
            verdicts[i] = "a date or byline"
        else:
            return


def _drop_bare_headings(found: list[Segment], verdicts: list[str]) -> None:
    """Drop headings whose section has nothing that is kept."""
    below = "h0"  # what follows, in reading order: at first nothing, which ends every section
    for i, segment in reversed(list(_kept(found, verdicts))):
        if segment.tag in _HEADINGS and below in _HEADINGS | {"h0"} and below <= segment.tag:
            verdicts[i] = "a heading of nothing"
        else:
            below = segment.tag


def _kept(found: list[Segment], verdicts: list[str]) -> Iterator[tuple[int, Segment]]:
    return ((i, segment) for i, segment in enumerate(found) if not verdicts[i])


def _says_title(text: str, titles: set[str]) -> bool:
    plain = _plain(text)
    return any(
        (plain in title or title in plain)
        and min(len(plain), len(title)) >= _TITLE_SHARE * max(len(plain), len(title))
        for title in titles
    )


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _word_count(text: str) -> int:
    return len(_WORD.findall(text))
