"""Divides a question into its parts by the positions of its words.

"How many keepers | does | the lighthouse in Eldholm | have | in winter": what is asked, auxiliary,
subject, verb, and the rest. There is no tagger for parts of speech: after an auxiliary come the
subject and then the verb, after "who" comes the verb. Wrong guesses only make a search less fluent.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import dropwhile, pairwise, starmap, takewhile

from index.queries.follow_up.verbs import base_form, is_participle
from index.queries.follow_up.word_lists import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    DO,
    HAVE,
    MODALS,
    PERSONAL_PRONOUNS,
    PREPOSITIONS,
    QUESTION_WORDS,
    RANKS,
    STOP_VERBS,
)
from index.queries.follow_up.words import Word, find_time, spelled

_MONTH_OR_MODAL = frozenset(("may", "might"))
_AUXILIARIES = AUXILIARIES | _MONTH_OR_MODAL  # after a question word
_MEASURES = frozenset(("many", "much", "often", "long", "few", "of", "other"))
ATTACHED = frozenset(("of", "in", "at", "on", "from", "against", "between", "over"))
_ARGUMENTS = frozenset(("who", "whom", "whose", "what", "which"))


@dataclass(frozen=True, slots=True)
class Clause:
    """The parts of a question, in order; each may be empty.

    `asked` is the question word with what belongs to it: "since when", "how many keepers". Without
    it and without an auxiliary, all words are in `rest`. In "who won?", the subject is asked for,
    and `subject` is empty.
    """

    asked: Sequence[Word]
    auxiliary: Sequence[Word]
    subject: Sequence[Word]
    verb: Sequence[Word]
    rest: Sequence[Word]

    @property
    def asks_for_person(self) -> bool:
        """True if a person or company is asked for, as in "who won?" but not "who is Moen?"."""
        is_copula = bool(self.auxiliary and self.subject and not self.verb)
        return any(word.is_one_of({"who", "whom"}) for word in self.asked) and not is_copula

    @property
    def asked_noun(self) -> Sequence[Word]:
        """The noun of "which judge" or "how many keepers"; empty for a question word alone."""
        return [*dropwhile(lambda word: not word.is_content, self.asked)]

    @property
    def asks_for_argument(self) -> bool:
        """True if a subject or object is asked for, rather than a time, place, way or reason."""
        return is_argument(self.asked)


def is_argument(asked: Sequence[Word]) -> bool:
    """True if a question word, with what belongs to it, asks for a subject or an object."""
    if not asked or asked[0].is_one_of(PREPOSITIONS) or find_time(asked):
        return False
    if any(word.is_one_of({"year", "month", "day", "time", "date", "place"}) for word in asked):
        return False
    counts = len(asked) > 1 and asked[1].is_one_of({"many", "much"})
    return asked[0].is_one_of(_ARGUMENTS) or counts


def parse_clause(words: Sequence[Word]) -> Clause:
    """The parts of a question without its opening."""
    size = _asked_size(words)
    asked, others = words[:size], words[size:]
    if not (others and others[0].is_one_of(_AUXILIARIES if asked else AUXILIARIES)):
        verb = others[: int(bool(asked))]
        return Clause(asked, (), (), verb, others[len(verb) :])
    auxiliary, others = others[:1], others[1:]
    at = 0 if is_argument(asked) and _is_verb_first(auxiliary[0], others) else None
    if at is None:
        at = _verb_position(asked, auxiliary[0], others)
    if at is None:
        return Clause(asked, auxiliary, others, (), ())
    return Clause(asked, auxiliary, others[:at], others[at : at + 1], others[at + 1 :])


def spell_names(words: Sequence[Word]) -> Sequence[Word]:
    """The words with the names after its verb or auxiliary as the coverage spells them."""
    clause = parse_clause(words)
    subject, rest = _spell_names(clause.subject), _spell_names(clause.rest)
    return [*clause.asked, *clause.auxiliary, *subject, *clause.verb, *rest]


def _spell_names(words: Sequence[Word]) -> Sequence[Word]:
    nouns = {at for phrase in phrases(words) for at in phrase}
    return [spelled(word) if at in nouns else word for at, word in enumerate(words)]


def phrases(words: Sequence[Word]) -> list[range]:
    """The indices of each noun phrase with its preposition; no times, pronouns and infinitives."""
    time = find_time(words)
    bounds = [0]
    parts = [
        at not in time
        and (word.is_content or _begins_phrase(word) or word.is_one_of(RANKS))
        and not _is_infinitive(words, at)
        for at, word in enumerate(words)
    ]
    for at, word in enumerate(words):
        after_noun = at > 0 and not _begins_phrase(words[at - 1])
        begins = at > 0 and ((after_noun and _begins_phrase(word)) or words[at - 1].after)
        if begins or not parts[at] or (at and not parts[at - 1]):
            bounds.append(at)
    found = starmap(range, pairwise([*bounds, len(words)]))
    return [one for one in found if any(parts[at] and words[at].is_content for at in one)]


def entities(words: Sequence[Word], attached: AbstractSet[str] = ATTACHED) -> list[range]:
    """The noun phrases with those that belong to them: "the closing of the lighthouse"."""
    found: list[range] = []
    for phrase in phrases(words):
        is_attached = words[phrase.start].is_one_of(attached)
        if found and is_attached and found[-1].stop == phrase.start:
            found[-1] = range(found[-1].start, phrase.stop)
        else:
            found.append(phrase)
    return found


def without_preposition(phrase: Sequence[Word]) -> Sequence[Word]:
    """A noun phrase without the prepositions that it begins with."""
    return phrase[len([*takewhile(lambda word: word.is_one_of(PREPOSITIONS), phrase)]) :]


def _asked_size(words: Sequence[Word]) -> int:
    """The number of words that say what is asked: the question word and what belongs to it."""
    at = int(len(words) > 1 and words[0].is_one_of(PREPOSITIONS))
    if at == len(words) or not words[at].is_one_of(QUESTION_WORDS):
        return 0
    question_word = words[at].lower
    at += 1
    while at < len(words) and words[at].is_one_of(ADVERBS):
        at += 1
    if question_word not in {"which", "what", "whose", "how"}:
        return at
    nouns = [*takewhile(_is_asked, words[at:])]
    if nouns[:1] and nouns[0].is_one_of({"of"}):  # "which of the judges"
        nouns += [*takewhile(_is_asked, words[at + len(nouns) + 1 :])]
    first, end = at + (question_word != "what"), at + len(nouns)
    if end - at == 1:  # "which lost?"
        first = at
    past = (verb for verb in range(first, end) if base_form(words[verb].lower)[1])
    if end == len(words):
        return next(past, end)
    if words[end].is_one_of(_AUXILIARIES):
        return end
    # Without an auxiliary, a verb follows: before a name, in a past form, or as the last word.
    names = (verb for verb in range(first, end - 1) if words[verb + 1].is_name)
    return next(
        (verb for verb in names if words[verb].text.islower()), next(past, max(at, end - 1))
    )


def _is_asked(word: Word) -> bool:
    return not word.is_one_of(_AUXILIARIES) and (not word.is_stop_word or word.is_one_of(_MEASURES))


def _is_verb_first(auxiliary: Word, words: Sequence[Word]) -> bool:
    """True if the verb follows the auxiliary, so that the subject is asked for."""
    if not words or auxiliary.is_one_of(DO):
        return False
    first = words[0]
    if auxiliary.is_one_of(MODALS | _MONTH_OR_MODAL):
        function_words = DETERMINERS | PERSONAL_PRONOUNS
        is_noun = first.is_name or first.is_one_of(function_words) or first.lower.endswith("s")
        return not is_noun
    return is_participle(first.lower)


def _verb_position(asked: Sequence[Word], auxiliary: Word, words: Sequence[Word]) -> int | None:
    """The index of the verb, or of the adjective after "is"; None without one."""
    # "Where is the museum?" needs no more than the subject; "why is the ferry late?" does.
    needs_more = not auxiliary.is_one_of(BE) or not asked or asked[-1].is_one_of({"why", "much"})
    time = find_time(words)
    in_subject = False  # a noun has been seen since the last preposition
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) and at + 1 not in time else None
        if in_subject and (word.is_one_of(STOP_VERBS) or word.is_one_of(CONJUNCTIONS)):
            return None if word.is_one_of(CONJUNCTIONS) else at
        if word.is_one_of(PREPOSITIONS):
            in_subject = False
        elif word.is_one_of(DETERMINERS):
            if in_subject:  # "is SeaLine a ferry company?"
                return None
        elif word.is_one_of(ADVERBS):
            continue
        elif not in_subject:
            in_subject = True
        elif word.text.islower() and (
            is_participle(word.lower)
            if auxiliary.is_one_of(BE | HAVE) and not needs_more
            else _may_end_clause(words[:at], following)
        ):
            return at
    return None


def _may_end_clause(preceding: Sequence[Word], following: Word | None) -> bool:
    """True if a word between these is a verb: no noun of the same phrase follows it."""
    follows_name = preceding[-1].is_name and not any(map(_is_determiner, preceding))
    return (
        following is None
        or following.is_stop_word
        or following.is_name
        or bool(following.before)
        or follows_name
        or preceding[-1].is_one_of(PERSONAL_PRONOUNS)
    )


def _is_determiner(word: Word) -> bool:
    return word.is_one_of(DETERMINERS)


def _begins_phrase(word: Word) -> bool:
    return word.is_one_of(PREPOSITIONS | DETERMINERS) or bool(word.before)


def _is_infinitive(words: Sequence[Word], at: int) -> bool:
    """True if the word is part of "to ban" before an object: a verb, not a place."""
    first = at if words[at].is_one_of({"to"}) else at - 1
    if first < 0 or not words[first].is_one_of({"to"}) or first + 2 >= len(words):
        return False
    verb, following = words[first + 1 : first + 3]
    has_object = following.is_content or following.is_one_of(DETERMINERS)
    return has_object and verb.is_content and not verb.has_capital
