"""The forward index over the texts of all segments."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.analysis.forward_index import ForwardIndex, Integers, join


class SegmentedTexts:
    """The texts of the main segment, followed by those of the delta, if there is one."""

    def __init__(self, parts: Sequence[ForwardIndex]) -> None:
        self._main, *self._delta = parts

    def tokens_of(self, text: int) -> NDArray[np.int32]:
        """The tokens of one text."""
        part = self._main
        if text >= len(part):
            [part], text = self._delta, text - len(part)
        first, after = part.sentences[part.texts[text : text + 2]]
        return part.tokens[first:after]

    def take(self, texts: Integers) -> ForwardIndex:
        """Select texts, in that order."""
        is_new = texts >= len(self._main)
        if not np.any(is_new):
            return self._main.take(texts)
        [delta] = self._delta
        taken = join([self._main.take(texts[~is_new]), delta.take(texts[is_new] - len(self._main))])
        order = np.empty(len(texts), np.int64)
        order[~is_new] = np.arange(len(texts) - is_new.sum())
        order[is_new] = np.arange(len(texts) - is_new.sum(), len(texts))
        return taken.take(order)
