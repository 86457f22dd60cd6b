"""Decides whether a question depends on the one before, by its words alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.queries.follow_up.word_lists import (
    ADDRESS_WORDS,
    AUXILIARIES,
    BE,
    CHATTER,
    CONJUNCTIONS,
    DETERMINERS,
    EXPLETIVE_IT,
    HAPPENING,
    INDEFINITE,
    MEASURE,
    MORE,
    OBJECT_PRONOUNS,
    OPENING,
    PERSONAL_PRONOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORD_TO,
    QUESTION_WORDS,
    SAYING,
    TIME_NOUNS,
)
from index.queries.follow_up.words import Word, content, find_time, read_words, written
from index.retrieval.retriever import Retriever

_MAX_CONTENT = 2  # content words of a follow-up that has a pronoun or begins with "and"
_MAX_CONTENT_OF_THINGS = 3  # with "it", "he" or "she", which need something to refer to
_NEVER_GENERIC = frozenset(("he", "her", "him", "his", "it", "its", "she"))


@dataclass(frozen=True, slots=True)
class Question:
    """A question without filters and chatter: `opening` ("and what about"), and `words` after it.

    `references` are the indices of the words that refer to something in the question before, and
    `size` counts the content words outside times; a measure such as "how long" is none.
    """

    opening: str
    words: Sequence[Word]
    references: Sequence[int]
    size: int

    @property
    def text(self) -> str:
        """The question without its opening."""
        return written(self.words)

    @property
    def has_question_word(self) -> bool:
        """True if it has a question word."""
        return any(word.is_one_of(QUESTION_WORDS) for word in self.words)

    @property
    def has_auxiliary(self) -> bool:
        """True if it has a verb of a complete question."""
        return any(word.is_one_of(AUXILIARIES) for word in self.words)

    @property
    def is_clause(self) -> bool:
        """True if it asks something of its own, unlike "and Walmart?"."""
        return self.has_question_word or self.has_auxiliary

    @property
    def is_empty(self) -> bool:
        """True if it has nothing to search for."""
        return not (self.size or self.has_question_word or self.references)


def read_question(retriever: Retriever, text: str) -> Question:
    """A question without its chatter."""
    text = CHATTER.sub(" ", " ".join(text.split())).replace(" ,", ",").strip(" ,")
    words = read_words(retriever, text)
    match = OPENING.match(written(words))
    opening = match[0].strip() if match else ""
    words = words[len(opening.split()) :]
    size = content(words) - len(MEASURE.findall(written(words)))
    return Question(opening, words, _references(words), size)


def is_follow_up(question: Question) -> bool:
    """True if it has too few content words to be searched for alone, and refers back."""
    words, size = question.words, question.size
    if not words or (not size and any(word.is_one_of(ADDRESS_WORDS) for word in words)):
        return False
    if question.references and size <= _max_content(question):
        return True
    if question.is_clause:
        return _is_fragment(question) or (  # "and is it safe?"
            bool(question.opening) and size <= 1 and not _asks_what_a_name_is(words)
        )
    if question.opening:
        return size <= _MAX_CONTENT  # "and in October?"
    if all(word.is_one_of(MORE) for word in words):
        return True
    in_eldholm = size == 1 and words[0].is_one_of(PREPOSITIONS - {"about"})
    return in_eldholm or len(find_time(words)) == len(words)  # "last week?"


def _max_content(question: Question) -> int:
    words = [question.words[at] for at in question.references]
    if question.is_clause and any(word.is_one_of(_NEVER_GENERIC) for word in words):
        return _MAX_CONTENT_OF_THINGS
    return 1 if all(word.is_one_of(INDEFINITE) for word in words) else _MAX_CONTENT


def _is_fragment(question: Question) -> bool:
    """True if it is a question word with no other content, or one other word without an auxiliary.

    "Why?", "by whom?", "which judge?"; but "how to vote" and "what happened this week?" are short
    and complete.
    """
    words, size = question.words, question.size
    if not question.has_question_word:
        return False
    if not size:
        return not (find_time(words) and any(word.is_one_of(HAPPENING) for word in words))
    most = 1 + words[0].is_one_of(PREPOSITIONS)  # "in which European countries?"
    is_complete = question.has_auxiliary or QUESTION_WORD_TO.search(question.text)
    return size <= most and not is_complete


def _asks_what_a_name_is(words: Sequence[Word]) -> bool:
    """True if it asks who or what a name is: "and who is Pompeo?" needs no other subject."""
    return (
        words[0].is_one_of({"who", "what"})
        and any(word.is_one_of(BE) for word in words[1:2])
        and any(word.is_name for word in words[2:4])
    )


def _references(words: Sequence[Word]) -> list[int]:
    expletive = EXPLETIVE_IT.search(written(words)) is not None
    return [
        at
        for at, word in enumerate(words)
        if word.is_stop_word or word.is_one_of(INDEFINITE)
        if not (word.is_one_of({"it"}) and expletive)
        if _is_reference(word, words[:at], words[at + 1 :])
    ]


def _is_reference(word: Word, preceding: Sequence[Word], following: Sequence[Word]) -> bool:
    """True if a word between these refers to something outside the question."""
    if word.is_one_of(PERSONAL_PRONOUNS):
        return not following or not _has_antecedent(word, preceding, following[0])
    if word.is_one_of({"this", "these", "those"}):  # but not "this week"
        return not following or not following[0].is_one_of(TIME_NOUNS)
    if word.is_one_of({"that"}):  # but not the conjunction: "said that …"
        before = AUXILIARIES | PREPOSITIONS | QUESTION_WORDS
        return not following or not preceding or preceding[-1].is_one_of(before)
    if word.is_one_of({"there"}):  # but not "is there a ban?"
        adjacent = (*preceding[-1:], *following[:1])
        return not following or not any(one.is_one_of(AUXILIARIES) for one in adjacent)
    if word.is_one_of(INDEFINITE):
        return bool(preceding) and preceding[-1].is_one_of(AUXILIARIES)
    return word.is_one_of({"then"})


def _has_antecedent(pronoun: Word, preceding: Sequence[Word], following: Word) -> bool:
    """True if a pronoun refers to a word before it: "did Trump say he won?".

    The object of a verb is never the subject of the same verb: "did SeaLine buy it from Moen?".
    """
    nouns = [
        at
        for at, word in enumerate(preceding)
        if word.is_name or (word.is_content and at > 0 and preceding[at - 1].is_one_of(DETERMINERS))
    ]
    is_object = pronoun.is_one_of(OBJECT_PRONOUNS) and (
        following.is_stop_word or following.has_capital or bool(find_time([following]))
    )
    if pronoun.is_one_of(POSSESSIVES) and following.is_content:
        is_object = False
    in_same_clause = not any(word.is_one_of(CONJUNCTIONS | SAYING) for word in preceding)
    return bool(nouns) and not (is_object and in_same_clause)
