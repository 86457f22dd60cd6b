"""The previous question with another question word: "and when?" after "who sold the ferry?"."""

from collections.abc import Iterable, Sequence

from index.queries.follow_up.clause import Clause, is_argument, parse_clause
from index.queries.follow_up.verbs import base_form
from index.queries.follow_up.word_lists import BE, PLURAL_AUXILIARIES, SAYING
from index.queries.follow_up.words import Word, strip_punctuation, written

_PASSIVE = BE | {"be", "been"}


def ask_otherwise(asked: Sequence[Word], previous: Sequence[Word]) -> str:
    """The previous question with another question word: "when" makes "When did they sell it?".

    Where that is impossible, the question word is added: "Is it safe, and why not?".
    """
    clause, asking = parse_clause(previous), strip_punctuation(written(asked))
    if parts := [*_parts_after(asked, asking, clause, previous)]:
        return " ".join([asking, *filter(None, parts)])
    mark = ", and" if clause.asked or clause.auxiliary else ":"
    return f"{written(previous)}{mark} {asking}"


def _parts_after(
    asked: Sequence[Word], asking: str, clause: Clause, previous: Sequence[Word]
) -> Iterable[str]:
    """The parts of the clause, as they follow the question word; none if they cannot."""
    if asked[-1].is_one_of({"not"}):
        return ()
    if is_argument(asked):
        subject = {word.lower for word in clause.subject if word.is_content}
        is_new = not any(word.is_one_of(subject) for word in asked)
        can_follow = clause.asks_for_argument and (clause.auxiliary or clause.verb) and is_new
        return [written(previous[len(clause.asked) :])] if can_follow else ()
    if any(word.is_one_of(SAYING) for word in clause.verb):
        return ()  # not "when does the Post say about …"
    is_passive = clause.verb and any(word.is_one_of(_PASSIVE) for word in previous)
    if asking.lower() in {"by who", "by whom"} and not is_passive:
        return ()
    if clause.auxiliary:
        return _inverted(clause)
    return _with_auxiliary(clause) if clause.verb and clause.asks_for_argument else ()


def _inverted(clause: Clause) -> Iterable[str]:
    """Auxiliary, subject, verb and object; "they" and "it" where the subject was asked for."""
    auxiliary = written(clause.auxiliary).lower()
    nouns = written(clause.asked_noun) if clause.asks_for_argument else ""
    if clause.subject:
        # "How many users does TikTok have?": "since when does TikTok have users?"
        return auxiliary, written(clause.subject), written(clause.verb), nouns, written(clause.rest)
    subject = _asked_subject(clause)
    if subject == "they":
        auxiliary = PLURAL_AUXILIARIES.get(auxiliary, auxiliary)
    return auxiliary, subject, written(clause.verb), written(clause.rest)


def _with_auxiliary(clause: Clause) -> Iterable[str]:
    """The parts with the auxiliary of a question: "who ordered it" makes "did they order it"."""
    verb, is_past = base_form(clause.verb[0].lower)
    subject = _asked_subject(clause)
    is_singular = subject == "it" or subject.startswith("the ")
    auxiliary = "did" if is_past else "does" if is_singular else "do"
    return auxiliary, subject, f"{verb}{clause.verb[0].after}", written(clause.rest)


def _asked_subject(clause: Clause) -> str:
    """The pronoun or noun for a subject that was asked for: "the judge" for "which judge"."""
    if clause.asked_noun:
        noun = written(clause.asked_noun)
        return f"the {noun}" if clause.asked[0].is_one_of({"which", "what"}) else noun
    return "it" if clause.asked[0].is_one_of({"what", "which"}) else "they"
