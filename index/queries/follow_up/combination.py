"""Combines a follow-up with the previous question: rewrites the one or completes the other."""

from collections.abc import Sequence
from dataclasses import replace

from index.analysis.languages import ENGLISH
from index.analysis.vocabulary import UNKNOWN
from index.queries.follow_up.asking import ask_otherwise
from index.queries.follow_up.clause import Clause, parse_clause, spell_names
from index.queries.follow_up.detection import Question
from index.queries.follow_up.replacing import put_in
from index.queries.follow_up.subject import find_subject
from index.queries.follow_up.word_lists import (
    BE,
    MORE,
    PERSONAL_PRONOUNS,
    STATEMENT_ASKED,
    WHAT_ABOUT,
)
from index.queries.follow_up.words import Word, find_time, read_words, strip_punctuation, written
from index.retrieval.filters import Filter
from index.retrieval.retriever import Retriever

_TOGETHER_IN = 20  # passages; one of the best must speak of both


def combine(
    retriever: Retriever, asked: Question, previous: Sequence[Word], about: Sequence[Word]
) -> str:
    """The text to search for, without filters; empty if the question names a new subject.

    `about` is the previous question without the source that it names.
    """
    if bare := _bare_question(retriever, asked):
        return ask_otherwise(bare, previous)
    subject, words = find_subject(about), spell_names(asked.words)
    if about is not previous:  # "she" is the one who wrote it
        subject = replace(subject, is_answer=True)
    replaced = subject.replace_references(words, asked.references)
    if asked.is_clause or all(word.is_one_of(MORE) for word in words):
        return replaced or subject.add_to(words)
    is_new_subject = WHAT_ABOUT.match(asked.opening) is not None
    if replaced and is_new_subject:
        return f"What about {replaced}"
    new = read_words(retriever, replaced) if replaced else asked.words
    combined = put_in(new, asked.opening, previous)
    return "" if is_new_subject and not _together(retriever, new, combined) else combined


def _bare_question(retriever: Retriever, asked: Question) -> Sequence[Word]:
    """The question word of "and when?", "why is that?" or "why did they?"; empty for others."""
    if match := STATEMENT_ASKED.search(strip_punctuation(asked.text)):
        return read_words(retriever, match[1])
    clause = parse_clause(asked.words)
    others = asked.words[len(clause.asked) :]
    if all(word.is_one_of({"not"}) for word in others) or _is_elliptical(clause):
        return [*clause.asked, *(word for word in others if word.is_one_of({"not"}))]
    return ()


def _is_elliptical(clause: Clause) -> bool:
    """True if it has an auxiliary and a pronoun, and no more."""
    pronoun = clause.subject if len(clause.subject) == 1 and not clause.verb else ()
    return bool(clause.asked) and any(
        word.is_one_of(PERSONAL_PRONOUNS) and not clause.auxiliary[0].is_one_of(BE)
        for word in pronoun
    )


def _together(retriever: Retriever, new: Sequence[Word], combined: str) -> bool:
    """True if a passage speaks of `new` together with something else that is asked.

    Also if nothing speaks of `new` at all. A time is no new subject.
    """
    own = {*retriever.analyzer_of(ENGLISH).terms(written(new))}
    ids = {term: retriever.find(term) for term in retriever.analyzer_of(ENGLISH).terms(combined)}
    if find_time(new) or any(ids.get(term, UNKNOWN) == UNKNOWN for term in own):
        return True
    known = [term_id for term_id in ids.values() if term_id != UNKNOWN]
    keys = retriever.retrieve(known, Filter(), _TOGETHER_IN).keys()
    passages = ({*retriever.analyzer_of(ENGLISH).terms(text)} for text in retriever.texts(keys))
    return any(own <= terms and terms & (ids.keys() - own) for terms in passages)
