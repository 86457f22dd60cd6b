"""The terms of some texts with their ids, and their words as they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.lexicon import FIRST_TERM, STOP_WORD_IDS, SeenTerms
from index.analysis.string_array import Arrays, StringArray, named, within
from index.analysis.string_sort import argsort_strings

UNKNOWN = -1  # the id of a term that the corpus does not have


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a lexicon has met, in arrays.

    `terms` are in the order of their ids from `first` on, and `order` has their places so that
    they ascend. `words` ascend, in small letters; `written` is how each was first written, and
    `term_of` the id of its term, which an earlier vocabulary may have.
    """

    first: int
    terms: StringArray
    order: NDArray[np.int32]
    words: StringArray
    written: StringArray
    term_of: NDArray[np.int32]

    def __len__(self) -> int:
        """How many ids there are, with those before."""
        return self.first + len(self.terms)

    def find(self, term: str) -> int:
        """The id of a term that is no function word; `UNKNOWN` where it was not met."""
        found = self.terms.find(term, self.order)
        return UNKNOWN if found < 0 else self.first + found

    def ids(self, terms: Sequence[str]) -> NDArray[np.int32]:
        """The ids of terms that are no function words; `UNKNOWN` of those that were not met."""
        found = np.array(self.terms.positions(terms, self.order), np.int32)
        return np.where(found < 0, np.int32(UNKNOWN), found + np.int32(self.first))

    def term(self, number: int) -> str:
        """The term with that id, which is no function word's and not below `first`."""
        return self.terms[number - self.first]

    def joined(self, other: "Vocabulary") -> "Vocabulary":
        """With one that follows it, and has no term and no word that it has."""
        if not len(self.terms) and not len(self.words):
            return other
        terms, words = self.terms.joined(other.terms), self.words.joined(other.words)
        order = argsort_strings(terms, np.append(self.order, other.order + len(self.terms)))
        chosen = argsort_strings(words, np.arange(len(words)))
        return Vocabulary(
            self.first,
            terms,
            order.astype(np.int32),
            words.take(chosen),
            self.written.joined(other.written).take(chosen),
            np.append(self.term_of, other.term_of)[chosen],
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it but its first id, by name."""
        return {
            **named("terms", self.terms.arrays()),
            "order": self.order,
            **named("words", self.words.arrays()),
            **named("written", self.written.arrays()),
            "term_of": self.term_of,
        }

    @classmethod
    def from_arrays(cls, first: int, arrays: Arrays) -> "Vocabulary":
        """The vocabulary from that id on that has these `arrays`, which are not copied."""
        return cls(
            first,
            StringArray(**within(arrays, "terms")),
            arrays["order"],
            StringArray(**within(arrays, "words")),
            StringArray(**within(arrays, "written")),
            arrays["term_of"],
        )


_NONE = StringArray.of(())
EMPTY = Vocabulary(FIRST_TERM, _NONE, np.empty(0, np.int32), _NONE, _NONE, np.empty(0, np.int32))


def added(before: Sequence[Vocabulary], met: SeenTerms) -> tuple[Vocabulary, NDArray[np.int32]]:
    """What a lexicon met that none of those before has; and the id here for each of its ids."""
    numbers = np.full(len(met.terms), UNKNOWN, np.int32)
    terms, words = [*met.terms], [*met.words]
    new_words = np.arange(len(words))
    for one in before:
        left = np.flatnonzero(numbers == UNKNOWN)
        numbers[left] = one.ids([terms[at] for at in left.tolist()])
        found = one.words.positions([words[at] for at in new_words.tolist()])
        new_words = new_words[np.array(found, np.int64) < 0]
    new = np.flatnonzero(numbers == UNKNOWN)
    first = len(before[-1]) if before else FIRST_TERM
    numbers[new] = np.arange(len(new)) + first
    ids = np.append(STOP_WORD_IDS, numbers)
    new_terms = StringArray.of(terms[at] for at in new.tolist())
    all_words = StringArray.of(words)
    chosen = new_words[argsort_strings(all_words.take(new_words), np.arange(len(new_words)))]
    vocabulary = Vocabulary(
        first,
        new_terms,
        argsort_strings(new_terms, np.arange(len(new))).astype(np.int32),
        all_words.take(chosen),
        StringArray.of(met.words.values()).take(chosen),
        ids[np.array(met.term_of, np.int64)[chosen]],
    )
    return vocabulary, ids
