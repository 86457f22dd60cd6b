"""String array: many strings in two flat arrays, which can be mapped from a file."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import Integers, chain_starts, pick, ranges, runs_of, starts_of

# Arrays by name, as in an index file. Read-only.
Arrays: TypeAlias = Mapping[str, NDArray[Any]]


def prefixed(name: str, arrays: Arrays) -> dict[str, NDArray[Any]]:
    """Prefix the names of a component's arrays with its own name."""
    return {f"{name}.{key}": array for key, array in arrays.items()}


def unprefixed(arrays: Arrays, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of the component with that name, without the prefix."""
    start = f"{name}."
    return {key.removeprefix(start): one for key, one in arrays.items() if key.startswith(start)}


_KEY_BYTES = 7  # of a string in its sort key; the eighth byte of the key is their number
_MORE = _KEY_BYTES + 1  # in place of that number, where the string continues

_LOOKED_UP = 300  # looking up one string takes as long as making the keys of so many
_WORTH_RUNS = 8  # mean length of runs from which copying by runs is faster


class StringArray(Sequence[str]):
    """A sequence of strings without line breaks.

    `text` is all of them in UTF-8, each ending in a line break, `uint8[bytes]`; `starts` has the
    offset of each string's first byte, and the end, `int64[strings + 1]`.
    """

    def __init__(self, text: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self.text = text
        self.starts = starts
        # Bisections access single items, which is faster in memory views than in arrays.
        self._text = text.data
        self._starts = starts.data

    @classmethod
    def of(cls, strings: Iterable[str]) -> "StringArray":
        """Store these strings."""
        lines = [*strings, ""]
        text = np.frombuffer("\n".join(lines).encode(), np.uint8)
        ends = np.flatnonzero(text == ord("\n")) + 1
        return cls(text, np.concatenate([np.zeros(1, np.int64), ends]))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            first, after, step = at.indices(len(self))
            if step != 1:
                return [self[index] for index in range(first, after, step)]
            lines = self._text[self._starts[first] : self._starts[max(first, after)]]
            return str(lines, "utf-8").split("\n")[:-1]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return str(self._text[self._starts[at] : self._starts[at + 1] - 1], "utf-8")

    def joined(self, other: "StringArray") -> "StringArray":
        """Concatenate with `other`."""
        starts = chain_starts([self.starts, other.starts])
        return StringArray(np.concatenate([self.text, other.text]), starts)

    def take(self, indices: Integers) -> "StringArray":
        """Select the strings at those indices, in that order."""
        if np.count_nonzero(np.diff(indices) != 1) * _WORTH_RUNS > len(indices):
            at, starts = ranges(self.starts, indices)
            return StringArray(self.text[at], starts)
        runs = runs_of(indices)
        text = pick(self.text, [(self.starts[first], self.starts[after]) for first, after in runs])
        return StringArray(text, starts_of(pick(np.diff(self.starts), runs)))

    def argsort(self) -> NDArray[np.int64]:
        """The indices of the strings in ascending order; equal strings keep their order."""
        strings = self[:]
        return np.array(sorted(range(len(strings)), key=strings.__getitem__), np.int64)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, by their names in the index file."""
        return {"text": self.text, "starts": self.starts}

    def insertion_point(self, string: str) -> int:
        """The index of `string`, or where to insert it; the strings must ascend."""
        return bisect_left(self, string)

    def positions(
        self, strings: Sequence[str], order: NDArray[np.int32] | None = None
    ) -> list[int]:
        """The index of each string, or -1; see `find`."""
        if len(strings) * _LOOKED_UP < len(self):
            return [self.find(one, order) for one in strings]
        keys = self.keys(np.arange(len(self)) if order is None else order)
        string_keys = StringArray.of(strings).keys(np.arange(len(strings)))
        firsts, afters = (
            np.searchsorted(keys, string_keys, side).tolist() for side in ("left", "right")
        )
        return [
            self.find(one, order, first, after) if first < after else -1
            for one, first, after in zip(strings, firsts, afters, strict=True)
        ]

    def keys(self, chosen: Integers) -> NDArray[np.uint64]:
        """Sort keys: integers that order the chosen strings by their first `_KEY_BYTES` bytes.

        A key is these bytes, zeros after the end, followed by their number, or `_MORE`. UTF-8 sorts
        by bytes as by characters.
        """
        firsts = self.starts[chosen]
        sizes: NDArray[np.int64] = self.starts[chosen + 1] - 1 - firsts
        padded = np.append(self.text, np.zeros(_MORE, np.uint8))
        words: NDArray[np.uint64] = np.ndarray(len(self.text) + 1, ">u8", padded, strides=(1,))
        after = 8 * (_MORE - np.minimum(sizes, _KEY_BYTES)).astype(np.uint64)  # bits to clear
        keys: NDArray[np.uint64] = words[firsts] >> after << after
        return keys | np.minimum(sizes, _MORE).astype(np.uint64)

    def find(
        self,
        string: str,
        order: NDArray[np.int32] | None = None,
        first: int = 0,
        after: int | None = None,
    ) -> int:
        """The index of `string`, or -1.

        The strings must ascend, or `order` must have their indices in ascending order. Only the
        half-open range from `first` to `after` of that order is searched.
        """
        indices = range(len(self)) if order is None else order
        at = bisect_left(indices, string, first, after, key=self.__getitem__)
        if at < len(self):
            found = int(indices[at])
            if self[found] == string:
                return found
        return -1
