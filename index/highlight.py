"""Which sentence of a passage answers: the one that is marked in the quotation.

The signs are weighed as in `evidence`, by a softmax over the sentences of a right passage, fitted
to wiki and news questions by `tests/benchmarks/fit_ranking.py`, which also tells what each earns.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.answer_kinds import holds
from index.matches import Matches, Places
from index.question import Floats, Query


class SentenceSigns(NamedTuple):
    """What speaks for one sentence, or what each of that weighs."""

    coverage: float  # share of the question that it holds
    words: float  # share of all words of the question: "was … by" tells sentences apart, too
    distinct: float  # share of the question, a word counting less that other sentences hold as well
    before: float  # what the sentence before adds: "It is called …" goes on about what was named
    kind: float  # holds an answer of the kind that is asked for


WEIGHTS = SentenceSigns(coverage=2.0, words=2.2, distinct=3.3, before=1.9, kind=2.6)


def answering_sentences(
    query: Query, matches: Matches, texts: Sequence[str]
) -> tuple[Places, Floats]:
    """The sentence of each passage that answers best, the earliest of equals; and its `kind`.

    `texts` are those of the passages.
    """
    signs = sentence_signs(query, matches, texts)
    values = (signs * WEIGHTS).sum(axis=1)  # see `Query.worth`
    # By passage, then by value, the earliest of equals first: the first of each passage.
    best = np.lexsort((-values, matches.passage_of))[matches.text.texts[:-1]]
    return best, signs[best, SentenceSigns._fields.index("kind")]


def sentence_signs(query: Query, matches: Matches, texts: Sequence[str]) -> Floats:
    """The signs for each sentence, a row each, in the order of `SentenceSigns`."""
    held, passage_of = matches.sentences, matches.passage_of
    # A word in every sentence is what the passage is about, and tells none from the next.
    spread = np.add.reduceat(held, matches.text.texts[:-1], axis=0, dtype=float)
    rare = query.worths / np.maximum(1, spread)
    coverage = query.worth(held)
    before = np.empty_like(held)
    before[1:] = held[:-1]
    first = matches.text.texts[:-1]
    before[first] = matches.headlines
    given = query.text.casefold()
    places = zip(passage_of.tolist(), matches.text.spans.tolist(), strict=True)
    kinds = [
        query.kind is not None and holds(query.kind, texts[passage][start:end], given)
        for passage, (start, end) in places
    ]
    return np.column_stack(
        [
            coverage,
            matches.words,
            (held * rare[passage_of]).sum(axis=1) / rare.sum(axis=1)[passage_of],
            query.worth(before | held) - coverage,
            np.array(kinds, float),
        ]
    )
