"""Forward index: the term ids of texts, sentence by sentence, in flat arrays.

Lists of different lengths are stored one after another, with an array of `starts`: list `i` spans
`starts[i]` to `starts[i + 1]`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.integer]
# By the first term of runs of terms: each run, and the term that replaces it; longer ones first.
Runs = Mapping[int, Sequence[tuple[tuple[int, ...], int]]]
_BLOCK = 1 << 18  # tokens looked at together, which stay in the cache
_Number = TypeVar("_Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class ForwardIndex:
    """The tokens of some texts, in order.

    `tokens` are term ids, `int32[tokens]`. `sentences` has the index of each sentence's first token
    and the end, `int64[sentences + 1]`; `spans` the sentence's characters, half-open offsets into
    its text, `int32[sentences, 2]`. `texts` has the index of each text's first sentence and the
    end, `int64[texts + 1]`.
    """

    tokens: NDArray[np.int32]
    sentences: NDArray[np.int64]
    spans: NDArray[np.int32]
    texts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.texts) - 1

    @property
    def starts(self) -> NDArray[np.int64]:
        """The index of each text's first token, and the end: `int64[texts + 1]`."""
        return self.sentences[self.texts]

    def take(self, texts: Integers) -> "ForwardIndex":
        """Select texts, in that order."""
        sentences, ends = ranges(self.texts, texts)
        tokens, token_ends = ranges(self.sentences, sentences)
        return ForwardIndex(self.tokens[tokens], token_ends, self.spans[sentences], ends)

    def renumbered(self, ids: NDArray[np.int32]) -> "ForwardIndex":
        """Replace each id `i` by `ids[i]`."""
        return replace(self, tokens=ids[self.tokens])

    def merged(self, runs: Runs) -> "ForwardIndex":
        """Replace the runs of terms in each sentence, see `merge_runs`."""
        tokens, sentences = merge_runs(self.tokens.copy(), self.sentences, runs)
        return replace(self, tokens=tokens, sentences=sentences)

    def containing(self, run: Sequence[int]) -> NDArray[np.int64]:
        """The texts that have the terms of `run` one after another in a sentence, ascending."""
        found = [np.empty(0, np.int64)]
        for first in range(0, len(self.tokens) - len(run) + 1, _BLOCK):
            block = self.tokens[first : first + _BLOCK + len(run) - 1]
            windows = np.lib.stride_tricks.sliding_window_view(block, len(run))
            matches = windows[:, 0] == run[0]
            for offset, term in enumerate(run[1:], start=1):
                matches &= windows[:, offset] == term
            found.append(np.flatnonzero(matches) + first)
        at = np.concatenate(found)
        sentence = self.sentences.searchsorted(at, "right")
        at = at[self.sentences.searchsorted(at + len(run) - 1, "right") == sentence]
        return np.unique(self.starts.searchsorted(at, "right") - 1)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, by their names in the index file."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


EMPTY = ForwardIndex(
    np.empty(0, np.int32),
    np.zeros(1, np.int64),
    np.empty((0, 2), np.int32),
    np.zeros(1, np.int64),
)


def join(parts: Sequence[ForwardIndex]) -> ForwardIndex:
    """Concatenate the texts of all parts."""
    if not parts:
        return EMPTY
    return ForwardIndex(
        np.concatenate([part.tokens for part in parts]),
        chain_starts([part.sentences for part in parts]),
        np.concatenate([part.spans for part in parts]),
        chain_starts([part.texts for part in parts]),
    )


def take_from(parts: Sequence[ForwardIndex], texts: Integers) -> ForwardIndex:
    """Same as `join(parts).take(texts)`; faster for many texts in few runs."""
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


def merge_runs(
    tokens: NDArray[np.int32], sentences: NDArray[np.int64], runs: Runs
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Replace every run of terms within a sentence by one term, preferring longer runs.

    Overwrites `tokens`; returns those that are left, and the starts of the sentences among them.
    """
    kept = np.ones(len(tokens), np.bool_)
    after = 0
    for at in np.flatnonzero(np.isin(tokens, [*runs])).tolist():
        if at < after:
            continue  # within a run
        end = sentences[np.searchsorted(sentences, at, "right")]
        for terms, name in runs[int(tokens[at])]:
            if tuple(tokens[at : min(at + len(terms), end)].tolist()) == terms:
                after = at + len(terms)
                tokens[at] = name
                kept[at + 1 : after] = False
                break
    return tokens[kept], starts_of(kept)[sentences]


def chain_starts(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Concatenate arrays of starts, each of which begins with 0."""
    ends = np.cumsum([0, *(part[-1] for part in parts)])
    shifted = [part[1:] + end for part, end in zip(parts, ends, strict=False)]
    return np.concatenate([np.zeros(1, np.int64), *shifted])


def starts_of(sizes: Integers | NDArray[np.bool_]) -> NDArray[np.int64]:
    """The starts of consecutive lists of those sizes, and the end: `int64[sizes + 1]`."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    sizes.cumsum(dtype=np.int64, out=starts[1:])
    return starts


def ranges(
    starts: NDArray[np.int64], chosen: Integers
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The indices of the items of the chosen lists, and the starts of these lists among them."""
    firsts = starts[chosen]  # of the chosen only: there may be millions of lists
    sizes = starts[chosen + 1] - firsts
    ends = starts_of(sizes)
    return np.arange(ends[-1]) + np.repeat(firsts - ends[:-1], sizes), ends


def runs_of(numbers: Integers) -> list[tuple[int, int]]:
    """Group numbers into half-open ranges of consecutive ones, in their order."""
    firsts = numbers[np.diff(numbers, prepend=-2) != 1]
    lasts = numbers[np.diff(numbers, append=-2) != 1]
    return [*zip(firsts.tolist(), (lasts + 1).tolist(), strict=True)]


def pick(values: NDArray[_Number], runs: Sequence[tuple[int, int]]) -> NDArray[_Number]:
    """Concatenate the values in each of those half-open ranges."""
    return np.concatenate([values[:0], *(values[first:after] for first, after in runs)])
