"""The previous question with another name, thing, place or time in the same place."""

import re
from collections.abc import Sequence

from index.queries.follow_up.clause import entities, parse_clause, phrases, without_preposition
from index.queries.follow_up.verbs import is_participle
from index.queries.follow_up.word_lists import (
    ADVERBIAL_TIMES,
    DAY,
    DETERMINERS,
    PLACE_PREPOSITIONS,
    PREPOSITIONS,
    RANKS,
    SAYING,
    SPAN_PREPOSITIONS,
    WEEKDAYS,
)
from index.queries.follow_up.words import Word, find_time, named, strip_punctuation, written


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
    if not (_may_be_verb(new) or any(word.is_one_of({"not", "then", "else"}) for word in new)):
        if place := _place_for(new, previous):
            return _replace(previous, place, new)
        if new[0].is_one_of(PREPOSITIONS):
            return f"{written(previous)} {written(new)}"
    conjunction = "but" if opening.lower().startswith("but") else "and"
    return f"{written(previous)}, {conjunction} {named(new)}"


def _may_be_verb(new: Sequence[Word]) -> bool:
    """True if it is a lone word in lower case: "and end?" after "when did the strike start?"."""
    word = new[0].lower
    is_known = new[0].surface.islower() and not word.endswith("s")
    return len(new) == 1 and (is_known or is_participle(word))


def _put_in_time(new: Sequence[Word], previous: Sequence[Word]) -> str:
    place = find_time(previous)
    text = written(new)
    if not (new[0].is_one_of(PREPOSITIONS | ADVERBIAL_TIMES) or new[-1].is_one_of({"ago"})):
        kept = [previous[at] for at in place[:1] if previous[at].is_one_of(SPAN_PREPOSITIONS)]
        is_day = any(word.is_one_of(WEEKDAYS) for word in new) or DAY.search(text)
        text = f"{written(kept) or ('on' if is_day else 'in')} {text}"
    if not place:
        return f"{written(previous)} {text}"
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


def _join(*parts: str) -> str:
    return " ".join(filter(None, parts))
