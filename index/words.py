"""The words of a corpus as they are written, for what may have been meant by one that it lacks."""

from itertools import compress

from index.analysis import Token
from index.okapi import Okapi
from index.vocabulary import Vocabulary


class Words:
    """All words of the coverage, in small letters."""

    def __init__(self, vocabulary: Vocabulary, ranker: Okapi) -> None:
        self._vocabulary = vocabulary
        self._ranker = ranker

    def __getitem__(self, word: str) -> Token:
        """The token of a word, as it is written in the coverage. Raises KeyError."""
        found = self._vocabulary.words.find(word)
        if found < 0:
            raise KeyError(word)
        term = self._vocabulary.term(int(self._vocabulary.term_of[found]))
        return Token(self._vocabulary.written[found], term, common=False)

    def frequency(self, word: str) -> int:
        """In how many passages the word stands, or another of the same term."""
        found = self._vocabulary.words.find(word)
        term = int(self._vocabulary.term_of[found])
        return self._ranker.document_frequency(term) if found >= 0 else 0

    def beginning(self, letter: str) -> list[str]:
        """The words with that first letter that still stand somewhere."""
        words = self._vocabulary.words
        first, after = words.place(letter), words.place(chr(ord(letter) + 1))
        terms = self._vocabulary.term_of[first:after].tolist()
        stands = map(self._ranker.document_frequency, terms)
        return [*compress(words[first:after], stands)]
