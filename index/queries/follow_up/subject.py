"""The subject of the previous question: what a pronoun stands for, and what is asked about."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index.queries.follow_up.clause import ATTACHED, entities, parse_clause, without_preposition
from index.queries.follow_up.word_lists import (
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    GROUP,
    HAPPENING,
    INDEFINITE,
    MORE,
    PERSONAL_PRONOUNS,
    PERSONS,
    PLACE_PREPOSITIONS,
    POSSESSIVES,
    PREPOSITIONS,
    RANKS,
    SAYING,
    THINGS,
    TRUTH,
)
from index.queries.follow_up.words import Word, find_time, named, strip_punctuation, written

_THE = Word("the", "", "", "the", is_stop_word=True)
_MEAN = frozenset(("mean", "means"))
_SEQUENCE = frozenset(("after", "before", "since"))
_STATEMENTS = frozenset(("that", "this"))
# Words of a question, and the preposition that joins a subject to it.
_JOINED = (
    (SAYING | TRUTH | MORE, "about"),
    (HAPPENING, "with"),
    (RANKS | INDEFINITE | {"many", "people", "there"}, "in"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The things that the previous question names, with their prepositions.

    `main` are those in the place of its subject, `others` those after its verb; `time` is when.
    `is_answer` flags that "he" and "they" stand for the answer, which is not known: "who won?".
    `is_statement` flags that "that" stands for all of "why did SeaLine buy the ferry?". `counted`
    are the keepers of "how many keepers does the lighthouse have?", whom "they" means.
    """

    main: Sequence[Sequence[Word]]
    others: Sequence[Sequence[Word]]
    time: str
    is_answer: bool
    is_statement: bool
    counted: Sequence[Word]

    @property
    def things(self) -> Sequence[Sequence[Word]]:
        """All things that it names."""
        return [*self.main, *self.others]

    def replace_references(self, words: Sequence[Word], references: Sequence[int]) -> str | None:
        """The question with its references replaced by what they stand for; None if none can be."""
        texts = [written([word]) for word in words]
        used: list[Sequence[Word]] = []
        # "It" first: in "when did they sell it?" it takes the only thing that was named.
        for at in sorted(references, key=lambda at: words[at].is_one_of(GROUP)):
            word, free = words[at], [one for one in self.things if one not in used]
            if (thing := self._stands_for(words, at, free)) and (name := _definite(thing)):
                used.append(thing)
                if word.is_one_of({"there"}):
                    name = f"{thing[0].text} {name}"
                elif _is_possessive(words, at):
                    name += "’" if name.endswith("s") and not thing[-1].is_name else "’s"
                texts[at] = f"{word.before}{name}{word.after}"
        return " ".join(texts) if used else None

    def add_to(self, words: Sequence[Word]) -> str:
        """The question asked about the subject: "Who came second in the race?"; empty without one.

        What the question names itself is not repeated.
        """
        own = {word.lower for word in words}
        things = [
            one for one in self.things if {word.lower for word in one if word.is_content} - own
        ]
        asking = written(word for word in words if not word.is_one_of({"then", "there"}))
        parts = [asking.rstrip("?!.… ")]
        if things:
            parts.append(_join_to(words, things))
        if self.time and not find_time(words):
            parts.append(self.time)
        return " ".join(parts) if len(parts) > 1 else ""

    def _stands_for(
        self, words: Sequence[Word], at: int, things: Sequence[Sequence[Word]]
    ) -> Sequence[Word] | None:
        """The one of these things that the word at that index stands for."""
        word = words[at]
        if word.is_one_of({"there"}):
            return next((one for one in things if one[0].is_one_of(PLACE_PREPOSITIONS)), None)
        if not self._stands_for_thing(words, at):
            return None
        if word.is_one_of(GROUP) and self.counted:
            return self.counted
        if word.is_one_of({"it", "its"}):
            things = [one for one in things if not _is_plural(one)]
        is_subject = at == 0 or words[at - 1].is_one_of(AUXILIARIES | CONJUNCTIONS)
        if not is_subject and not _is_possessive(words, at):
            things = sorted(things, key=lambda one: one in self.main)
        return next(iter(things), None)

    def _stands_for_thing(self, words: Sequence[Word], at: int) -> bool:
        word, before, after = words[at], words[at - 1 : at], words[at + 1 : at + 2]
        if word.is_one_of(PERSONS | GROUP):
            return not self.is_answer
        if not word.is_one_of(THINGS) or _has(words, TRUTH):
            return False
        # "Who said that?" and "is that enough?" mean all that was said.
        if word.is_one_of(_STATEMENTS) and (
            _has(before, SAYING | _SEQUENCE)
            or _has(after, DETERMINERS)
            or (self.is_statement and (_has(words, _MEAN) or not words[0].is_one_of({"what"})))
        ):
            return False
        # But "these ships" and "did this ferry sink?" name the thing themselves.
        is_determiner = bool(after) and after[0].is_content and not word.is_one_of({"it", "its"})
        return not is_determiner or (at + 2 == len(words) and _has(before, BE))


def find_subject(words: Sequence[Word]) -> Subject:
    """The subject of a question without its opening."""
    clause = parse_clause(words)
    main, others = _things(clause.subject, PREPOSITIONS), _things(clause.rest)
    # What an earlier follow-up added in parentheses is dropped once something else is named.
    others = [one for one in others if "(" not in one[0].before or not (main or others[0] != one)]
    noun = clause.asked_noun
    if noun and not clause.subject and clause.asked[0].is_one_of({"which", "what"}):
        main = [[_THE, *noun]]
    elif noun and not main and not others:
        others = [noun]
    time = strip_punctuation(written(words[at] for at in find_time(words)))
    counted = noun if clause.asked and clause.asked[0].is_one_of({"how"}) else ()
    is_answer = clause.asks_for_person or _has(clause.subject, PERSONAL_PRONOUNS)
    return Subject(main, others, time, is_answer, bool(clause.subject and clause.verb), counted)


def _things(words: Sequence[Word], attached: AbstractSet[str] = ATTACHED) -> list[Sequence[Word]]:
    return [words[one.start : one.stop] for one in entities(words, attached)]


def _join_to(words: Sequence[Word], things: Sequence[Sequence[Word]]) -> str:
    """The things as they follow a question: "in the race", or in parentheses."""
    text = named(without_preposition(things[0]))
    for thing in things[1:]:
        text += f"{' ' if thing[0].is_one_of(PREPOSITIONS) else ', '}{named(thing)}"
    joined = next((preposition for some, preposition in _JOINED if _has(words, some)), "")
    if things[0][0].is_one_of(PLACE_PREPOSITIONS) and joined in {"", "in"}:
        joined = things[0][0].text
    if not joined or words[-1].is_one_of(PREPOSITIONS) or _has(words, {joined}):
        return f"({text})"
    return f"{joined} {text}"


def _has(words: Sequence[Word], some: AbstractSet[str]) -> bool:
    return any(word.is_one_of(some) for word in words)


def _is_plural(thing: Sequence[Word]) -> bool:
    """True if a thing is several, as far as the form of a lone word says: "keepers"."""
    return len(thing) == 1 and not thing[0].is_name and thing[0].lower.endswith("s")


def _definite(thing: Sequence[Word]) -> str:
    """The thing as one that is known: "the harbour" for "in a harbour", "the ships" for "ships"."""
    thing = without_preposition(thing)
    if thing and thing[0].is_one_of({"a", "an"}):
        thing = [_THE, *thing[1:]]
    elif _is_plural(thing):
        thing = [_THE, *thing]
    return named(thing)


def _is_possessive(words: Sequence[Word], at: int) -> bool:
    follows = at + 1 < len(words) and words[at + 1].is_content
    return follows and words[at].is_one_of(POSSESSIVES)
