"""Rewrites the previous question with another question word, name, place or time."""

import re
from collections.abc import Iterable, Sequence

from index.queries.follow_up.clause import (
    Clause,
    entities,
    is_argument,
    parse_clause,
    phrases,
    without_preposition,
)
from index.queries.follow_up.verbs import base_form
from index.queries.follow_up.word_lists import (
    ADVERBIAL_TIMES,
    BE,
    DAY,
    DETERMINERS,
    PLACE_PREPOSITIONS,
    PLURAL_AUXILIARIES,
    PREPOSITIONS,
    RANKS,
    SAYING,
    SPAN_PREPOSITIONS,
    WEEKDAYS,
)
from index.queries.follow_up.words import Word, find_time, named, strip_punctuation, written

_BY_WHOM = frozenset(("by who", "by whom"))


def ask_otherwise(asked: Sequence[Word], previous: Sequence[Word]) -> str:
    """The previous question with another question word: "when" makes "When did they sell it?"."""
    clause, asking = parse_clause(previous), strip_punctuation(written(asked))
    is_passive = any(word.is_one_of(BE | {"be", "been"}) for word in previous) and clause.verb
    if asked[-1].is_one_of({"not"}) or (asking.lower() in _BY_WHOM and not is_passive):
        pass
    elif is_argument(asked):
        subject = {word.lower for word in clause.subject if word.is_content}
        is_same = any(word.is_one_of(subject) for word in asked)
        if clause.asks_for_argument and (clause.auxiliary or clause.verb) and not is_same:
            return f"{asking} {written(previous[len(clause.asked) :])}"
    elif any(word.is_one_of(SAYING) for word in clause.verb):
        pass  # not "when does the Post say about …"
    elif clause.auxiliary:
        return _join(asking, *_inverted(clause))
    elif clause.verb and clause.asks_for_argument:
        return _join(asking, *_with_auxiliary(clause))
    mark = ", and" if clause.asked or clause.auxiliary else ":"
    return f"{_stripped(previous)}{mark} {asking}"


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


def put_in(new: Sequence[Word], opening: str, previous: Sequence[Word]) -> str:
    """The previous question with `new` in the place of what it replaces, or added at its end."""
    if len(find_time(new)) == len(new):
        return _put_in_time(new, previous)
    if (ranks := [word for word in new if word.is_one_of(RANKS)]) and all(
        word.is_one_of(RANKS | DETERMINERS | {"one", "place"}) for word in new
    ):
        for at, word in enumerate(previous):  # "and second?"
            if word.is_one_of(RANKS):
                return _replace(previous, range(at, at + 1), ranks)
    is_verb = len(new) == 1 and not new[0].is_name and not new[0].lower.endswith("s")
    is_negated = is_verb or any(word.is_one_of({"not", "then", "else"}) for word in new)
    if not is_negated and (place := _place_for(new, previous)):
        return _replace(previous, place, new)
    if new[0].is_one_of(PREPOSITIONS) and not is_negated:
        return f"{_stripped(previous)} {written(new)}"
    conjunction = "but" if opening.lower().startswith("but") else "and"
    return f"{_stripped(previous)}, {conjunction} {named(new)}"


def _put_in_time(new: Sequence[Word], previous: Sequence[Word]) -> str:
    place = find_time(previous)
    text = written(new)
    if not (new[0].is_one_of(PREPOSITIONS | ADVERBIAL_TIMES) or new[-1].is_one_of({"ago"})):
        kept = [previous[at] for at in place[:1] if previous[at].is_one_of(SPAN_PREPOSITIONS)]
        is_day = any(word.is_one_of(WEEKDAYS) for word in new) or DAY.search(text)
        text = f"{written(kept) or ('on' if is_day else 'in')} {text}"
    if not place:
        return f"{_stripped(previous)} {text}"
    after = f"{strip_punctuation(text)}{previous[place.stop - 1].after}"
    return _join(written(previous[: place.start]), after, written(previous[place.stop :]))


def _place_for(new: Sequence[Word], previous: Sequence[Word]) -> range | None:
    """The words that `new` replaces: a phrase of the same kind, the subject first."""
    clause = parse_clause(previous)
    after_subject = len(previous) - len(clause.rest)
    first = len(clause.asked) + len(clause.auxiliary)
    parts = ((clause.subject, first), (clause.rest, after_subject))
    found = [_shift(one, by) for part, by in parts for one in phrases(part)]
    whole = [_shift(one, by) for part, by in parts for one in entities(part)]
    content = {word.lower for word in new if word.is_content}
    if any(word.is_one_of(content) for word in clause.asked):
        return None  # "how many keepers", "and the keepers of …?"
    # "The ferry in Bergen" is for all of "the ferry in Eldholm".
    has_attached = any(word.is_one_of(PREPOSITIONS) for word in new[1:])
    for one in whole if has_attached else found:
        if content & {previous[at].lower for at in one}:
            return _noun(previous, one)
    if new[0].is_one_of(PREPOSITIONS):
        same = PLACE_PREPOSITIONS if new[0].is_one_of(PLACE_PREPOSITIONS) else {new[0].lower}
        found = [one for one in found if previous[one.start].is_one_of(same)]
        alike = [one for one in found if previous[one.stop - 1].is_name == new[-1].is_name]
        return next(iter([*alike, *found]), None)
    if new[-1].is_name and not new[0].is_one_of(DETERMINERS):
        names = [name for one in found if (name := _name(previous, one))]
        if names:
            return names[0]
    if any(word.is_one_of(SAYING) for word in clause.verb):  # about what, rather than who
        found.sort(key=lambda one: one.start < after_subject)
    nouns = [_noun(previous, one) for one in found]
    common = [one for one in nouns if not previous[one.stop - 1].is_name]
    if not common:
        return next(iter(nouns), None)
    # "The museum" is for "the lighthouse" in "the closing of the lighthouse".
    owners = [one for one in common if previous[one.start - 1].is_one_of({"of"})]
    return next(iter([*owners, *common]), None)


def _name(words: Sequence[Word], phrase: range) -> range | None:
    """The name in a phrase: "Eldholm" in "the Eldholm race"."""
    names = [at for at in phrase if words[at].is_name]
    if not names:
        return None
    stop = names[-1] + 1  # "Oracle and Walmart" are replaced together
    if stop + 1 < len(words) and words[stop].is_one_of({"and"}) and words[stop + 1].is_name:
        stop += 2
    return range(names[0], stop)


def _noun(words: Sequence[Word], phrase: range) -> range:
    """A phrase without its preposition."""
    part = words[phrase.start : phrase.stop]
    return range(phrase.stop - len(without_preposition(part)), phrase.stop)


def _shift(at: range, by: int) -> range:
    return range(at.start + by, at.stop + by)


def _replace(words: Sequence[Word], place: range, new: Sequence[Word]) -> str:
    if new[0].is_one_of(PREPOSITIONS) and not words[place.start].is_one_of(PREPOSITIONS):
        new = without_preposition(new)
    last = words[place.stop - 1]
    name, possessive = named(new), re.search("['’]s$", last.text)
    if possessive and not re.search("['’]s?$", name):
        name += possessive[0]
    text = f"{words[place.start].before}{name}{last.after}"
    return _join(written(words[: place.start]), text, written(words[place.stop :]))


def _stripped(words: Sequence[Word]) -> str:
    return written(words).rstrip("?!.,… ")


def _join(*parts: str) -> str:
    return " ".join(filter(None, parts))
