"""Puts what adds an answer before what repeats one, where a question asks for several.

"Which bidders …?" is answered by each bidder, not by the same one three times. As maximal marginal
relevance (Carbonell and Goldstein 1998), but a passage either repeats those before it or does not.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from index.analysis.analyzer import Analyzer, Token
from index.answers.ranking import RankedPassage
from index.queries.query import Query
from index.queries.several import Several

_LOOKED_AT = 10  # passages; to move one up from further below would seldom help
_MIN_COVERAGE_SHARE = 0.5  # of the best passage, from which one may be moved up
_MAX_LOGIT_LOSS = 4.0
_MIN_NEW_SHARE = 0.5  # of the names, or of the terms, of a sentence that says something else


def varied(
    analyzer: Analyzer, query: Query, ranked: Iterable[RankedPassage]
) -> Iterable[RankedPassage]:
    """The passages, those that repeat better ones after the others on the matter."""
    if query.several is Several.NO:
        return ranked
    first = [*islice(ranked, _LOOKED_AT)]
    return chain(_new_first(analyzer, query, first), islice(ranked, len(first), None))


def _new_first(
    analyzer: Analyzer, query: Query, passages: Sequence[RankedPassage]
) -> Iterator[RankedPassage]:
    seen, rest = set[str](), list[RankedPassage]()
    for passage in passages:
        if _is_on_topic(passage, passages[0]) and not _repeats(analyzer, query, passage, seen):
            seen.update(analyzer.terms(passage.text))
            yield passage
        else:
            rest.append(passage)
    yield from rest


def _repeats(analyzer: Analyzer, query: Query, passage: RankedPassage, seen: set[str]) -> bool:
    """True if most names and numbers of the answering sentence are known, and most of its terms.

    Where names are asked for, these count alone.
    """
    sentence = analyzer.tokens(passage.sentence.of(passage.text))
    tokens = [one for one in sentence if not one.is_stop_word and one.term not in query.terms]
    names = [one for one in tokens if one.text[0].isupper() or one.text[0].isdigit()]
    if query.several is Several.NAMES and names:
        return _is_known(names, seen)
    return _is_known(names, seen) and _is_known(tokens, seen)


def _is_known(tokens: Sequence[Token], seen: set[str]) -> bool:
    new = sum(token.term not in seen for token in tokens)
    return new < len(tokens) * _MIN_NEW_SHARE or not tokens


def _is_on_topic(passage: RankedPassage, best: RankedPassage) -> bool:
    if passage.logit is None or best.logit is None:
        return passage.features.coverage >= best.features.coverage * _MIN_COVERAGE_SHARE
    return passage.logit >= best.logit - _MAX_LOGIT_LOSS
