"""Inverts analysed articles into posting lists over their passages and over whole articles."""

import numpy as np
from numpy.typing import NDArray

from index.analysis.analyzed_articles import AnalyzedArticles
from index.analysis.forward_index import ForwardIndex, starts_of
from index.analysis.lexicon import FIRST_TERM
from index.retrieval.bm25.postings import Postings, group_pairs, invert, pair


def postings_of(read: AnalyzedArticles, vocabulary: int) -> tuple[Postings, Postings]:
    """The posting lists over the passages, and over the articles with their headlines.

    All term ids must be below `vocabulary`. Stop words are left out.
    """
    tokens, lengths = _content(read.passages)
    pairs = pair(tokens, np.repeat(np.arange(len(lengths), dtype=np.int32), lengths))
    pairs.sort()
    passages = invert(pairs, lengths, vocabulary)

    article_of = np.repeat(np.arange(len(read.counts), dtype=np.int32), read.counts)
    headline_tokens, headline_lengths = _content(read.headlines)
    headlines = pair(headline_tokens, np.repeat(np.arange(len(read.counts)), headline_lengths))
    headlines.sort()
    pairs = np.concatenate([group_pairs(pairs, article_of), headlines])
    pairs.sort(kind="stable")  # merges the two sorted runs
    lengths = headline_lengths + np.diff(starts_of(lengths)[starts_of(read.counts)])
    return passages, invert(pairs, lengths, vocabulary)


def _content(forward: ForwardIndex) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The tokens that are not stop words, and their number in each text."""
    content = np.flatnonzero(forward.tokens >= FIRST_TERM)
    return forward.tokens[content], np.diff(np.searchsorted(content, forward.starts))
