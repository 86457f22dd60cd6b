"""The texts of all segments as the ids of their terms."""

from collections.abc import Sequence

import numpy as np

from index.analysis.forward_index import ForwardIndex, Integers, join


class SegmentedTexts:
    """Those of the first segment, then those of the second."""

    def __init__(self, parts: Sequence[ForwardIndex]) -> None:
        self._main, *self._delta = parts

    def take(self, texts: Integers) -> ForwardIndex:
        """Those of the texts, in that order: some of many."""
        is_new = texts >= len(self._main)
        if not np.any(is_new):
            return self._main.take(texts)
        [delta] = self._delta
        taken = join([self._main.take(texts[~is_new]), delta.take(texts[is_new] - len(self._main))])
        places = np.empty(len(texts), np.int64)
        places[~is_new] = np.arange(len(texts) - is_new.sum())
        places[is_new] = np.arange(len(texts) - is_new.sum(), len(texts))
        return taken.take(places)
