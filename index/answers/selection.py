"""Chooses the passages of an answer from the ranking."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from index.analysis.analyzer import Analyzer
from index.answers.ranking import RankedPassage
from index.answers.repeats import distinct
from index.queries.comparison import Each
from index.queries.query import Query

# A second article is shown if its best passage has this share of the best passage's coverage.
_MIN_COVERAGE_SHARE = 0.6


def choose(
    analyzer: Analyzer, query: Query, ranked: Iterable[RankedPassage], top: int
) -> list[RankedPassage]:
    """The `top` best passages, best first, none of which repeats another.

    If all come from one article, the last is replaced by the best of another article that matches
    enough of the question. If each article is asked for, the best passage of each.
    """
    best_first = distinct(analyzer, ranked)
    if query.each is Each.ARTICLE:
        return [*islice(_best_of_each_article(best_first), top)]
    chosen = [*islice(best_first, top)]
    if top > 1 and len({passage.article for passage in chosen}) == 1:
        enough = chosen[0].features.coverage * _MIN_COVERAGE_SHARE
        others = (
            passage
            for passage in ranked
            if passage.article != chosen[0].article and passage.features.coverage >= enough
        )
        for passage in distinct(analyzer, others, chosen):
            return [*chosen[:-1], passage]
    return chosen


def further(
    analyzer: Analyzer, ranked: Iterable[RankedPassage], chosen: Sequence[RankedPassage]
) -> Iterator[RankedPassage]:
    """The passages that were not chosen, best first, without repeats."""
    keys = {(passage.article, passage.number) for passage in chosen}
    rest = (passage for passage in ranked if (passage.article, passage.number) not in keys)
    return distinct(analyzer, rest, chosen)


def _best_of_each_article(ranked: Iterable[RankedPassage]) -> Iterator[RankedPassage]:
    seen = set()
    for passage in ranked:
        if passage.article not in seen:
            seen.add(passage.article)
            yield passage
