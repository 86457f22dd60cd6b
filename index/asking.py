"""A question as it is asked: on its own, or going on from the one before."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from functools import partial

from index.answers.answering import answer
from index.answers.tuning import Tuning
from index.corpus.corpus import Corpus
from index.errors import QuestionError
from index.model import Answer
from index.queries.follow_up import follow_up, names_subject


def ask(  # noqa: PLR0913 - as one may ask
    corpus: Corpus,
    question: str,
    *,
    before: str | None,
    top: int,
    more: int,
    tuning: Tuning,
    asked: dt.date | None,
) -> Answer:
    """The answer to `question`; see `answering.answer`. Raises QuestionError.

    `before` is what was searched for last, where the asker may go on from it: then the answer's
    `question` is what they are together, see `follow_up.follow_up`. "What about Walmart?" is taken
    alone where that has the surer answer.
    """
    search = partial(answer, corpus, top=top, more=more, tuning=tuning, asked=asked)
    searched = follow_up(corpus, question, before)
    found = search(searched)
    if searched == question:
        return found
    if names_subject(question):
        with suppress(QuestionError):
            alone = search(question)
            if alone.confidence > found.confidence:
                return alone
    return replace(found, follow_up=True)
