"""Token cache: chunks of text between white space, which recur, are tokenized only once."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, chain, compress, count

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import ranges
from index.analysis.hash_table import HashTable, Keys
from index.analysis.words import words_of_each

_SIZE = 16  # bytes; shorter chunks are looked up by a key of their bytes
# By the size of a chunk, the mask of its bits in each half of a key.
_FIRST, _SECOND = (
    np.array([(1 << 8 * min(max(size - before, 0), 8)) - 1 for size in range(_SIZE + 1)], np.uint64)
    for before in (0, 8)
)


class TokenCache:
    """Maps chunks to numbers, and these to the ids of their words, given by `id_of`."""

    def __init__(self, id_of: Callable[[str], int]) -> None:
        self._id_of = id_of
        self._ids, self._starts = array("i"), array("q", [0])  # ids by chunk number
        # Most chunks are short. A lookup by key takes a quarter of the time of one by string.
        self._short = HashTable()
        self._long: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._starts) - 1

    def read(self, texts: Iterable[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The ids of the words of all texts, and the start of each text among them, and the end."""
        lines = [text.replace("\n", " ") for text in texts]
        # Lone surrogates and control characters are in no word.
        data = "\n".join([*lines, ""]).encode(errors="replace")
        letters = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(letters <= ord(" "))
        numbers = self._numbers_of(data, np.append(0, ends + 1)[:-1], ends)
        indices, starts = ranges(np.array(self._starts, np.int64), numbers)
        line_ends = np.flatnonzero(letters[ends] == ord("\n")) + 1
        return np.array(self._ids, np.int32)[indices], starts[np.append(0, line_ends)]

    def _numbers_of(
        self, data: bytes, firsts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """The numbers of the chunks of `data` from `firsts` to `ends`; numbers new ones."""
        sizes = ends - firsts
        keys = _keys(data, firsts, np.minimum(sizes, _SIZE))
        numbers = self._short.find(keys)
        numbers[sizes > _SIZE] = -1
        if len(left := np.flatnonzero(numbers < 0)):
            spans = zip(firsts[left].tolist(), ends[left].tolist(), strict=True)
            chunks = [str(data[first:end], "utf-8") for first, end in spans]
            numbers[left] = found = self._look_up(chunks)
            is_long = sizes[left] > _SIZE
            self._long.update(compress(zip(chunks, found, strict=True), is_long.tolist()))
            short = left[~is_long]
            new, at = np.unique(numbers[short], return_index=True)
            self._short.add((keys[0][short[at]], keys[1][short[at]]), new)
        return numbers

    def _look_up(self, chunks: Sequence[str]) -> list[int]:
        """The numbers of chunks that are long or new; numbers and tokenizes new ones."""
        found = {chunk: self._long.get(chunk, -1) for chunk in chunks}
        new = [chunk for chunk, number in found.items() if number < 0]
        found.update(zip(new, count(len(self)), strict=False))
        tokenized = words_of_each(new)
        self._ids.extend(map(self._id_of, chain.from_iterable(tokenized)))
        self._starts.extend(accumulate(map(len, tokenized), initial=self._starts.pop()))
        return [found[chunk] for chunk in chunks]


def _keys(data: bytes, firsts: NDArray[np.int64], sizes: NDArray[np.int64]) -> Keys:
    """The first bytes of each chunk, none of which is zero, padded with zeros."""
    padded = data + bytes(_SIZE)
    numbers: NDArray[np.uint64] = np.ndarray(len(data) + 9, "<u8", padded, strides=(1,))
    return numbers[firsts] & _FIRST[sizes], numbers[firsts + 8] & _SECOND[sizes]
