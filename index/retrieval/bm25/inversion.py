"""From what was read of articles to the posting lists of their passages, and of themselves."""

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import Read
from index.analysis.forward_index import ForwardIndex, starts_of
from index.analysis.lexicon import FIRST_TERM
from index.retrieval.bm25.postings import Postings, invert, of_groups, pair


def postings_of(read: Read, vocabulary: int) -> tuple[Postings, Postings]:
    """The posting lists of the passages, and of the articles with their headlines.

    Term ids are below `vocabulary`.
    """
    tokens, lengths = _content(read.passages)
    pairs = pair(tokens, np.repeat(np.arange(len(lengths), dtype=np.int32), lengths))
    pairs.sort()
    passages = invert(pairs, lengths, vocabulary)

    article_of = np.repeat(np.arange(len(read.counts), dtype=np.int32), read.counts)
    headline_tokens, headline_lengths = _content(read.headlines)
    headlines = pair(headline_tokens, np.repeat(np.arange(len(read.counts)), headline_lengths))
    headlines.sort()
    pairs = np.concatenate([of_groups(pairs, article_of), headlines])
    pairs.sort(kind="stable")  # which merges what is sorted in itself
    lengths = headline_lengths + np.diff(starts_of(lengths)[starts_of(read.counts)])
    return passages, invert(pairs, lengths, vocabulary)


def _content(forward: ForwardIndex) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The tokens that are searched for, function words left out, and how many each text has."""
    content = np.flatnonzero(forward.tokens >= FIRST_TERM)
    return forward.tokens[content], np.diff(np.searchsorted(content, forward.starts))
