"""The terms of a corpus with their ids, and its words as they are written."""

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

    def with_met(self, met: Met) -> tuple["Vocabulary", NDArray[np.int32]]:
        """With what a lexicon met, too; and the id here for each id of the lexicon."""
        numbers = np.array(self.terms.positions(met.terms, self.order), np.int32)
        new = np.flatnonzero(numbers < 0)
        numbers[new] = np.arange(len(new)) + len(self.terms)
        ids = np.append(COMMON_IDS, numbers + np.int32(COMMON))

        terms = [met.terms[at] for at in new.tolist()]
        ascending = sorted(range(len(terms)), key=terms.__getitem__)
        places = self.terms.places([terms[at] for at in ascending], self.order)
        met_words = sorted(met.words)
        found = self.words.positions(met_words)
        words = [word for word, at in zip(met_words, found, strict=True) if at < 0]
        about = [met.words[word] for word in words]
        # Where each stands among those that were known, with the others after them.
        order = np.insert(
            np.arange(len(self.words)),
            self.words.places(words),
            np.arange(len(words)) + len(self.words),
        )
        term_of = ids[np.array([of for _, of in about], np.int64)]
        more = Vocabulary(
            self.terms.joined(terms),
            np.insert(self.order, places, np.array(ascending, np.int32) + len(self.terms)),
            self.words.joined(words).take(order),
            self.written.joined(written for written, _ in about).take(order),
            np.concatenate([self.term_of, term_of])[order],
        )
        return more, ids

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
