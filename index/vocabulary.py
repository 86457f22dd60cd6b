"""The terms of a corpus with their ids, and its words as they are written."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.lexicon import COMMON, Met
from index.strings import Arrays, Strings, named, within

UNKNOWN = -1  # the id of a term that the corpus does not have


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a lexicon has met, in arrays.

    `terms` are in the order of their ids from `COMMON` on, and `order` has their places so that
    they ascend. `words` ascend, in small letters; `written` is how each was first written, and
    `term_of` the id of its term.
    """

    terms: Strings
    order: NDArray[np.int32]
    words: Strings
    written: Strings
    term_of: NDArray[np.int32]

    def __len__(self) -> int:
        """How many ids there are."""
        return COMMON + len(self.terms)

    def find(self, term: str) -> int:
        """The id of a term that is no function word; `UNKNOWN` where it was not met."""
        found = self.terms.find(term, self.order)
        return UNKNOWN if found < 0 else COMMON + found

    def term(self, number: int) -> str:
        """The term with that id, which is no function word's."""
        return self.terms[number - COMMON]

    def with_met(self, met: Met) -> "Vocabulary":
        """With what a lexicon met that knew the terms of this one."""
        terms = sorted(range(len(met.terms)), key=met.terms.__getitem__)
        places = self.terms.places([met.terms[number] for number in terms], self.order)
        words = sorted(met.words.keys() - set(self.words[:]))
        about = [met.words[word] for word in words]
        # Where each stands among those that were known, with the others after them.
        order = np.insert(
            np.arange(len(self.words)),
            self.words.places(words),
            np.arange(len(words)) + len(self.words),
        )
        return Vocabulary(
            self.terms.joined(met.terms),
            np.insert(self.order, places, np.array(terms, np.int32) + len(self.terms)),
            self.words.joined(words).take(order),
            self.written.joined(written for written, _ in about).take(order),
            np.concatenate([self.term_of, np.array([of for _, of in about], np.int32)])[order],
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it, by name."""
        return {
            **named("terms", self.terms.arrays()),
            "order": self.order,
            **named("words", self.words.arrays()),
            **named("written", self.written.arrays()),
            "term_of": self.term_of,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> "Vocabulary":
        """The vocabulary that has these `arrays`, which are not copied."""
        return cls(
            Strings(**within(arrays, "terms")),
            arrays["order"],
            Strings(**within(arrays, "words")),
            Strings(**within(arrays, "written")),
            arrays["term_of"],
        )


_NONE = Strings.of(())
EMPTY = Vocabulary(_NONE, np.empty(0, np.int32), _NONE, _NONE, np.empty(0, np.int32))
