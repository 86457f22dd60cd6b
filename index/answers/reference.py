"""A passage by name, so that it can be found again after the coverage was indexed anew."""

import hashlib

from index.answers.citation import link
from index.corpus.corpus import Corpus
from index.model import Hit, Passage, Reference, Span

_DIGEST_BYTES = 8


def refer(passage: Passage, highlight: Span) -> Reference:
    """The reference to a passage that was found, and to its highlight."""
    key, digest = passage.article.id, _digest(passage.text)
    return Reference(key, passage.number, highlight.start, highlight.end, digest)


def find(corpus: Corpus, reference: Reference) -> Hit | None:
    """The passage with the very text it had, as a hit of score 0; None where there is none.

    It may stand elsewhere in its article by now.
    """
    for position in corpus.positions_of(reference.article):
        passages = corpus.passages_in(position)
        at = reference.number - 1
        near = [passages[at]] if 0 <= at < len(passages) else []
        for passage in (*near, *passages):
            if _digest(passage.text) == reference.digest:
                before = "\n".join(other.text for other in passages[: passage.number - 1])
                highlight = Span(reference.start, reference.end)
                address = link(passage.article, before, passage.text, highlight)
                return Hit(passage, 0.0, highlight, address)
    return None


def neighbours(corpus: Corpus, passage: Passage) -> tuple[str, str]:
    """The paragraphs before and after a passage of `corpus`; empty at the ends of its article."""
    for position in corpus.positions_of(passage.article.id):
        if corpus.articles.at([position]) == [passage.article]:
            texts = [other.text for other in corpus.passages_in(position)]
            at = passage.number - 1
            return "".join(texts[at - 1 : at] if at else []), "".join(texts[at + 1 : at + 2])
    return "", ""


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=_DIGEST_BYTES).hexdigest()
