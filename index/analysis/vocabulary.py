"""Vocabulary: the terms of a segment with their ids, and their words as written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis.lexicon import FIRST_TERM, STOP_WORD_IDS, SeenTerms
from index.analysis.string_array import Arrays, StringArray, prefixed, unprefixed

UNKNOWN = -1  # the id of a term that is not in the vocabulary


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms and words that a lexicon has seen, in arrays.

    `terms` are in the order of their ids, from `first` on; `order` has their indices in ascending
    order of the terms. `words` are in lower case and ascend; `written` has the first spelling of
    each, and `term_of` the id of its term, which may belong to an earlier vocabulary.
    """

    first: int
    terms: StringArray
    order: NDArray[np.int32]
    words: StringArray
    written: StringArray
    term_of: NDArray[np.int32]

    def __len__(self) -> int:
        """The number of ids, those of earlier vocabularies included."""
        return self.first + len(self.terms)

    def find(self, term: str) -> int:
        """The id of a term that is not a stop word; `UNKNOWN` if it is not in this vocabulary."""
        found = self.terms.find(term, self.order)
        return UNKNOWN if found < 0 else self.first + found

    def ids(self, terms: Sequence[str]) -> NDArray[np.int32]:
        """The ids of terms that are not stop words; see `find`."""
        found = np.array(self.terms.positions(terms, self.order), np.int32)
        return np.where(found < 0, np.int32(UNKNOWN), found + np.int32(self.first))

    def term(self, number: int) -> str:
        """The term with that id, which must not be below `first`."""
        return self.terms[number - self.first]

    def joined(self, other: "Vocabulary") -> "Vocabulary":
        """Merge with the vocabulary that follows it; they must share no terms and no words."""
        if not len(self.terms) and not len(self.words):
            return other
        terms, words = self.terms.joined(other.terms), self.words.joined(other.words)
        order = terms.argsort()
        chosen = words.argsort()
        return Vocabulary(
            self.first,
            terms,
            order.astype(np.int32),
            words.take(chosen),
            self.written.joined(other.written).take(chosen),
            np.append(self.term_of, other.term_of)[chosen],
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, by their names in the index file."""
        return {
            **prefixed("terms", self.terms.arrays()),
            "order": self.order,
            **prefixed("words", self.words.arrays()),
            **prefixed("written", self.written.arrays()),
            "term_of": self.term_of,
        }

    @classmethod
    def from_arrays(cls, first: int, arrays: Arrays) -> "Vocabulary":
        """Restore the vocabulary from the id `first` on from `arrays`, which are not copied."""
        return cls(
            first,
            StringArray(**unprefixed(arrays, "terms")),
            arrays["order"],
            StringArray(**unprefixed(arrays, "words")),
            StringArray(**unprefixed(arrays, "written")),
            arrays["term_of"],
        )


_NONE = StringArray.of(())
EMPTY = Vocabulary(FIRST_TERM, _NONE, np.empty(0, np.int32), _NONE, _NONE, np.empty(0, np.int32))


def new_vocabulary(
    before: Sequence[Vocabulary], seen: SeenTerms
) -> tuple[Vocabulary, NDArray[np.int32]]:
    """The vocabulary of what a lexicon has seen that is in none of those before.

    Also returns the id here for each id of the lexicon.
    """
    numbers = np.full(len(seen.terms), UNKNOWN, np.int32)
    terms, words = [*seen.terms], [*seen.words]
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
    chosen = new_words[all_words.take(new_words).argsort()]
    vocabulary = Vocabulary(
        first,
        new_terms,
        new_terms.argsort().astype(np.int32),
        all_words.take(chosen),
        StringArray.of(seen.words.values()).take(chosen),
        ids[np.array(seen.term_of, np.int64)[chosen]],
    )
    return vocabulary, ids
