"""Takes a question apart before its words are looked up: filters, language, framing, subject."""

import datetime as dt
from typing import NamedTuple

from index.analysis.analyzer import Token
from index.errors import QuestionError
from index.periods.period import Period
from index.queries.framing import Framing, is_small_talk, read_framing
from index.queries.question_analyzer import QuestionAnalyzer
from index.queries.time_expressions import Recency, TimeExpressions
from index.retrieval.filters import Filter, read_filter
from index.retrieval.retriever import Retriever

# The limit for a message on Discord.
MAX_CHARS = 2_000


class QuestionText(NamedTuple):
    """A question whose words are not looked up yet.

    `written` is the question as asked, and `rest` the question without filters. `words` are those
    of `rest`, and `subject` those to search for: none for a `listing`.
    """

    analyzer: QuestionAnalyzer
    written: str
    rest: str
    framing: Framing
    article_filter: Filter
    words: list[Token]
    subject: list[Token]
    listing: bool
    small_talk: bool


def read_text(retriever: Retriever, question: str, day: dt.date) -> QuestionText:
    """Take apart a question asked on that day. Raises QuestionError."""
    question = _checked(question)
    article_filter, rest = read_filter(question, retriever.sources, asked_on=day)
    analyzer, published = QuestionAnalyzer(retriever, rest), retriever.published
    framing = read_framing(rest, analyzer.language, day, published.last if published else None)
    words = analyzer.tokens(rest)
    subject = [
        word
        for word in analyzer.tokens(framing.subject)
        if not word.is_stop_word and (not framing.is_optional(word) or retriever.occurs(word.term))
    ]
    is_limited = framing.is_limited or article_filter != Filter()
    listing = is_limited and framing.has_no_subject(subject)
    if listing:
        article_filter = article_filter.or_else(_listed(framing.time, day, published))
    return QuestionText(
        analyzer=analyzer,
        written=question,
        rest=rest,
        framing=framing,
        article_filter=article_filter,
        words=words,
        subject=[] if listing else subject,
        listing=listing,
        small_talk=not is_limited and is_small_talk(words),
    )


def _checked(question: str) -> str:
    if len(question) > MAX_CHARS:
        raise QuestionError(
            "The question has {length} characters; shorten it to {most} or fewer.",
            length=len(question),
            most=MAX_CHARS,
        )
    # Discord's JSON may contain lone surrogates.
    question = question.encode("utf-8", "replace").decode()
    if not any(char.isalnum() for char in question):
        raise QuestionError("The question has no words; ask about something in the news.")
    return question


def _listed(time: TimeExpressions, day: dt.date, published: Period | None) -> Filter:
    """The filter of a listing, whose time is all that is asked about."""
    if time.is_named:
        return in_period(time.period)
    has_later = published is not None and published.last > day
    is_until = time.recency is Recency.LATEST and has_later
    return Filter(before=day.isoformat()) if is_until else Filter()


def in_period(period: Period) -> Filter:
    """The filter that admits the articles of a period."""
    after = "" if period.first == dt.date.min else period.first.isoformat()
    return Filter(after=after, before=period.last.isoformat())
