"""Surface forms: the words of the coverage as written, for correcting unknown words."""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import compress

import numpy as np

from index.analysis.analyzer import Token
from index.analysis.forward_index import starts_of
from index.analysis.vocabulary import Vocabulary
from index.retrieval.bm25.okapi import Okapi

_MISTAKES = 3  # extra or missing letters, as many as `spelling` allows


class SurfaceForms:
    """The words of all vocabularies, by their lower-case spelling."""

    def __init__(self, vocabularies: Sequence[Vocabulary], ranker: Okapi) -> None:
        self._vocabularies = vocabularies
        self._ranker = ranker

    def __getitem__(self, word: str) -> Token:
        """The token of a word, as first written in the coverage. Raises KeyError."""
        for vocabulary, at in self._found(word):
            number = int(vocabulary.term_of[at])
            terms = next(one for one in self._vocabularies if number < len(one))
            return Token(vocabulary.written[at], terms.term(number), is_stop_word=False)
        raise KeyError(word)

    def frequency(self, word: str) -> int:
        """The number of passages that hold the word or another form of its term."""
        for vocabulary, at in self._found(word):
            return self._ranker.document_frequency(int(vocabulary.term_of[at]))
        return 0

    def similar(self, word: str) -> list[str]:
        """The words of passages with the same first letter and about the same length, ascending."""
        return [*merge(*(self._similar(word, one) for one in self._vocabularies))]

    def _found(self, word: str) -> Iterator[tuple[Vocabulary, int]]:
        """The vocabularies that have the word, and its index in each."""
        for vocabulary in self._vocabularies:
            if (at := vocabulary.words.find(word)) >= 0:
                yield vocabulary, at

    def _similar(self, word: str, vocabulary: Vocabulary) -> Iterator[str]:
        words = vocabulary.words
        first, after = words.insertion_point(word[0]), words.insertion_point(chr(ord(word[0]) + 1))
        starts = words.starts[first : after + 1]
        # Letters are the bytes that start a character; each word has one more for its line break.
        letters = (words.text[starts[0] : starts[-1]] & 0xC0) != 0x80  # noqa: PLR2004 - of UTF-8
        sizes = np.diff(starts_of(letters)[starts - starts[0]]) - 1
        near = np.abs(sizes - len(word)) <= _MISTAKES
        terms = vocabulary.term_of[first:after]
        occurs = self._ranker.document_frequencies(terms) > 0
        return compress(words[first:after], (near & occurs).tolist())
