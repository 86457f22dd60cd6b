"""Handmade texts as term ids."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from index.analysis.forward_index import ForwardIndex, starts_of

Text = list[list[int]]  # the tokens of its sentences


def forward(texts: Sequence[Text]) -> ForwardIndex:
    """Texts in arrays; the span of a sentence tells its number in its text, and its length."""
    sentences = [*chain(*texts)]
    spans = [(at, len(sentence)) for text in texts for at, sentence in enumerate(text)]
    return ForwardIndex(
        np.array([*chain(*sentences)], np.int32),
        starts_of(np.array([len(sentence) for sentence in sentences], np.int64)),
        np.array(spans, np.int32).reshape(-1, 2),
        starts_of(np.array([len(text) for text in texts], np.int64)),
    )
