"""The stages of a question, in order; each has a room of its own.

resolve the follow-up   queries/follow_up.py     "and when?" keeps the subject
parse the query         queries/query.py         terms, filters, time, kind of answer
retrieve candidates     retrieval/retriever.py   BM25 over passages and articles
rank by features        answers/ranking.py       features.py, the sentence by highlight.py
read                    answers/reader.py        a model's judgement, where there is one
choose passages         answers/selection.py     no text twice, other articles heard
estimate confidence     answers/confidence.py    whether the coverage answers at all
cite                    answers/citation.py      the link to the exact words
"""

import datetime as dt
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice

from index.analysis.vocabulary import UNKNOWN
from index.answers.citation import cite, to_passages
from index.answers.confidence import confidence
from index.answers.config import AnswerConfig
from index.answers.features import WEIGHTS, Features
from index.answers.ranking import RankedPassage, Ranking
from index.answers.reader import Reader, rerank
from index.answers.references import make_ref
from index.answers.selection import choose, further
from index.errors import QuestionError
from index.model import Answer, Outcome
from index.queries.follow_up import follow_up, names_subject
from index.queries.query import Query, parse_question
from index.retrieval.retriever import Retriever

# From this share of the threshold on, the passages are worth a look: on news, one in a hundred of
# the questions that the coverage answers falls below, and one in six of the others.
_CLOSE = 1 / 3

_CANDIDATES = 80  # passages that are looked at closely after BM25 has found them


def answer(  # noqa: PLR0913 - each but the question can be left to its default
    retriever: Retriever,
    question: str,
    *,
    before: str | None = None,
    top: int,
    more: int = 0,
    config: AnswerConfig = AnswerConfig(),  # noqa: B008 - it is frozen
    asked: dt.date | None = None,
    reader: Reader | None = None,
) -> Answer:
    """Answer `question` with the `top` best passages, or say that the coverage does not.

    `before` is what was searched for last, where the asker may go on from it: then the answer's
    `question` is what both make together. "What about Walmart?" is taken alone where that has the
    more confident answer. Up to `more` passages that come next are its `further` ones. The question
    is read as of the day `asked`, by default today. Raises QuestionError where it cannot be
    searched for, and StaleIndexError.
    """
    search = partial(
        _answer, retriever, top=top, more=more, config=config, asked=asked, reader=reader
    )
    searched = follow_up(retriever, question, before)
    found = search(searched)
    if searched == question:
        return found
    if names_subject(question):
        with suppress(QuestionError):
            alone = search(question)
            if alone.confidence > found.confidence:
                return alone
    return replace(found, follow_up=True)


def _answer(  # noqa: PLR0913 - as above
    retriever: Retriever,
    question: str,
    *,
    top: int,
    more: int,
    config: AnswerConfig,
    asked: dt.date | None,
    reader: Reader | None,
) -> Answer:
    started = time.perf_counter()
    query = parse_question(retriever, question, asked or dt.datetime.now(dt.UTC).date())
    ranking = rank(retriever, query, WEIGHTS._replace(fresh=config.freshness))
    ranked: Iterable[RankedPassage] = ranking
    if reader:
        ranked = [*rerank(reader, query.text, ranking)]
    sure = confidence(query, ranked, ranking.coverage)
    outcome = _outcome(sure, config.threshold)
    chosen = choose(query, ranked, top)
    rest = [*islice(further(ranked, chosen), 0 if outcome is Outcome.ABSENT else more)]
    passages = to_passages(retriever, [*chosen, *rest])
    return Answer(
        question=question,
        outcome=outcome,
        confidence=sure,
        unmatched=query.unmatched,
        suggested=query.suggested,
        corrected=query.corrected,
        hits=cite(retriever, chosen, passages[: len(chosen)]),
        further=tuple(
            make_ref(passage, one.sentence)
            for one, passage in zip(rest, passages[len(chosen) :], strict=True)
        ),
        took_ms=(time.perf_counter() - started) * 1000,
        small_talk=query.small_talk,
    )


def rank(retriever: Retriever, query: Query, weights: Features = WEIGHTS) -> Ranking:
    """The candidates for a query, best first by all features; none for small talk."""
    searched = () if query.small_talk else query.ids.tolist()
    term_ids = [term_id for term_id in searched if term_id != UNKNOWN]
    candidates = retriever.retrieve(term_ids, query.wanted, _CANDIDATES)
    return Ranking(retriever, query, candidates, weights)


def _outcome(sure: float, threshold: float) -> Outcome:
    if sure >= threshold:
        return Outcome.ANSWERED
    return Outcome.CLOSE if sure >= threshold * _CLOSE else Outcome.ABSENT
