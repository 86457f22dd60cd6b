"""Drops passages that repeat better ones, and names the other outlets that have them."""

from collections.abc import Iterable, Iterator

from index.analysis.analyzer import Analyzer
from index.answers.near_copies import is_near_copy, may_be_copy
from index.answers.ranking import RankedPassage
from index.model import Article, Passage, Span, host_of
from index.retrieval.retriever import PassageKey, Retriever

_NO_DATE = "~"  # sorts after every date


def distinct(
    analyzer: Analyzer, ranked: Iterable[RankedPassage], than: Iterable[RankedPassage] = ()
) -> Iterator[RankedPassage]:
    """The ranked passages, without those that repeat a better one or one of `than`."""
    found = [(passage, frozenset(passage.text.split())) for passage in than]
    for passage in ranked:
        words = frozenset(passage.text.split())
        alike = [better.text for better, others in found if may_be_copy(others, words)]
        if not any(is_near_copy(analyzer, text, passage.text, passage.sentence) for text in alike):
            found.append((passage, words))
            yield passage


def also_in(
    retriever: Retriever, key: PassageKey, passage: Passage, quoted: Span
) -> tuple[Article, ...]:
    """The articles of other outlets that have the `quoted` part of a passage in nearly its words.

    One of each outlet, oldest first; those without a date last. Raises StaleIndexError.
    """
    if not (alike := retriever.alike(key)):
        return ()
    words = frozenset(passage.text.split())
    copies = dict.fromkeys(
        article
        for (article, _), text in zip(alike, retriever.texts(alike), strict=True)
        if may_be_copy(frozenset(text.split()), words)
        and is_near_copy(retriever.analyzer, text, passage.text, quoted)
    )
    articles = sorted(retriever.articles_at([*copies]), key=_age)
    seen = _names(passage.article)
    return tuple(one for one in articles if one.outlet and _is_new(one, seen))


def _age(article: Article) -> tuple[str, str, str]:
    """A key that sorts older articles before newer ones, the same way in any order of sources."""
    return article.published or _NO_DATE, article.outlet, article.id


def _is_new(article: Article, seen: set[str]) -> bool:
    """True if the outlet of an article was not seen before; adds it."""
    is_new = article.outlet.casefold() not in seen
    seen |= _names(article)
    return is_new


def _names(article: Article) -> set[str]:
    """The names by which an outlet is known again."""
    return {article.outlet.casefold(), host_of(article.url)}
