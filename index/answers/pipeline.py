"""The stages of a question, in order; each has a module of its own.

resolve the follow-up   queries/follow_up        "and when?" keeps the subject
parse the query         queries/parsing.py       terms, filters, time, kind of answer
retrieve candidates     retrieval/retriever.py   BM25 over passages and articles
compute features        answers/features.py      shares of the question that each passage matches
rank                    answers/ranking.py       weighted sum; the sentence by answers/highlight.py
drop repeats            answers/repeats.py       of near-identical passages, the best stays
read                    answers/reader.py        scores of a cross-encoder, if there is one
prefer the newest       answers/recency.py       "the latest", and figures that were overtaken
vary                    answers/diversity.py     each of several answers before a repeated one
put each side first     answers/sides.py         of each outlet, or of the sources or times named
choose passages         answers/selection.py     no repeats, more than one article
read their sentences    answers/reader.py        which one to highlight
estimate confidence     answers/confidence.py    the chance that the coverage answers at all
cite                    answers/citation.py      the link to the exact words, other outlets
"""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice

from index.analysis.languages import ENGLISH
from index.answers.citation import cite, to_passages
from index.answers.confidence import confidence
from index.answers.config import AnswerConfig
from index.answers.cross_encoder import shipped_readers
from index.answers.diversity import varied
from index.answers.features import WEIGHTS, Features
from index.answers.listing import list_newest
from index.answers.ranking import Ranking
from index.answers.reader import READ_WITHIN_S, Reader, Reranked, reread_sentences
from index.answers.recency import NewestFirst
from index.answers.references import make_refs
from index.answers.repeats import distinct
from index.answers.selection import choose, further
from index.answers.sides import sides_first
from index.model import Answer, Outcome
from index.queries.follow_up.resolution import lacks_previous, resolve_follow_up
from index.queries.parsing import parse_question
from index.queries.query import Query
from index.queries.time_expressions import Recency
from index.retrieval.retriever import Retriever

# The share of the threshold from which passages come close: on news, one in a hundred of the
# questions that the coverage answers falls below, and one in six of the others. Passages that were
# read are shown unless they are on another matter.
_CLOSE = 1 / 3
_CLOSE_IF_READ = 1 / 20

_SMALL = 200  # passages; of more, a reader reads only those that share words with the question
_CANDIDATES = 80  # passages of the first stage that are ranked by features
_CANDIDATES_BY_DAY = 400  # of which the newest come first


def answer(  # noqa: PLR0913 - each but the question can be left to its default
    retriever: Retriever,
    question: str,
    *,
    previous: str | None = None,
    top: int,
    more: int = 0,
    config: AnswerConfig = AnswerConfig(),  # noqa: B008 - it is frozen
    asked_on: dt.date | None = None,
    readers: Sequence[Reader] = (),
) -> Answer:
    """Answer `question` with the `top` best passages, or say that the coverage does not.

    `previous` is the previous question, as it was searched for: a follow-up is combined with it,
    and then the answer's `question` is the combination. `Answer.further` has up to `more` passages
    that rank next. `asked_on` is the day of the question, by default today (UTC). `readers` are by
    default those that ship with the package, if `config` asks for them. Raises QuestionError if
    there is nothing to search for, and StaleIndexError.
    """
    day = asked_on or dt.datetime.now(dt.UTC).date()
    searched = resolve_follow_up(retriever, question, previous, asked_on=day)
    if ENGLISH not in retriever.languages:
        readers = ()  # which know nothing else
    elif config.reader and not readers:
        readers = shipped_readers(retriever.size)  # before the deadline is set: it takes a second
    found = _search(
        retriever,
        searched,
        top=top,
        more=more,
        config=config,
        day=day,
        readers=readers,
        deadline=time.monotonic() + READ_WITHIN_S,
    )
    incomplete = found.small_talk and lacks_previous(retriever, question)
    if searched == question and not incomplete:
        return found
    return replace(found, follow_up=searched != question, incomplete=incomplete)


def _search(  # noqa: PLR0913 - as above
    retriever: Retriever,
    question: str,
    *,
    top: int,
    more: int,
    config: AnswerConfig,
    day: dt.date,
    readers: Sequence[Reader],
    deadline: float,
) -> Answer:
    """Run the stages after the follow-up is resolved."""
    started = time.perf_counter()
    query = parse_question(retriever, question, day)
    if query.listing:
        return replace(list_newest(retriever, query, top, more), took_ms=_since(started))
    readers = readers if query.is_readable else ()
    weights = WEIGHTS._replace(fresh=config.freshness)
    # A reader finds the answer that shares no word with the question, where it can read all.
    reads_all = readers and query.terms and not query.small_talk and retriever.size <= _SMALL
    ranking = rank(retriever, query, weights, at_least=retriever.size if reads_all else 0)
    analyzer = retriever.analyzer
    # A reader has no time for repeats; otherwise, only passages that are shown need a check.
    to_read = [*islice(distinct(analyzer, ranking), _CANDIDATES)] if readers else ranking
    ranked = Reranked(readers, query.to_read, to_read, deadline)
    if reads_all and not ranked.passages_read:  # too late: only what shares words may answer
        ranking = rank(retriever, query, weights)
        ranked = Reranked((), query.to_read, ranking, deadline)
    probability = confidence(query, ranked, ranking.coverage)
    outcome = _outcome(probability, config, read=ranked.passages_read > 0)
    newest = NewestFirst(retriever, query, ranked)
    several = varied(analyzer, query, newest)
    by_side = sides_first(retriever, query, several)
    chosen = choose(analyzer, query, by_side, top)
    chosen = reread_sentences(readers, query.to_read, chosen, deadline)
    others = further(analyzer, chain(by_side, newest), chosen)
    rest = [*islice(others, 0 if outcome is Outcome.ABSENT else more)]
    passages = to_passages(retriever, [*chosen, *rest])
    return Answer(
        question=question,
        outcome=outcome,
        confidence=probability,
        unmatched=query.unmatched,
        suggested=query.suggested,
        corrected=query.corrected,
        hits=cite(retriever, chosen, passages[: len(chosen)]),
        further=make_refs(rest, passages[len(chosen) :]),
        passages_read=ranked.passages_read,
        took_ms=_since(started),
        small_talk=query.small_talk,
        language=query.language,
        coverage_languages=tuple(retriever.languages),
    )


def _since(started: float) -> float:
    """The milliseconds since then."""
    return (time.perf_counter() - started) * 1000


def rank(
    retriever: Retriever, query: Query, weights: Features = WEIGHTS, *, at_least: int = 0
) -> Ranking:
    """The candidates for a query, best first by all features; none for small talk."""
    term_ids = [] if query.small_talk else query.known_ids
    k = _CANDIDATES_BY_DAY if query.recency is Recency.LATEST else _CANDIDATES
    candidates = retriever.retrieve(
        term_ids, query.article_filter, k, at_least=at_least, runs=query.runs
    )
    if query.runs:
        names = {run[0]: [(run, number)] for run, number in query.runs.items()}
        candidates = candidates.merged(names)
    return Ranking(retriever, query, candidates, weights)


def _outcome(probability: float, config: AnswerConfig, *, read: bool) -> Outcome:
    threshold, close = config.threshold_of(read=read), _CLOSE_IF_READ if read else _CLOSE
    if probability >= threshold:
        return Outcome.ANSWERED
    return Outcome.CLOSE if probability >= threshold * close else Outcome.ABSENT
