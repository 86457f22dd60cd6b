"""From many texts to ids: each term and each word that is met gets a number, once."""

import hashlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.analysis import FUNCTION_WORDS, SYNONYMS, Analyzer, unshouted, words
from index.forward import Forward
from index.model import Span
from index.sentences import split_sentences

# Function words have the first ids: they are told from other terms by their number, everywhere.
_COMMON = {word: number for number, word in enumerate(sorted(FUNCTION_WORDS))}
COMMON = len(_COMMON)

# Changes with all that decides which terms a text has.
ANALYSIS = hashlib.blake2b(
    repr(
        (sorted(FUNCTION_WORDS), SYNONYMS.read_bytes(), version("sentencex"), version("pystemmer"))
    ).encode(),
    digest_size=8,
).hexdigest()

_Value = TypeVar("_Value")

_KEPT = 500_000  # spellings of words that are remembered with their ids; some 100 MB


def common_id(term: str) -> int:
    """The id of a function word."""
    return _COMMON[term]


@dataclass(frozen=True, slots=True)
class Met:
    """What a lexicon met that it did not know before: terms in the order of their ids, and words.

    `words` maps each word, in small letters, to how it was first written and the id of its term;
    they may have been known.
    """

    terms: list[str] = field(default_factory=list)
    words: dict[str, tuple[str, int]] = field(default_factory=dict)


class Lexicon:
    """Numbers terms as it meets them, going on from those that are `known`, from `COMMON` on."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        self.met = Met()
        self._analyzer = Analyzer()
        self._ids = dict(zip(known, range(COMMON, COMMON + len(known)), strict=True))
        self._phrases = {
            self._id(first): [
                ((self._id(first), *map(self._id_within, rest)), self._id(name))
                for (_, *rest), name in synonyms
            ]
            for first, synonyms in self._analyzer.phrases.items()
        }
        self._numbers = _Remembered(self._number)
        self._chunks = _Remembered(lambda chunk: [*map(self._numbers.__getitem__, words(chunk))])

    def read(self, texts: Iterable[str]) -> Forward:
        """The terms of some texts."""
        tokens, ends, spans, counts = array("i"), array("q", [0]), array("i"), array("q", [0])
        for text in texts:
            for span in split_sentences(text) or [Span(0, len(text))]:
                tokens.extend(self.tokens(span.of(text)))
                ends.append(len(tokens))
                spans.extend((span.start, span.end))
            counts.append(len(ends) - 1)
        return Forward(
            np.array(tokens, np.int32),
            np.array(ends, np.int64),
            np.array(spans, np.int32).reshape(-1, 2),
            np.array(counts, np.int64),
        )

    def tokens(self, sentence: str) -> list[int]:
        """The ids of a sentence's tokens, as `Analyzer.tokens` has them."""
        # No token holds white space, and what stands between it is met again and again.
        ids = [*chain.from_iterable(map(self._chunks.__getitem__, unshouted(sentence).split()))]
        return ids if self._phrases.keys().isdisjoint(ids) else self._merge(ids)

    def take_in(self, met: Met) -> NDArray[np.int32]:
        """The ids here for those of another lexicon: `int32[COMMON + len(met.terms)]`."""
        ids = np.array([*range(COMMON), *map(self._id, met.terms)], np.int32)
        for word, (written, number) in met.words.items():
            self.met.words.setdefault(word, (written, int(ids[number])))
        return ids

    def _number(self, word: str) -> int:
        """The id of the term of a word as the analyzer cuts it."""
        token = self._analyzer.token(word)
        if token.common:
            return _COMMON[token.term]
        found = self._id(token.term)
        self.met.words.setdefault(word.lower(), (word, found))
        return found

    def _id(self, term: str) -> int:
        found = self._ids.get(term)
        if found is None:
            found = self._ids[term] = COMMON + len(self._ids)
            self.met.terms.append(term)
        return found

    def _id_within(self, term: str) -> int:
        """The id of a term that stands within a synonym, as "of" in "United States of America"."""
        return _COMMON[term] if term in _COMMON else self._id(term)

    def _merge(self, ids: list[int]) -> list[int]:
        """`ids` with every run that is a synonym made one, the longest run first."""
        merged = []
        at = 0
        while at < len(ids):
            one, size = ids[at], 1
            for terms, name in self._phrases.get(one, ()):
                if tuple(ids[at : at + len(terms)]) == terms:
                    one, size = name, len(terms)
                    break
            merged.append(one)
            at += size
        return merged


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
