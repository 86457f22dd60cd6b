"""Lexicon: analyzes many texts into term ids, numbering terms as they first occur."""

import hashlib
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from unicodedata import unidata_version

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzer import STOP_WORDS, SYNONYMS, Analyzer, lower_if_all_caps
from index.analysis.forward_index import ForwardIndex, merge_runs
from index.analysis.sentences import split_with_offsets
from index.analysis.token_cache import TokenCache

# Stop words have the lowest ids, everywhere: `id < FIRST_TERM` identifies them.
_STOP_WORD_IDS = {word: number for number, word in enumerate(sorted(STOP_WORDS))}
FIRST_TERM = len(_STOP_WORD_IDS)
STOP_WORD_IDS = np.arange(FIRST_TERM, dtype=np.int32)

# Changes whenever texts may be analyzed differently.
_RULES = ("analyzer.py", "folding.py", "numbers.py", "words.py", SYNONYMS.name)
ANALYSIS_VERSION = hashlib.blake2b(
    repr(
        (
            [Path(__file__).with_name(name).read_bytes() for name in _RULES],
            sorted(STOP_WORDS),
            version("sentencex"),
            version("pystemmer"),
            unidata_version,
        )
    ).encode(),
    digest_size=8,
).hexdigest()

_Value = TypeVar("_Value")

_CACHED = 500_000  # words, and chunks of text, whose ids are cached; some 100 MB


def stop_word_id(term: str) -> int:
    """The id of a stop word."""
    return _STOP_WORD_IDS[term]


@dataclass(frozen=True, slots=True)
class SeenTerms:
    """The terms and words that a lexicon has seen, in the order of their first occurrence.

    `terms` maps terms to their ids, from `FIRST_TERM` on; `words` maps lower-case words to their
    first spelling, and `term_of` has the id of the term of each word.
    """

    terms: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    term_of: list[int] = field(default_factory=list)

    def id(self, term: str) -> int:
        """The id of a term; assigns the next one to a new term."""
        return self.terms.setdefault(term, FIRST_TERM + len(self.terms))

    def add(self, word: str, written: str, number: int) -> None:
        """Add a word and the id of its term, unless it was seen before."""
        if word not in self.words:
            self.words[word] = written
            self.term_of.append(number)


class Lexicon:
    """Analyzes texts, and assigns ids to new terms, from `FIRST_TERM` on."""

    def __init__(self) -> None:
        self.seen = SeenTerms()
        self._analyzer = Analyzer()
        self._phrases = {
            self.seen.id(first): [
                ((self.seen.id(first), *map(self._id_within, rest)), self.seen.id(name))
                for (_, *rest), name in synonyms
            ]
            for first, synonyms in self._analyzer.phrases.items()
        }
        self._word_ids = _Cache(self._word_id)
        self._chunks = TokenCache(self._word_ids.__getitem__)  # no token contains white space

    def read(self, texts: Iterable[str]) -> ForwardIndex:
        """Analyze texts into the ids of the terms of `Analyzer.tokens`, sentence by sentence."""
        lines: list[str] = []
        spans: list[int] = []  # a list grows faster than an array
        counts = array("q", [0])
        for text in texts:
            for start, sentence in split_with_offsets(text) or [(0, text)]:
                lines.append(lower_if_all_caps(sentence))
                spans += (start, start + len(sentence))
            counts.append(len(lines))
        tokens, sentences = merge_runs(*self._chunks.read(lines), self._phrases)
        if len(self._chunks) > _CACHED:  # frequent chunks soon come back
            self._chunks = TokenCache(self._word_ids.__getitem__)
        return ForwardIndex(
            tokens,
            sentences,
            np.array(spans, np.int32).reshape(-1, 2),
            np.array(counts, np.int64),
        )

    def merge(
        self, seen: SeenTerms, before: NDArray[np.int32] = STOP_WORD_IDS
    ) -> NDArray[np.int32]:
        """Add the terms and words of another lexicon; returns the ids here for its ids.

        `before` are the ids returned for what was taken over from it earlier.
        """
        ids = np.append(before, np.array([*map(self.seen.id, seen.terms)], np.int32))
        numbers = ids[np.array(seen.term_of, np.int64)].tolist()
        for (word, written), number in zip(seen.words.items(), numbers, strict=True):
            self.seen.add(word, written, number)
        return ids

    def _word_id(self, word: str) -> int:
        """The id of the term of a word, as returned by `analyzer.words`."""
        term, is_stop_word = self._analyzer.term(word)
        if is_stop_word:
            return _STOP_WORD_IDS[term]
        found = self.seen.id(term)
        self.seen.add(word.lower(), word, found)
        return found

    def _id_within(self, term: str) -> int:
        """The id of a term within a synonym; "of" in "United States of America" is a stop word."""
        return _STOP_WORD_IDS[term] if term in _STOP_WORD_IDS else self.seen.id(term)


class _Cache(dict[str, _Value]):
    """A cache of a function of strings, which stops growing at `_CACHED` entries."""

    def __init__(self, function: Callable[[str], _Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, string: str) -> _Value:
        value = self._function(string)
        if len(self) < _CACHED:
            self[string] = value
        return value
