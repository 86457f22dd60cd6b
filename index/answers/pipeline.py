"""The stages of a question, in order; each has a module of its own.

resolve the follow-up   queries/follow_up.py     "and when?" keeps the subject
parse the query         queries/query.py         terms, filters, time, kind of answer
retrieve candidates     retrieval/retriever.py   BM25 over passages and articles
compute features        answers/features.py      shares of the question that each passage matches
rank                    answers/ranking.py       weighted sum; the sentence by answers/highlight.py
drop repeats            answers/repeats.py       of near-identical passages, the best stays
read                    answers/reader.py        scores of a cross-encoder, if there is one
choose passages         answers/selection.py     no repeats, more than one article
estimate confidence     answers/confidence.py    the chance that the coverage answers at all
cite                    answers/citation.py      the link to the exact words, other outlets
"""

import datetime as dt
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice

from index.analysis.vocabulary import UNKNOWN
from index.answers.citation import cite, to_passages
from index.answers.confidence import confidence
from index.answers.config import AnswerConfig
from index.answers.cross_encoder import shipped_readers
from index.answers.features import WEIGHTS, Features
from index.answers.ranking import Ranking
from index.answers.reader import READ_WITHIN_S, Reader, Reranked
from index.answers.references import make_ref
from index.answers.repeats import distinct
from index.answers.selection import choose, further
from index.errors import QuestionError
from index.model import Answer, Outcome
from index.queries.follow_up import names_subject, resolve_follow_up
from index.queries.query import Query, parse_question
from index.retrieval.retriever import Retriever

# The share of the threshold from which passages come close: on news, one in a hundred of the
# questions that the coverage answers falls below, and one in six of the others. Passages that were
# read are shown unless they are on another matter.
_CLOSE = 1 / 3
_CLOSE_IF_READ = 1 / 10

_SMALL = 200  # passages; of more, a reader reads only those that share words with the question
_CANDIDATES = 80  # passages of the first stage that are ranked by features


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
    and then the answer's `question` is the combination. "What about Walmart?" is searched for alone
    as well, and the more confident answer wins. `Answer.further` has up to `more` passages that
    rank next. `asked_on` is the day of the question, by default today (UTC). `readers` are by
    default those that ship with the package, if `config` asks for them. Raises QuestionError if
    there is nothing to search for, and StaleIndexError.
    """
    if config.reader and not readers:
        readers = shipped_readers()  # before the deadline is set: loading takes a second
    search = partial(
        _search,
        retriever,
        top=top,
        more=more,
        config=config,
        day=asked_on or dt.datetime.now(dt.UTC).date(),
        readers=readers,
        deadline=time.monotonic() + READ_WITHIN_S,
    )
    combined = resolve_follow_up(retriever, question, previous)
    found = search(combined)
    if combined == question:
        return found
    if names_subject(question):
        with suppress(QuestionError):
            alone = search(question)
            if alone.confidence > found.confidence:
                return alone
    return replace(found, follow_up=True)


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
    weights = WEIGHTS._replace(fresh=config.freshness)
    # A reader finds the answer that shares no word with the question, where it can read all.
    reads_all = readers and query.terms and not query.small_talk and retriever.size <= _SMALL
    ranking = rank(retriever, query, weights, at_least=retriever.size if reads_all else 0)
    analyzer = retriever.analyzer
    # A reader has no time for repeats; otherwise, only passages that are shown need a check.
    to_read = [*islice(distinct(analyzer, ranking), _CANDIDATES)] if readers else ranking
    ranked = Reranked(readers, query.text, to_read, deadline)
    if reads_all and not ranked.passages_read:  # too late: only what shares words may answer
        ranking = rank(retriever, query, weights)
        ranked = Reranked((), query.text, ranking, deadline)
    probability = confidence(query, ranked, ranking.coverage)
    close = _CLOSE_IF_READ if ranked.passages_read else _CLOSE
    outcome = _outcome(probability, config.threshold, close)
    chosen = choose(analyzer, query, ranked, top)
    rest = [*islice(further(analyzer, ranked, chosen), 0 if outcome is Outcome.ABSENT else more)]
    passages = to_passages(retriever, [*chosen, *rest])
    return Answer(
        question=question,
        outcome=outcome,
        confidence=probability,
        unmatched=query.unmatched,
        suggested=query.suggested,
        corrected=query.corrected,
        hits=cite(retriever, chosen, passages[: len(chosen)]),
        further=tuple(
            make_ref(passage, one.sentence)
            for one, passage in zip(rest, passages[len(chosen) :], strict=True)
        ),
        passages_read=ranked.passages_read,
        took_ms=(time.perf_counter() - started) * 1000,
        small_talk=query.small_talk,
    )


def rank(
    retriever: Retriever, query: Query, weights: Features = WEIGHTS, *, at_least: int = 0
) -> Ranking:
    """The candidates for a query, best first by all features; none for small talk."""
    term_ids = [] if query.small_talk else query.term_ids[query.term_ids != UNKNOWN].tolist()
    candidates = retriever.retrieve(term_ids, query.article_filter, _CANDIDATES, at_least=at_least)
    return Ranking(retriever, query, candidates, weights)


def _outcome(probability: float, threshold: float, close: float) -> Outcome:
    if probability >= threshold:
        return Outcome.ANSWERED
    return Outcome.CLOSE if probability >= threshold * close else Outcome.ABSENT
