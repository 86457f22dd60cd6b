"""Many strings in two flat arrays, which can be mapped from a file without reading it."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import Integers, chain_starts, pick, ranges, runs_of, starts_of

# Arrays by name, as they are kept in a file. They cannot be written to.
Arrays: TypeAlias = Mapping[str, NDArray[Any]]


def named(name: str, arrays: Arrays) -> dict[str, NDArray[Any]]:
    """The arrays of a part, by their names in the whole."""
    return {f"{name}.{key}": array for key, array in arrays.items()}


def within(arrays: Arrays, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of the part with that name, by their names in it."""
    start = f"{name}."
    return {key.removeprefix(start): one for key, one in arrays.items() if key.startswith(start)}


KEY_BYTES = 7  # of a string that its key tells: with their number, they are as many as a number has
MORE = KEY_BYTES + 1  # in place of their number, where more come after them

_LOOKED_UP = 300  # to look up one string takes as long as to make the keys of so many
_WORTH_RUNS = 8  # strings that are taken together, on average; fewer are faster taken one by one


class StringArray(Sequence[str]):
    """A list of strings without line breaks.

    `text` is all of them as UTF-8, a line each, and `starts` has where each begins, and where the
    last one ends: `uint8[bytes]` and `int64[strings + 1]`.
    """

    def __init__(self, text: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self.text = text
        self.starts = starts
        # A bisection looks at a few of them: memory views give single items faster than arrays do.
        self._text = text.data
        self._starts = starts.data

    @classmethod
    def of(cls, strings: Iterable[str]) -> "StringArray":
        """These strings."""
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
                return [self[place] for place in range(first, after, step)]
            lines = self._text[self._starts[first] : self._starts[max(first, after)]]
            return str(lines, "utf-8").split("\n")[:-1]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return str(self._text[self._starts[at] : self._starts[at + 1] - 1], "utf-8")

    def joined(self, other: "StringArray") -> "StringArray":
        """These, and then the others."""
        starts = chain_starts([self.starts, other.starts])
        return StringArray(np.concatenate([self.text, other.text]), starts)

    def take(self, places: Integers) -> "StringArray":
        """Those at the places, in that order."""
        if np.count_nonzero(np.diff(places) != 1) * _WORTH_RUNS > len(places):
            at, starts = ranges(self.starts, places)
            return StringArray(self.text[at], starts)
        runs = runs_of(places)
        text = pick(self.text, [(self.starts[first], self.starts[after]) for first, after in runs])
        return StringArray(text, starts_of(pick(np.diff(self.starts), runs)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it, by name."""
        return {"text": self.text, "starts": self.starts}

    def place(self, wanted: str) -> int:
        """Where `wanted` stands, or would stand, among strings that ascend."""
        return bisect_left(self, wanted)

    def positions(self, wanted: Sequence[str], order: NDArray[np.int32] | None = None) -> list[int]:
        """The position of each, or -1; see `find`."""
        if len(wanted) * _LOOKED_UP < len(self):
            return [self.find(one, order) for one in wanted]
        keys = self.keys(np.arange(len(self)) if order is None else order)
        asked = StringArray.of(wanted).keys(np.arange(len(wanted)))
        firsts, afters = (np.searchsorted(keys, asked, side).tolist() for side in ("left", "right"))
        return [
            self.find(one, order, first, after) if first < after else -1
            for one, first, after in zip(wanted, firsts, afters, strict=True)
        ]

    def keys(self, chosen: Integers, at: int = 0) -> NDArray[np.uint64]:
        """Numbers that ascend as the chosen strings do from their byte `at` on.

        Each is the next bytes, zero after the end, and then how many there are, or `MORE`: so it
        tells but that much. The bytes of UTF-8 ascend as characters do.
        """
        firsts = self.starts[chosen] + at
        sizes: NDArray[np.int64] = self.starts[chosen + 1] - 1 - firsts
        padded = np.append(self.text, np.zeros(MORE, np.uint8))
        words: NDArray[np.uint64] = np.ndarray(len(self.text) + 1, ">u8", padded, strides=(1,))
        after = 8 * (MORE - np.minimum(sizes, KEY_BYTES)).astype(np.uint64)  # bits to be cleared
        keys: NDArray[np.uint64] = words[firsts] >> after << after
        return keys | np.minimum(sizes, MORE).astype(np.uint64)

    def find(
        self,
        wanted: str,
        order: NDArray[np.int32] | None = None,
        first: int = 0,
        after: int | None = None,
    ) -> int:
        """The position of `wanted`, or -1.

        The strings must ascend, or `order` have their positions so that they do. It is looked for
        from the place `first` on, and before `after`.
        """
        places = range(len(self)) if order is None else order
        at = bisect_left(places, wanted, first, after, key=self.__getitem__)
        if at < len(self):
            found = int(places[at])
            if self[found] == wanted:
                return found
        return -1
