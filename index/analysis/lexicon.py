"""From many texts to ids: each term and each word that is met gets a number, once."""

import hashlib
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzer import STOP_WORDS, SYNONYMS, Analyzer, unshouted
from index.analysis.forward_index import ForwardIndex, starts_of
from index.analysis.sentences import sentences_of
from index.analysis.token_cache import TokenCache

# Function words have the first ids: they are told from other terms by their number, everywhere.
_STOP_WORD_IDS = {word: number for number, word in enumerate(sorted(STOP_WORDS))}
FIRST_TERM = len(_STOP_WORD_IDS)
STOP_WORD_IDS = np.arange(FIRST_TERM, dtype=np.int32)

# Changes with all that decides which terms a text has.
ANALYSIS_VERSION = hashlib.blake2b(
    repr(
        (sorted(STOP_WORDS), SYNONYMS.read_bytes(), version("sentencex"), version("pystemmer"))
    ).encode(),
    digest_size=8,
).hexdigest()

_Value = TypeVar("_Value")

_KEPT = 500_000  # words, and chunks of text, that are remembered with their ids; some 100 MB


def stop_word_id(term: str) -> int:
    """The id of a function word."""
    return _STOP_WORD_IDS[term]


@dataclass(frozen=True, slots=True)
class SeenTerms:
    """What a lexicon met: terms with their ids, from `FIRST_TERM` on in their order, and words.

    `words` has each word, in small letters, as it was first written, and `term_of` the id of the
    term of each.
    """

    terms: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    term_of: list[int] = field(default_factory=list)

    def id(self, term: str) -> int:
        """The id of a term, which has one from now on."""
        return self.terms.setdefault(term, FIRST_TERM + len(self.terms))

    def add(self, word: str, written: str, number: int) -> None:
        """Note a word, unless it was met before."""
        if word not in self.words:
            self.words[word] = written
            self.term_of.append(number)


class Lexicon:
    """Numbers terms as it meets them, from `FIRST_TERM` on."""

    def __init__(self) -> None:
        self.met = SeenTerms()
        self._analyzer = Analyzer()
        self._phrases = {
            self.met.id(first): [
                ((self.met.id(first), *map(self._id_within, rest)), self.met.id(name))
                for (_, *rest), name in synonyms
            ]
            for first, synonyms in self._analyzer.phrases.items()
        }
        self._numbers = _Remembered(self._number)
        self._chunks = TokenCache(self._numbers.__getitem__)  # no token holds white space

    def read(self, texts: Iterable[str]) -> ForwardIndex:
        """The terms of some texts, as `Analyzer.tokens` has them for each sentence."""
        lines: list[str] = []
        spans: list[int] = []  # which grows faster than an array
        counts = array("q", [0])
        for text in texts:
            for start, sentence in sentences_of(text) or [(0, text)]:
                lines.append(unshouted(sentence))
                spans += (start, start + len(sentence))
            counts.append(len(lines))
        tokens, sentences = self._merge(*self._chunks.read(lines))
        if len(self._chunks) > _KEPT:  # the most frequent are soon met again
            self._chunks = TokenCache(self._numbers.__getitem__)
        return ForwardIndex(
            tokens,
            sentences,
            np.array(spans, np.int32).reshape(-1, 2),
            np.array(counts, np.int64),
        )

    def take_in(
        self, met: SeenTerms, before: NDArray[np.int32] = STOP_WORD_IDS
    ) -> NDArray[np.int32]:
        """The ids here for those of another lexicon, after `before`, those it has told already."""
        ids = np.append(before, np.array([*map(self.met.id, met.terms)], np.int32))
        numbers = ids[np.array(met.term_of, np.int64)].tolist()
        for (word, written), number in zip(met.words.items(), numbers, strict=True):
            self.met.add(word, written, number)
        return ids

    def _number(self, word: str) -> int:
        """The id of the term of a word as the analyzer cuts it."""
        term, is_common = self._analyzer.term(word)
        if is_common:
            return _STOP_WORD_IDS[term]
        found = self.met.id(term)
        self.met.add(word.lower(), word, found)
        return found

    def _id_within(self, term: str) -> int:
        """The id of a term that stands within a synonym, as "of" in "United States of America"."""
        return _STOP_WORD_IDS[term] if term in _STOP_WORD_IDS else self.met.id(term)

    def _merge(
        self, tokens: NDArray[np.int32], sentences: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Tokens with every run that is a synonym made one, the longest run first."""
        kept = np.ones(len(tokens), np.bool_)
        after = 0
        for at in np.flatnonzero(np.isin(tokens, [*self._phrases])).tolist():
            if at < after:
                continue  # it is in a run
            end = sentences[np.searchsorted(sentences, at, "right")]
            for terms, name in self._phrases[int(tokens[at])]:
                if tuple(tokens[at : min(at + len(terms), end)].tolist()) == terms:
                    after = at + len(terms)
                    tokens[at] = name
                    kept[at + 1 : after] = False
                    break
        return tokens[kept], starts_of(kept)[sentences]


class _Remembered(dict[str, _Value]):
    """What a function says of strings, as long as there is room for it."""

    def __init__(self, function: Callable[[str], _Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, string: str) -> _Value:
        value = self._function(string)
        if len(self) < _KEPT:
            self[string] = value
        return value
