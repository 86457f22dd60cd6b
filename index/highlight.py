"""Which sentence of a passage answers: the one that is marked in the quotation.

The signs are weighed as in `evidence`, by a softmax over the sentences of a right passage, fitted
to wiki and news questions by `tests/benchmarks/fit_ranking.py`, which also tells what each earns.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import mul
from typing import NamedTuple

from index.answer_kinds import holds
from index.question import Query
from index.sentences import Sentence


class SentenceSigns(NamedTuple):
    """What speaks for one sentence, or what each of that weighs."""

    coverage: float  # share of the question that it holds
    words: float  # share of all words of the question: "was … by" tells sentences apart, too
    distinct: float  # share of the question, a word counting less that other sentences hold as well
    before: float  # what the sentence before adds: "It is called …" goes on about what was named
    kind: float  # holds an answer of the kind that is asked for


WEIGHTS = SentenceSigns(coverage=2.0, words=2.2, distinct=3.3, before=1.9, kind=2.6)


def answering_sentence(
    query: Query, text: str, sentences: Sequence[Sentence], headline: Iterable[str]
) -> Sentence:
    """The one of the `sentences` of `text` that answers best; the earliest of equals.

    `headline` are the terms that stand above the text.
    """
    if len(sentences) == 1:
        return sentences[0]
    signs = sentence_signs(query, text, sentences, headline)
    values = [sum(map(mul, one, WEIGHTS)) for one in signs]
    return sentences[values.index(max(values))]


def sentence_signs(
    query: Query, text: str, sentences: Sequence[Sentence], headline: Iterable[str]
) -> list[SentenceSigns]:
    """The signs for each of the `sentences` of `text`."""
    held = [query.weights.keys() & sentence.terms for sentence in sentences]
    # A word in every sentence is what the passage is about, and tells none from the next.
    spread = Counter(term for terms in held for term in terms)
    rare = {term: worth / max(1, spread[term]) for term, worth in query.weights.items()}
    total = sum(rare.values())
    signs = []
    before = query.weights.keys() & set(headline)
    for sentence, terms in zip(sentences, held, strict=True):
        coverage = query.worth(terms)
        signs.append(
            SentenceSigns(
                coverage=coverage,
                words=len(query.words & sentence.words) / len(query.words),
                distinct=sum(rare[term] for term in terms) / total if terms else 0.0,
                before=query.worth(before | terms) - coverage,
                kind=float(holds(query.kind, sentence.span.of(text), query.text)),
            )
        )
        before = terms
    return signs
