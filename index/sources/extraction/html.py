"""Extracts the article of a saved web page, with a reason for each block that is left out."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from index.errors import CoverageError
from index.model import Block, ExtractedArticle
from index.sources.extraction.article_blocks import article_verdicts, running_text_verdicts
from index.sources.extraction.byline import with_byline
from index.sources.extraction.comments import comment_elements
from index.sources.extraction.hidden import hidden_elements, remove, remove_unread, wrappers
from index.sources.extraction.inline_markup import rewrite
from index.sources.extraction.linked_text import article_body
from index.sources.extraction.markup import TextBlock, markup_blocks, parse
from index.sources.extraction.metadata import read_metadata
from index.sources.extraction.page_kinds import forwards, page_kind

_HIDDEN = "hidden on the page"
_MIN_LETTERS = 60  # of an article; less is "Loading …"
_MIN_SHOWN = 0.5  # share of the article in the JSON-LD that a page shows if it is complete


def read_html(markup: str, url: str = "") -> ExtractedArticle:
    """Extract all blocks of text of a page; none of them is kept if it has no article.

    Raises CoverageError for a page that is too big, cannot be analysed, or was sent in place of an
    article.
    """
    tree = parse(markup)
    if tree is None:
        return ExtractedArticle((), url=url)
    metadata = read_metadata(tree, markup)
    titles = [metadata.title, tree.findtext(".//title") or "", *_headings(tree)]
    description, body, leads_on = _description(tree), article_body(tree), forwards(tree)
    remove_unread(tree)
    rewrite(tree)
    set_aside = dict.fromkeys(hidden_elements(tree), _HIDDEN)
    set_aside |= dict.fromkeys(comment_elements(tree), "a reader's comment")
    for wrapper in wrappers(tree):
        set_aside.pop(wrapper, None)
    found = markup_blocks(tree, set_aside)
    remove(tree, set_aside)
    verdicts = article_verdicts(tree, found, titles, description)
    blocks = _complete(found, verdicts, metadata.title, body)
    kept = [block.text for block in blocks if block.kept]
    if kind := page_kind(titles, kept, forwards=leads_on):
        raise CoverageError(f"it is {kind}, not an article; save the article itself")
    article = ExtractedArticle(
        blocks,
        title=metadata.title,
        publisher=metadata.publisher,
        author=metadata.author,
        published=metadata.published,
        url=url or metadata.url,
    )
    return with_byline(article, metadata.language)


def _headings(tree: HtmlElement) -> list[str]:
    """The main heading, if there is only one."""
    headings = list(tree.iter("h1"))
    return [heading.text_content() for heading in headings if len(headings) == 1]


def _description(tree: HtmlElement) -> str:
    """The page's description of itself, which is often the standfirst of its article."""
    names = ("og:description", "description", "twitter:description")
    found = {
        (meta.get("property") or meta.get("name") or "").lower(): meta.get("content", "")
        for meta in tree.iter("meta")
    }
    return next((found[name] for name in names if found.get(name)), "")


def _complete(
    blocks: list[TextBlock], verdicts: list[str], title: str, body: Sequence[str]
) -> tuple[Block, ...]:
    """The blocks of a page with those of its article kept, where that is not found among them yet.

    It may be the best run of running text, which may stand in any element; it may only be in the
    JSON-LD; or hidden until a script has run.
    """
    if _letters(blocks, verdicts) < _MIN_LETTERS:
        verdicts = running_text_verdicts(blocks, verdicts, title)
    if _shows_less(blocks, verdicts, body):
        return (*_around(blocks, verdicts), *map(Block, body))
    if _letters(blocks, verdicts) < _MIN_LETTERS and _HIDDEN in verdicts:
        verdicts = running_text_verdicts(blocks, verdicts, title, revealed=_HIDDEN)
    return tuple(
        Block(block.text, verdict) for block, verdict in zip(blocks, verdicts, strict=True)
    )


def _shows_less(blocks: Sequence[TextBlock], verdicts: Sequence[str], body: Sequence[str]) -> bool:
    """True if a page shows less than half of the article that its JSON-LD contains."""
    return _letters(blocks, verdicts) < _MIN_SHOWN * sum(map(len, body))


def _letters(blocks: Sequence[TextBlock], verdicts: Sequence[str]) -> int:
    """The length of what is kept."""
    return sum(
        len(block.text) for block, verdict in zip(blocks, verdicts, strict=True) if not verdict
    )


def _around(blocks: Sequence[TextBlock], verdicts: Sequence[str]) -> list[Block]:
    return [
        Block(block.text, verdict or "shortened; the whole article is in the page's data")
        for block, verdict in zip(blocks, verdicts, strict=True)
    ]
