"""Makes references to passages, and resolves them after later reindexes."""

import hashlib
from collections.abc import Sequence

from index.answers.citation import link
from index.answers.ranking import RankedPassage
from index.answers.repeats import also_in
from index.model import Article, Hit, Passage, Reference, Span
from index.retrieval.retriever import Retriever

_DIGEST_BYTES = 8


def make_ref(passage: Passage, highlight: Span) -> Reference:
    """The reference to a passage and its highlight."""
    key, digest = passage.article.id, _digest(passage.text)
    return Reference(key, passage.number, highlight.start, highlight.end, digest)


def make_refs(
    ranked: Sequence[RankedPassage], passages: Sequence[Passage]
) -> tuple[Reference, ...]:
    """The references to ranked passages, each with the passage that it is."""
    pairs = zip(ranked, passages, strict=True)
    return tuple(make_ref(passage, one.sentence) for one, passage in pairs)


def resolve_ref(retriever: Retriever, reference: Reference) -> Hit | None:
    """The passage with exactly the referenced text, as a hit of score 0; None if it is gone.

    It may have another number in its article by now.
    """
    for position in retriever.positions_of(reference.article):
        passages = retriever.passages_in(position)
        index = reference.number - 1
        same_number = [passages[index]] if 0 <= index < len(passages) else []
        for passage in (*same_number, *passages):
            if _digest(passage.text) == reference.digest:
                preceding = "\n".join(other.text for other in passages[: passage.number - 1])
                highlight = Span(reference.start, reference.end)
                address = link(passage.article, preceding, passage.text, highlight)
                copies = also_in(retriever, (position, passage.number), passage, highlight)
                return Hit(passage, 0.0, highlight, address, also_in=copies)
    return None


def neighbours(retriever: Retriever, passage: Passage) -> tuple[str, str]:
    """The paragraphs before and after a passage; empty at the ends of its article."""
    texts = paragraphs_of(retriever, passage.article) or []
    number = passage.number
    return "".join(texts[number - 2 : number - 1]), "".join(texts[number : number + 1])


def paragraphs_of(retriever: Retriever, article: Article) -> list[str] | None:
    """The paragraphs of an article; None if it has changed or is gone."""
    for position in retriever.positions_of(article.id):
        if retriever.articles_at([position]) == [article]:
            return [passage.text for passage in retriever.passages_in(position)]
    return None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=_DIGEST_BYTES).hexdigest()
