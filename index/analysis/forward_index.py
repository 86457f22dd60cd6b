"""Texts as the ids of their terms, sentence by sentence: what is known of them without reading."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer]
_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class ForwardIndex:
    """The tokens of some texts, in order.

    `tokens` are ids of terms, `int32[tokens]`; `sentences` has the first token of each sentence,
    and one more for the end, `int64[sentences + 1]`; `spans` its characters, half-open offsets into
    its text, `int32[sentences, 2]`; `texts` the first sentence of each text, `int64[texts + 1]`.
    """

    tokens: NDArray[np.int32]
    sentences: NDArray[np.int64]
    spans: NDArray[np.int32]
    texts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.texts) - 1

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first token of each text, and one more for the end: `int64[texts + 1]`."""
        return self.sentences[self.texts]

    def take(self, texts: Integers) -> "ForwardIndex":
        """Those of the texts, in that order: some of many."""
        sentences, ends = ranges(self.texts, texts)
        tokens, token_ends = ranges(self.sentences, sentences)
        return ForwardIndex(self.tokens[tokens], token_ends, self.spans[sentences], ends)

    def renumbered(self, ids: NDArray[np.int32]) -> "ForwardIndex":
        """The same with `ids[i]` in place of the id i."""
        return replace(self, tokens=ids[self.tokens])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


EMPTY = ForwardIndex(
    np.empty(0, np.int32),
    np.zeros(1, np.int64),
    np.empty((0, 2), np.int32),
    np.zeros(1, np.int64),
)


def join(parts: Sequence[ForwardIndex]) -> ForwardIndex:
    """The texts of all parts, one after another."""
    if not parts:
        return EMPTY
    return ForwardIndex(
        np.concatenate([part.tokens for part in parts]),
        chain_starts([part.sentences for part in parts]),
        np.concatenate([part.spans for part in parts]),
        chain_starts([part.texts for part in parts]),
    )


def take_from(parts: Sequence[ForwardIndex], texts: Integers) -> ForwardIndex:
    """What `join(parts).take(texts)` has, faster where most are taken, and stay together."""
    ends = starts_of(np.array([*map(len, parts)], np.int64)).tolist()
    runs = [
        (part, max(first, start) - start, min(after, end) - start)
        for first, after in runs_of(texts)
        for part, (start, end) in zip(parts, pairwise(ends), strict=True)
        if first < end and start < after
    ]
    sentences = [(part, part.texts[first], part.texts[after]) for part, first, after in runs]
    tokens = [(part, part.sentences[at], part.sentences[to]) for part, at, to in sentences]
    return ForwardIndex(
        np.concatenate([EMPTY.tokens, *(part.tokens[at:to] for part, at, to in tokens)]),
        chain_starts([_from_zero(part.sentences[at : to + 1]) for part, at, to in sentences]),
        np.concatenate([EMPTY.spans, *(part.spans[at:to] for part, at, to in sentences)]),
        chain_starts([_from_zero(part.texts[at : to + 1]) for part, at, to in runs]),
    )


def _from_zero(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    return starts - int(starts[0])


def chain_starts(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """One array of starts for lists that follow each other; each part begins with 0."""
    ends = np.cumsum([0, *(part[-1] for part in parts)])
    moved = [part[1:] + end for part, end in zip(parts, ends, strict=False)]
    return np.concatenate([np.zeros(1, np.int64), *moved])


def starts_of(sizes: Integers | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where lists of those sizes begin that follow each other, and where the last one ends."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    sizes.cumsum(dtype=np.int64, out=starts[1:])
    return starts


def ranges(
    starts: NDArray[np.int64], chosen: Integers
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All that lies from `starts[i]` to `starts[i + 1]` for each chosen i, and the new starts."""
    firsts = starts[chosen]  # of those alone: there may be millions
    sizes = starts[chosen + 1] - firsts
    ends = starts_of(sizes)
    return np.arange(ends[-1]) + np.repeat(firsts - ends[:-1], sizes), ends


def runs_of(numbers: Integers) -> list[tuple[int, int]]:
    """The numbers as half-open ranges, in their order: most of what stays, stays together."""
    firsts = numbers[np.diff(numbers, prepend=-2) != 1]
    lasts = numbers[np.diff(numbers, append=-2) != 1]
    return [*zip(firsts.tolist(), (lasts + 1).tolist(), strict=True)]


def pick(values: NDArray[_Number], runs: Sequence[tuple[int, int]]) -> NDArray[_Number]:
    """What lies in each of those half-open ranges, one after another."""
    return np.concatenate([values[:0], *(values[first:after] for first, after in runs)])
