"""Cites passages, with a link that opens the article at the quoted words.

The link is a text fragment (https://wicg.github.io/scroll-to-text-fragment/): the address followed
by `#:~:text=[prefix-,]start[,end]`. A browser that finds the words scrolls to them and highlights
them; otherwise it just opens the page.
"""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from index.answers.ranking import RankedPassage
from index.answers.repeats import also_in
from index.model import Article, Hit, Passage, Span
from index.retrieval.retriever import Retriever
from index.sources.addresses import linkable

_EDGE_WORDS = 5  # words at each end of a long quotation
# Browsers match whole words, so punctuation at the ends of the quotation can be dropped.
_PUNCTUATION = "\"'“”‘’«»()[]{}.,;:!?…—–-"
# Percent-encoding of each byte of UTF-8. It includes the delimiters of text fragments, and
# brackets, at which chat clients cut links.
_ENCODED = {byte: quote(bytes([byte]), safe="").replace("-", "%2D") for byte in range(256)}


def to_passages(retriever: Retriever, ranked: Sequence[RankedPassage]) -> list[Passage]:
    """The ranked passages with their articles. Raises StaleIndexError."""
    articles = retriever.articles_at([one.article for one in ranked])
    return [
        Passage(article, one.number, one.text)
        for one, article in zip(ranked, articles, strict=True)
    ]


def cite(
    retriever: Retriever, ranked: Sequence[RankedPassage], passages: Sequence[Passage]
) -> tuple[Hit, ...]:
    """Each passage as a hit: score, highlight, link, other outlets. Raises StaleIndexError."""
    texts_before = retriever.preceding_texts([(one.article, one.number) for one in ranked])
    return tuple(
        Hit(
            passage,
            one.score,
            one.sentence,
            link(passage.article, preceding, passage.text, one.sentence, passage.page),
            overtaken=one.overtaken,
            also_in=also_in(retriever, (one.article, one.number), passage, one.sentence),
        )
        for one, passage, preceding in zip(ranked, passages, texts_before, strict=True)
    )


def link(article: Article, preceding: str, text: str, quoted: Span, page: int = 0) -> str:
    """The link that opens `article` at the `quoted` part of its paragraph `text`.

    `preceding` is the article's text before that paragraph, and `page` its page in a PDF (see
    RFC 8118) or 0. A brief is worded differently from its article, so its link has no fragment.
    Empty if the article has no web address. A text fragment of that address is replaced: somebody
    had searched for it.
    """
    address = linkable(article.url.partition(":~:")[0].removesuffix("#"))
    if article.brief or not address:
        return address
    if page and "#" not in address and urlsplit(address).path.lower().endswith(".pdf"):
        address += f"#page={page}"
    fragment = text_fragment(f"{preceding}\n{text[: quoted.start]}", quoted.of(text))
    return f"{address}{'' if '#' in address else '#'}:~:text={fragment}"


def text_fragment(preceding: str, quoted: str) -> str:
    """The percent-encoded value of `text=` that highlights `quoted`.

    A short quotation is given in full, a long one by its first and last words. If the first words
    occur in the `preceding` text too, the words just before the quotation are added as a prefix.
    """
    words = quoted.split()
    whole = len(words) <= 2 * _EDGE_WORDS
    first = " ".join(words if whole else words[:_EDGE_WORDS])
    last = "" if whole else "," + _encode(" ".join(words[-_EDGE_WORDS:]).rstrip(_PUNCTUATION))
    if _contains(preceding, first.strip(_PUNCTUATION)):
        prefix = " ".join(preceding.rsplit(maxsplit=_EDGE_WORDS)[-_EDGE_WORDS:])
        return f"{_encode(prefix)}-,{_encode(first)}{last}"
    return _encode(first.strip(_PUNCTUATION)) + last


def _contains(text: str, words: str) -> bool:
    """True if `text` contains the words, ignoring case and white space."""
    text, words = text.lower(), words.lower()
    # If a word is missing, white space need not be normalized, which is slower.
    return all(word in text for word in words.split()) and words in " ".join(text.split())


def _encode(words: str) -> str:
    return words.encode().decode("latin-1").translate(_ENCODED)
