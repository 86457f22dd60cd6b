"""From a question to the passages that answer it, or to "the coverage doesn't say"."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter

from index.answers.citation import link
from index.answers.confidence import confidence
from index.answers.evidence import WEIGHTS, Evidence, Found
from index.answers.ranking import Candidate, Ranking
from index.answers.reference import refer
from index.answers.tuning import Tuning
from index.bm25.okapi import Groups
from index.corpus.corpus import Corpus
from index.model import Answer, Hit, Outcome, Passage
from index.queries.question import Query, parse_question
from index.terms.vocabulary import UNKNOWN

# From this share of the threshold on, the passages are worth a look: on news, one in a hundred of
# the questions that the coverage answers falls below, and one in six of the others.
_CLOSE = 1 / 3

_CANDIDATES = 80  # passages that are looked at closely after BM25 has found them

# Another article's best passage is shown, too, when it holds this share of what the best one does.
_ALSO_SPEAKS = 0.6


def answer(  # noqa: PLR0913 - each but the question can be left to its default
    corpus: Corpus,
    question: str,
    *,
    top: int,
    more: int = 0,
    tuning: Tuning = Tuning(),  # noqa: B008 - it is frozen
    asked: dt.date | None = None,
) -> Answer:
    """The `top` best passages of `corpus` for `question`, and whether they answer it.

    Up to `more` that come next are its `further` ones, unless it says that the coverage does not.

    The question is read as of the day `asked`, by default today. Raises QuestionError where it
    cannot be searched for.
    """
    started = time.perf_counter()
    query = parse_question(corpus, question, asked or dt.datetime.now(dt.UTC).date())
    ranking = rank(corpus, query, WEIGHTS._replace(fresh=tuning.freshness))
    sure = confidence(query, ranking, ranking.coverage)
    chosen = _choose(query, ranking, top)
    outcome = _outcome(sure, tuning.threshold)
    further = islice(_next(ranking, chosen), 0 if outcome is Outcome.ABSENT else more)
    candidates = [*chosen, *further]
    found = [*zip(candidates, _passages(corpus, candidates), strict=True)]
    return Answer(
        question=question,
        outcome=outcome,
        confidence=sure,
        unmatched=query.unmatched,
        suggested=query.suggested,
        corrected=query.corrected,
        hits=_cite(corpus, found[: len(chosen)]),
        further=tuple(refer(passage, one.sentence) for one, passage in found[len(chosen) :]),
        took_ms=(time.perf_counter() - started) * 1000,
        small_talk=query.small_talk,
    )


def _outcome(sure: float, threshold: float) -> Outcome:
    if sure >= threshold:
        return Outcome.ANSWERED
    return Outcome.CLOSE if sure >= threshold * _CLOSE else Outcome.ABSENT


def rank(corpus: Corpus, query: Query, weights: Evidence = WEIGHTS) -> Ranking:
    """The passages that BM25 finds, best first by all evidence; none for small talk.

    BM25 finds them by their own words and those of their article: a paragraph of an article on the
    matter need not name it again. With both, 80 candidates hold as many answers as 150 with one.
    """
    asked_for = () if query.small_talk else query.ids.tolist()
    terms = [term for term in asked_for if term != UNKNOWN]
    articles = corpus.article_ranker.scores(terms)
    positions, scores = corpus.passage_ranker.top(
        terms,
        _CANDIDATES,
        Groups(corpus.article_of, articles, corpus.admitted(query.wanted)),
    )
    found = Found(positions, scores, articles[corpus.article_of[positions]])
    return Ranking(corpus, query, found, weights)


def _choose(query: Query, ranking: Ranking, top: int) -> list[Candidate]:
    """The `top` best with no text twice, and with another article's best where that speaks too.

    Where `each` article is asked for, the best of each.
    """
    distinct = _once(ranking, attrgetter("text"))
    if query.each:
        return [*islice(_once(distinct, attrgetter("article")), top)]
    chosen = [*islice(distinct, top)]
    if top > 1 and len({one.article for one in chosen}) == 1:
        enough = chosen[0].evidence.coverage * _ALSO_SPEAKS
        for one in distinct:
            if one.article != chosen[0].article and one.evidence.coverage >= enough:
                return [*chosen[:-1], one]
    return chosen


def _next(ranking: Ranking, chosen: Sequence[Candidate]) -> Iterator[Candidate]:
    """What was found and not `chosen`, best first, with no text twice."""
    texts = {one.text for one in chosen}
    return (one for one in _once(ranking, attrgetter("text")) if one.text not in texts)


def _once(ranked: Iterable[Candidate], key: Callable[[Candidate], object]) -> Iterator[Candidate]:
    """The first of those for which `key` gives the same."""
    seen = set()
    for one in ranked:
        if (value := key(one)) not in seen:
            seen.add(value)
            yield one


def _passages(corpus: Corpus, found: Sequence[Candidate]) -> list[Passage]:
    articles = corpus.articles.at([one.article for one in found])
    return [
        Passage(about, one.number, one.text) for one, about in zip(found, articles, strict=True)
    ]


def _cite(corpus: Corpus, found: Sequence[tuple[Candidate, Passage]]) -> tuple[Hit, ...]:
    before = corpus.before([(one.article, one.number) for one, _ in found])
    return tuple(
        Hit(
            passage,
            one.score,
            one.sentence,
            link(passage.article, above, passage.text, one.sentence),
        )
        for (one, passage), above in zip(found, before, strict=True)
    )
