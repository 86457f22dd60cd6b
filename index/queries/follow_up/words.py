"""The words of a question as written, with the little that can be known of each."""

import re
from bisect import bisect, bisect_left
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from index.analysis.languages import ENGLISH
from index.queries.follow_up.word_lists import (
    AMBIGUOUS_MONTHS,
    CONTRACTED_IS,
    DETERMINERS,
    INDEFINITE,
    LIGHT_WORDS,
    MISSPELT,
    MONTHS,
    RANKS,
    TIME,
    WEEKDAYS,
)
from index.retrieval.filters import Filter
from index.retrieval.retriever import Retriever

_NO_SUBJECTS = LIGHT_WORDS | RANKS | INDEFINITE
_PASSAGES = 5  # in which the spelling of a word is looked up
_PUNCTUATION = "?!,;:…“”\"'()"


@dataclass(frozen=True, slots=True)
class Word:
    """A word without the punctuation `before` and `after` it.

    `lower` is in lower case, without a final "n't" or "'s"; IT and WHO keep their capitals, as they
    are names. In a text without capitals, whether a word is a name takes the coverage to know:
    `surface` is how the coverage spells it, or ''.
    """

    text: str
    before: str
    after: str
    lower: str
    is_stop_word: bool
    is_name: bool = False
    surface: str = ""

    @property
    def has_capital(self) -> bool:
        """True if it is a name with a capital, or a number."""
        return self.is_name and not self.text.islower()

    @property
    def is_content(self) -> bool:
        """True if it may name a subject."""
        return not self.is_stop_word and self.lower not in _NO_SUBJECTS

    def is_one_of(self, words: AbstractSet[str]) -> bool:
        """True if it is one of these words."""
        return self.lower in words


def read_words(retriever: Retriever, text: str) -> list[Word]:
    """The words of `text`, in order."""
    if text.isupper():  # every word would be a name
        text = text.lower()
    texts = CONTRACTED_IS.sub(r"\1\2 is", text).split()
    chat = not any(map(str.isupper, " ".join(texts[1:])))
    words: list[Word] = []
    for one in filter(strip_punctuation, texts):
        words.append(_word(retriever, one, words[-1] if words else None, chat=chat))
    return words


def _word(retriever: Retriever, typed: str, preceding: Word | None, *, chat: bool) -> Word:
    text = strip_punctuation(typed)
    before, _, after = typed.partition(text)
    text = _corrected(text)
    is_stop_word = all(token.is_stop_word for token in retriever.analyzer_of(ENGLISH).tokens(text))
    lower = text if text.isupper() and not is_stop_word else text.lower().replace("’", "'")
    lower = lower.removesuffix("'s").removesuffix("n't")
    word = Word(text, before, after, lower, is_stop_word)
    if is_stop_word or not text[0].isalnum():
        return word
    if not text.islower():
        starts_sentence = preceding is None and _surface(retriever, text).islower()
        return replace(word, is_name=not starts_sentence)
    if chat and not (preceding and preceding.is_one_of(DETERMINERS)):
        surface = _surface(retriever, text)
        is_name = surface != surface.lower() and _is_spelled(retriever, surface)
        return replace(word, is_name=is_name, surface=surface)
    return word


def _corrected(text: str) -> str:
    word = MISSPELT.get(text.lower(), text)
    if text in (MONTHS | WEEKDAYS) - AMBIGUOUS_MONTHS:
        return text.capitalize()
    return word.capitalize() if word != text and text[0].isupper() else word


def _surface(retriever: Retriever, text: str) -> str:
    """The word as the coverage first spells it; '' if it does not have it."""
    try:
        return retriever.surface_form(text.lower()).text
    except KeyError:
        return ""


def _is_spelled(retriever: Retriever, name: str) -> bool:
    """True if passages have `name` with its capitals, and never without them.

    More than once, or within a sentence; a capital within the word says enough.
    """
    if any(map(str.isupper, name[1:])):
        return True
    term_ids = [retriever.find(term) for term in retriever.analyzer_of(ENGLISH).terms(name)]
    keys = retriever.retrieve(term_ids, Filter(), _PASSAGES).keys() if len(term_ids) == 1 else []
    text = "\n".join(retriever.texts(keys))
    found = re.findall(rf"([\w,;:’'] )?\b{re.escape(name)}\b", text)
    is_spelled = len(found) > 1 or any(found)
    return is_spelled and not re.search(rf"\b{re.escape(name.lower())}\b", text)


def written(words: Iterable[Word]) -> str:
    """The words with their punctuation."""
    return " ".join(f"{word.before}{word.text}{word.after}" for word in words)


def named(words: Sequence[Word]) -> str:
    """The words without the punctuation around them, and names as the coverage spells them."""
    return strip_punctuation(written(map(spelled, words)))


def spelled(word: Word) -> Word:
    """The word as the coverage spells it, if it is a name in lower case."""
    return replace(word, text=word.surface) if word.is_name and word.surface else word


def content(words: Sequence[Word]) -> int:
    """The number of content words outside times; a name of several words counts once."""
    time = find_time(words)
    outside = [word for at, word in enumerate(words) if at not in time]
    follows = [first.has_capital and second.has_capital for first, second in pairwise(outside)]
    return sum(word.is_content for word in outside) - sum(follows)


def find_time(words: Sequence[Word]) -> range:
    """The indices of the last expression of time, with its preposition; empty without one."""
    ends = [*accumulate(len(word.text) + 1 for word in words)]
    found = range(0)
    for match in TIME.finditer(" ".join(word.text for word in words)):
        at = range(bisect(ends, match.start()), bisect_left(ends, match.end()) + 1)
        if len(words) == 1 or not words[at.start].is_one_of(AMBIGUOUS_MONTHS):
            found = at
    return found


def strip_punctuation(word: str) -> str:
    """`word` without punctuation at its ends, except for the full stops of an abbreviation."""
    word = word.strip(_PUNCTUATION)
    return word if "." in word[:-1] else word.rstrip(".")
