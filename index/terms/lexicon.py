"""From many texts to ids: each term and each word that is met gets a number, once."""

import hashlib
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.terms.analysis import FUNCTION_WORDS, SYNONYMS, Analyzer, unshouted, words
from index.terms.forward import Forward, ranges, starts_of
from index.terms.sentences import boundaries

# Function words have the first ids: they are told from other terms by their number, everywhere.
_COMMON = {word: number for number, word in enumerate(sorted(FUNCTION_WORDS))}
COMMON = len(_COMMON)
COMMON_IDS = np.arange(COMMON, dtype=np.int32)

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
    """What a lexicon met: terms in the order of their ids, and words.

    `words` maps each word, in small letters, to how it was first written and the id of its term.
    """

    terms: list[str] = field(default_factory=list)
    words: dict[str, tuple[str, int]] = field(default_factory=dict)


class Lexicon:
    """Numbers terms as it meets them, from `COMMON` on."""

    def __init__(self) -> None:
        self.met = Met()
        self._analyzer = Analyzer()
        self._ids: dict[str, int] = {}
        self._phrases = {
            self._id(first): [
                ((self._id(first), *map(self._id_within, rest)), self._id(name))
                for (_, *rest), name in synonyms
            ]
            for first, synonyms in self._analyzer.phrases.items()
        }
        self._numbers = _Remembered(self._number)
        # No token holds white space, and what stands between it is met again and again: it has a
        # number, too, and `_ids_in` has the ids of its terms, from `_starts` of its number on.
        self._chunks = _Remembered(self._take_chunk)
        self._ids_in, self._starts = array("i"), array("q", [0])

    def read(self, texts: Iterable[str]) -> Forward:
        """The terms of some texts, as `Analyzer.tokens` has them for each sentence."""
        chunks: list[int] = []  # which grows faster than an array
        ends, spans, counts = array("q", [0]), array("i"), array("q", [0])
        for text in texts:
            for start, end in boundaries(text) or [(0, len(text))]:
                sentence = unshouted(text[start:end])
                chunks.extend(map(self._chunks.__getitem__, sentence.split()))
                ends.append(len(chunks))
                spans.extend((start, end))
            counts.append(len(ends) - 1)
        starts = np.array(self._starts, np.int64)
        places, chunk_ends = ranges(starts, np.array(chunks, np.int64))
        tokens, sentences = self._merge(np.array(self._ids_in, np.int32)[places], chunk_ends[ends])
        self._forget()
        return Forward(
            tokens,
            sentences,
            np.array(spans, np.int32).reshape(-1, 2),
            np.array(counts, np.int64),
        )

    def take_in(self, met: Met, before: NDArray[np.int32] = COMMON_IDS) -> NDArray[np.int32]:
        """The ids here for those of another lexicon, after `before`, those it has told already."""
        ids = np.append(before, np.array([*map(self._id, met.terms)], np.int32))
        numbers = ids[np.array([of for _, of in met.words.values()], np.int64)].tolist()
        for (word, (written, _)), number in zip(met.words.items(), numbers, strict=True):
            self.met.words.setdefault(word, (written, number))
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

    def _take_chunk(self, chunk: str) -> int:
        """A number for what stands between white space."""
        self._ids_in.extend(map(self._numbers.__getitem__, words(chunk)))
        self._starts.append(len(self._ids_in))
        return len(self._starts) - 2

    def _forget(self) -> None:
        """Let go of the chunks for which there was no room."""
        del self._starts[_KEPT + 1 :]
        del self._ids_in[self._starts[-1] :]

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
