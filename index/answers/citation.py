"""Where a quotation stands: a link that opens the article at the very words.

The link is a text fragment (https://wicg.github.io/scroll-to-text-fragment/): the address followed
by `#:~:text=[prefix-,]start[,end]`. A browser that finds the words scrolls to them and marks them;
where the page has changed, it just opens.
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from index.answers.ranking import RankedPassage
from index.model import Article, Hit, Passage, Span
from index.retrieval.retriever import Retriever

_EDGE_WORDS = 5  # words that name each end of the marked text
# A browser matches whole words, so that what clings to the outside of the quotation may go.
_OUTSIDE = "\"'“”‘’«»()[]{}.,;:!?…—–-"
# What stands for each byte of UTF-8. Besides what a URL forbids: the fragment's own signs, and
# brackets, at which a chat that makes links of addresses would cut this one.
_ENCODED = [quote(bytes([byte]), safe="").replace("-", "%2D") for byte in range(256)]


def to_passages(retriever: Retriever, ranked: Sequence[RankedPassage]) -> list[Passage]:
    """The ranked passages with their articles."""
    articles = retriever.articles_at([one.article for one in ranked])
    return [
        Passage(about, one.number, one.text) for one, about in zip(ranked, articles, strict=True)
    ]


def cite(
    retriever: Retriever, ranked: Sequence[RankedPassage], passages: Sequence[Passage]
) -> tuple[Hit, ...]:
    """Each ranked passage as a hit: with its score, its highlight, and the link to that."""
    preceding = retriever.preceding_texts([(one.article, one.number) for one in ranked])
    return tuple(
        Hit(
            passage,
            one.score,
            one.sentence,
            link(passage.article, before, passage.text, one.sentence),
        )
        for one, passage, before in zip(ranked, passages, preceding, strict=True)
    )


def link(article: Article, before: str, text: str, quoted: Span) -> str:
    """The address of `article`, opened at the `quoted` part of its paragraph `text`.

    `before` is the article up to that paragraph. A brief has other words than its article, so that
    its link opens the article alone. Empty where the article is not on the web.
    """
    if not is_web_address(article.url):
        return ""
    if article.brief:
        return article.url
    fragment = text_fragment(f"{before}\n{text[: quoted.start]}", quoted.of(text))
    return f"{article.url}{'' if '#' in article.url else '#'}:~:text={fragment}"


def is_web_address(url: str) -> bool:
    """Whether a browser can be sent to `url`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url)


def text_fragment(before: str, quoted: str) -> str:
    """The value of `text=` that marks `quoted`, which stands after `before`; percent-encoded.

    A short sentence is given whole, a long one by its first and last words. Where the first words
    stand `before` too, the words that lead to the right place come as a prefix.
    """
    words = quoted.split()
    whole = len(words) <= 2 * _EDGE_WORDS
    first = " ".join(words if whole else words[:_EDGE_WORDS])
    last = "" if whole else "," + _encode(" ".join(words[-_EDGE_WORDS:]).rstrip(_OUTSIDE))
    if _holds(before, first.strip(_OUTSIDE)):
        prefix = " ".join(before.rsplit(maxsplit=_EDGE_WORDS)[-_EDGE_WORDS:])
        return f"{_encode(prefix)}-,{_encode(first)}{last}"
    return _encode(first.strip(_OUTSIDE)) + last


def _holds(text: str, words: str) -> bool:
    """Whether `text` has those words, whatever white space and capitals are in it."""
    text, words = text.lower(), words.lower()
    # Where one of them is missing, the white space need not be looked at, which takes longer.
    return all(word in text for word in words.split()) and words in " ".join(text.split())


def _encode(words: str) -> str:
    return "".join(map(_ENCODED.__getitem__, words.encode()))
