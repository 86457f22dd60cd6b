"""The terms of some texts with their ids, and their words as they are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.terms.lexicon import COMMON, COMMON_IDS, Met
from index.terms.strings import Arrays, Strings, named, within

UNKNOWN = -1  # the id of a term that the corpus does not have


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a lexicon has met, in arrays.

    `terms` are in the order of their ids from `first` on, and `order` has their places so that
    they ascend. `words` ascend, in small letters; `written` is how each was first written, and
    `term_of` the id of its term, which an earlier vocabulary may have.
    """

    first: int
    terms: Strings
    order: NDArray[np.int32]
    words: Strings
    written: Strings
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
        # Where each stands among those here, with the others after them.
        order = np.insert(
            np.arange(len(self.words)),
            self.words.places(other.words[:]),
            np.arange(len(other.words)) + len(self.words),
        )
        ascending = [other.terms[at] for at in other.order.tolist()]
        places = self.terms.places(ascending, self.order)
        return Vocabulary(
            self.first,
            self.terms.joined(other.terms),
            np.insert(self.order, places, other.order + np.int32(len(self.terms))),
            self.words.joined(other.words).take(order),
            self.written.joined(other.written).take(order),
            np.concatenate([self.term_of, other.term_of])[order],
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
            Strings(**within(arrays, "terms")),
            arrays["order"],
            Strings(**within(arrays, "words")),
            Strings(**within(arrays, "written")),
            arrays["term_of"],
        )


_NONE = Strings.of(())
EMPTY = Vocabulary(COMMON, _NONE, np.empty(0, np.int32), _NONE, _NONE, np.empty(0, np.int32))


def added(before: Sequence[Vocabulary], met: Met) -> tuple[Vocabulary, NDArray[np.int32]]:
    """What a lexicon met that none of those before has; and the id here for each of its ids."""
    numbers = np.full(len(met.terms), UNKNOWN, np.int32)
    words: Mapping[str, tuple[str, int]] = met.words
    for one in before:
        left = np.flatnonzero(numbers == UNKNOWN)
        numbers[left] = one.ids([met.terms[at] for at in left.tolist()])
        found = one.words.positions(words)
        words = {
            word: about for (word, about), at in zip(words.items(), found, strict=True) if at < 0
        }
    new = np.flatnonzero(numbers == UNKNOWN)
    first = len(before[-1]) if before else COMMON
    numbers[new] = np.arange(len(new)) + first
    ids = np.append(COMMON_IDS, numbers)
    terms = [met.terms[at] for at in new.tolist()]
    ascending = sorted(words)
    about = [words[word] for word in ascending]
    vocabulary = Vocabulary(
        first,
        Strings.of(terms),
        np.array(sorted(range(len(terms)), key=terms.__getitem__), np.int32),
        Strings.of(ascending),
        Strings.of(written for written, _ in about),
        ids[np.array([of for _, of in about], np.int64)],
    )
    return vocabulary, ids
