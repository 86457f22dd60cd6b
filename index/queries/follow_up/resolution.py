"""The text to search for when a question may be a follow-up: its words, source and filters.

Decided by the words alone. A question that can be searched for by itself is left unchanged: users
notice a search for too little and ask again, but not a search for something they did not ask.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from index.errors import QuestionError
from index.queries.asking import asking_in
from index.queries.follow_up.attribution import attribute, read_attribution
from index.queries.follow_up.clause import spell_names
from index.queries.follow_up.combination import combine
from index.queries.follow_up.detection import Question, is_follow_up, read_question
from index.queries.follow_up.other_languages import add_to_previous, is_question_word
from index.queries.follow_up.word_lists import ADDED_QUESTION
from index.queries.follow_up.words import Word, find_time, written
from index.queries.question_analyzer import QuestionAnalyzer
from index.queries.question_text import MAX_CHARS
from index.retrieval.filters import Filter, read_filter, read_written_filter
from index.retrieval.naming import named_sources
from index.retrieval.retriever import Retriever

_MAX_TERMS = 10  # of a follow-up, filters included; more are not even looked at


def resolve_follow_up(
    retriever: Retriever, question: str, previous: str | None, *, asked_on: dt.date | None = None
) -> str:
    """The text to search for when `question` is asked after `previous`, which may be a follow-up.

    `question` itself if it is complete or there is no previous question. "Why?" and "and Walmart?"
    take the place of a part of `previous`; "why do they want to ban it?" takes only its subject, so
    that a chain of follow-ups does not grow. The filter of `previous` stays, except where
    `question` sets its own source or time. Returns at most `MAX_CHARS` characters unless `question`
    has more. Never raises QuestionError; may raise StaleIndexError.
    """
    if not previous or len(retriever.analyzer.terms(question)) > _MAX_TERMS:
        return question
    try:
        return _resolve(retriever, question, _one_line(previous), asked_on)
    except QuestionError:  # an invalid filter, which is reported when the question is parsed
        return question


def _resolve(retriever: Retriever, question: str, previous: str, asked_on: dt.date | None) -> str:
    sources = retriever.sources
    own, text = read_written_filter(question, sources, asked_on=asked_on)
    kept, topic = read_written_filter(previous, sources, asked_on=asked_on)
    analyzer = QuestionAnalyzer(retriever, text)
    if asking := asking_in(analyzer.language):
        only_filters = own != Filter() and not analyzer.tokens(text)
        combined = topic if only_filters else add_to_previous(analyzer, asking, text.strip(), topic)
        return _with_filters(combined, own.or_else(kept)) if combined else question
    kept_in_words, unattributed = read_filter(topic, sources)
    source, text = read_attribution(_one_line(text), sources)
    if own.sources and kept_in_words.sources:
        source, own = " and ".join(own.sources), replace(own, sources=())
    asked = read_question(retriever, text)
    only_filters = bool(source or own != Filter()) and asked.is_empty
    if not only_filters and not _depends(retriever, asked):
        return question
    has_dates = bool(own.after or own.before)
    about = _words_of_previous(retriever, unattributed, without_time=has_dates)
    words = about
    if unattributed != topic:
        words = _words_of_previous(retriever, topic, without_time=has_dates)
    combined = written(words) if only_filters else combine(retriever, asked, words, about)
    if not combined or not any(word.is_content for word in words):
        return question
    if source:
        combined, kept = attribute(source, combined, sources), replace(kept, sources=())
    if find_time(asked.words):
        kept = replace(kept, after="", before="")
    if named_sources(combined, sources):
        kept = replace(kept, sources=())
    else:
        kept = kept.or_else(kept_in_words)
    return _with_filters(combined, own.or_else(kept))


def lacks_previous(retriever: Retriever, question: str) -> bool:
    """True if a question says nothing without the one before: "and when?", "warum?"."""
    analyzer = QuestionAnalyzer(retriever, question)
    if asking := asking_in(analyzer.language):
        return is_question_word(analyzer, asking, question)
    return is_follow_up(read_question(retriever, question))


def _depends(retriever: Retriever, asked: Question) -> bool:
    """True if the question depends on the previous one."""
    if not named_sources(asked.text, retriever.sources):
        return is_follow_up(asked)
    # "What does AFP say about ferries?" is complete, "what does AFP say?" is not.
    _, rest = read_filter(asked.text, retriever.sources)
    return not read_question(retriever, rest).size


def _words_of_previous(retriever: Retriever, text: str, *, without_time: bool) -> Sequence[Word]:
    """The words of the previous question, without its opening and an added question."""
    text = ADDED_QUESTION.sub("", text.strip().rstrip("?!.… "))
    words = spell_names(read_question(retriever, text).words)
    time = find_time(words) if without_time else range(0)
    return [word for at, word in enumerate(words) if at not in time]


def _with_filters(combined: str, kept: Filter) -> str:
    filters = _one_line(kept.written)
    return f"{_as_question(_one_line(combined), MAX_CHARS - len(filters) - 1)} {filters}".strip()


def _as_question(text: str, max_chars: int) -> str:
    """`text` as a question of at most that many characters, cut after a whole word."""
    text = text.strip().rstrip("?!.,… ")
    if len(text) >= max_chars:
        text = text[: max(0, max_chars)].rpartition(" ")[0]
    return f"{text[:1].upper()}{text[1:]}?"


def _one_line(text: str) -> str:
    """`text` with single spaces and without unprintable characters."""
    return "".join(filter(str.isprintable, " ".join(text.split())))
