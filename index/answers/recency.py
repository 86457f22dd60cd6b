"""Puts the newest first: where a question asks for it, and of figures that were overtaken.

"The latest on the ferry" orders all passages on the topic by their day. Of several that give a
figure or a date of the same story about equally well, the newest comes first, and the older ones
are marked as overtaken.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import numpy as np

from index.answers.ranking import RankedPassage
from index.queries.answer_kinds import AnswerKind, find_kind
from index.queries.query import Query
from index.queries.time_expressions import Recency
from index.retrieval.retriever import Retriever

_FIGURES = {AnswerKind.NUMBER, AnswerKind.MONEY, AnswerKind.SHARE, AnswerKind.DATE}
_LOOKED_AT = 5  # passages among which a newer figure is looked for
_MIN_COVERAGE = 0.9  # of the best passage, if its words are to tell
_MIN_LOGIT = 1.0
_MAX_LOGIT_LOSS = 3.0  # against the best passage
_MIN_SHARED_IDF = 1.0  # of the terms that two passages on one story share; of one rare name: 1
_ON_TOPIC = 0.75  # share of the best passage's coverage


class NewestFirst:
    """The ranked passages, the newest first as far as the question wants it.

    Of the others, only the first are looked at, as to fetch texts is slow.
    """

    def __init__(self, retriever: Retriever, query: Query, ranked: Iterable[RankedPassage]) -> None:
        self._ranked, self._first = ranked, list[RankedPassage]()
        if query.recency is Recency.LATEST:
            self._first = _by_day([*ranked], query.period.last.toordinal())
        elif query.kind in _FIGURES or query.recency is Recency.CURRENT:
            self._first = _overtake(retriever, query, [*islice(ranked, _LOOKED_AT)])

    def __iter__(self) -> Iterator[RankedPassage]:
        return chain(self._first, islice(self._ranked, len(self._first), None))


def _by_day(passages: Sequence[RankedPassage], last: int) -> list[RankedPassage]:
    """The passages on the topic that came out by the `last` day, newest first, then the others."""
    enough = _ON_TOPIC * max((one.features.coverage for one in passages), default=0.0)

    def order(passage: RankedPassage) -> tuple[bool, int]:
        is_wanted = passage.features.coverage >= enough and passage.day <= last
        return not is_wanted, -passage.day if is_wanted else 0

    return sorted(passages, key=order)


def _overtake(
    retriever: Retriever, query: Query, passages: list[RankedPassage]
) -> list[RankedPassage]:
    """The passages, the newest first of those that answer as well as the first, and marked."""
    if not passages or query.recency is Recency.INITIAL or query.period_is_named:
        return passages
    best, asked_on = passages[0], query.period.last.toordinal()
    dated = [one for one in passages if 0 < one.day <= asked_on]
    rivals = [
        one
        for one in dated
        if one is best
        or (_answers_as_well(query, one, best) and _is_same_story(retriever, query, one, best))
    ]
    if best not in rivals or len(rivals) == 1:
        return passages
    newest = max(rivals, key=lambda one: one.day)
    if query.kind not in _FIGURES:
        return _first(newest, passages)
    figures = _figures(query, newest)
    overtaken = [one for one in rivals if one.day < newest.day and figures - _figures(query, one)]
    if newest is not best and best not in overtaken:
        return passages
    return _first(newest, [one._replace(overtaken=one in overtaken) for one in passages])


def _first(newest: RankedPassage, passages: list[RankedPassage]) -> list[RankedPassage]:
    """The passages with the newest in the first place."""
    at = [(one.article, one.number) for one in passages].index((newest.article, newest.number))
    return [passages[at], *passages[:at], *passages[at + 1 :]]


def _answers_as_well(query: Query, passage: RankedPassage, best: RankedPassage) -> bool:
    """True if a passage answers about as well as the best one, by its words or by the reader."""
    mine, its = passage.features, best.features
    share = _ON_TOPIC if query.recency is Recency.CURRENT else 1.0
    matches = (
        its.coverage >= _MIN_COVERAGE
        and mine.kind >= its.kind
        and mine.coverage >= share * its.coverage
        and mine.focus >= share * its.focus
    )
    if best.logit is None or passage.logit is None:
        return matches and best.logit is None
    may_answer = matches or passage.logit >= _MIN_LOGIT
    return may_answer and passage.logit >= best.logit - _MAX_LOGIT_LOSS


def _is_same_story(
    retriever: Retriever, query: Query, one: RankedPassage, other: RankedPassage
) -> bool:
    """True if they share enough terms, of their headlines and of the question."""
    terms = [
        {*each.title.tolist(), *query.term_ids[each.matched].tolist()} for each in (one, other)
    ]
    shared = np.array(sorted(set.intersection(*terms)), np.int32)
    return float(retriever.relative_idf(shared).sum()) >= _MIN_SHARED_IDF


def _figures(query: Query, passage: RankedPassage) -> set[str]:
    """The figures or dates in the answering sentence."""
    if query.kind is None:
        return set()
    return {*find_kind(query.kind, passage.sentence.of(passage.text), query.language)}
