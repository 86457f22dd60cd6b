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

from index.analysis.analyzer import Analyzer, lower_if_all_caps
from index.analysis.forward_index import ForwardIndex, merge_runs
from index.analysis.languages import ENGLISH, STOP_WORDS
from index.analysis.sentences import split_with_offsets
from index.analysis.token_cache import TokenCache

# Stop words of any language have the lowest ids, everywhere: `id < FIRST_TERM` identifies them.
# A word may be one in one language and a term in another: "die".
_ALL_STOP_WORDS = sorted(frozenset().union(*STOP_WORDS.values()))
_STOP_WORD_IDS = {word: number for number, word in enumerate(_ALL_STOP_WORDS)}
FIRST_TERM = len(_STOP_WORD_IDS)
STOP_WORD_IDS = np.arange(FIRST_TERM, dtype=np.int32)

# Changes whenever texts may be analyzed differently.
_RULES = """
    abbreviations.toml analyzer.py folding.py languages.py languages.toml numbers.py sentences.py
    stems.py synonyms.toml ukrainian.py words.py
"""
ANALYSIS_VERSION = hashlib.blake2b(
    repr(
        (
            [Path(__file__).with_name(name).read_bytes() for name in _RULES.split()],
            *map(sorted, STOP_WORDS.values()),
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
    """Analyzes texts, and assigns ids to new terms, from `FIRST_TERM` on, whatever the language."""

    def __init__(self) -> None:
        self.seen = SeenTerms()
        self._in_language = {ENGLISH: _InLanguage(ENGLISH, self.seen)}  # most coverage needs it

    def read(self, texts: Iterable[str], language: str = ENGLISH) -> ForwardIndex:
        """Analyze texts into the ids of the terms of `Analyzer.tokens`, sentence by sentence."""
        if language not in self._in_language:
            self._in_language[language] = _InLanguage(language, self.seen)
        return self._in_language[language].read(texts)

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


class _InLanguage:
    """The part of a lexicon for one language: in another, the same word may have another term."""

    def __init__(self, language: str, seen: SeenTerms) -> None:
        self._language = language
        self._seen = seen
        self._analyzer = Analyzer(language)
        self._phrases = {
            seen.id(first): [
                ((seen.id(first), *map(self._id_within, rest)), seen.id(name))
                for (_, *rest), name in synonyms
            ]
            for first, synonyms in self._analyzer.phrases.items()
        }
        self._word_ids = _Cache(self._word_id)
        self._chunks = TokenCache(self._word_ids.__getitem__)  # no token contains white space

    def read(self, texts: Iterable[str]) -> ForwardIndex:
        """Analyze texts in this language; see `Lexicon.read`."""
        lines: list[str] = []
        spans: list[int] = []  # a list grows faster than an array
        counts = array("q", [0])
        for text in texts:
            for start, sentence in split_with_offsets(text, self._language) or [(0, text)]:
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

    def _word_id(self, word: str) -> int:
        """The id of the term of a word, as returned by `analyzer.words`."""
        term, is_stop_word = self._analyzer.term(word)
        if is_stop_word:
            return _STOP_WORD_IDS[term]
        found = self._seen.id(term)
        self._seen.add(word.lower(), word, found)
        return found

    def _id_within(self, term: str) -> int:
        """The id of a term within a synonym; "of" in "United States of America" is a stop word."""
        is_stop_word = term in STOP_WORDS[self._language]
        return _STOP_WORD_IDS[term] if is_stop_word else self._seen.id(term)


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
