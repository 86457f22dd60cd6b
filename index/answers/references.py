"""A passage by name, so that it can be found again after the coverage was indexed anew."""

import hashlib

from index.answers.citation import link
from index.model import Article, Hit, Passage, Reference, Span
from index.retrieval.retriever import Retriever

_DIGEST_BYTES = 8


def make_ref(passage: Passage, highlight: Span) -> Reference:
    """The reference to a passage that was found, and to its highlight."""
    key, digest = passage.article.id, _digest(passage.text)
    return Reference(key, passage.number, highlight.start, highlight.end, digest)


def resolve_ref(retriever: Retriever, reference: Reference) -> Hit | None:
    """The passage with the very text it had, as a hit of score 0; None where there is none.

    It may stand elsewhere in its article by now.
    """
    for position in retriever.positions_of(reference.article):
        passages = retriever.passages_in(position)
        at = reference.number - 1
        near = [passages[at]] if 0 <= at < len(passages) else []
        for passage in (*near, *passages):
            if _digest(passage.text) == reference.digest:
                before = "\n".join(other.text for other in passages[: passage.number - 1])
                highlight = Span(reference.start, reference.end)
                address = link(passage.article, before, passage.text, highlight)
                return Hit(passage, 0.0, highlight, address)
    return None


def neighbours(retriever: Retriever, passage: Passage) -> tuple[str, str]:
    """The paragraphs before and after a passage; empty at the ends of its article."""
    texts = paragraphs_of(retriever, passage.article) or []
    at = passage.number - 1
    return "".join(texts[at - 1 : at] if at else []), "".join(texts[at + 1 : at + 2])


def paragraphs_of(retriever: Retriever, article: Article) -> list[str] | None:
    """The paragraphs of an article; None where it is no longer there as it was."""
    for position in retriever.positions_of(article.id):
        if retriever.articles_at([position]) == [article]:
            return [passage.text for passage in retriever.passages_in(position)]
    return None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=_DIGEST_BYTES).hexdigest()
