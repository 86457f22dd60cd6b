"""The seam for models that score question and passage together, and the order that they give.

Without a reader, passages stay in the order of the ranking features.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from index.analysis.sentences import split_sentences
from index.answers.ranking import RankedPassage
from index.model import Span

READ_WITHIN_S = 2.0  # from the question on; on an idle machine, a fifth of it is enough

# What a logit adds to the score. With less, small coverage gets worse, and with more, large
# coverage; see "Readers" in `tests/benchmarks/RESULTS.md`.
LOGIT_WEIGHT = 2.0

# A sentence is highlighted in place of the one that the words chose if its logit is so much higher.
_CLEARLY_HIGHER = 1.0


class Reader(Protocol):
    """Scores how well passages answer a question; `tests/unit/test_reader.py` is the contract.

    Runs in the thread or process that searches, one question at a time.
    """

    @property
    def max_passages(self) -> int:
        """The most passages that are worth its time."""

    def read(self, question: str, passages: Sequence[str], *, deadline: float) -> Sequence[float]:
        """The logits of the first passages, higher for better: as many as it reads in time.

        Empty if it reads none. The deadline is in seconds of `time.monotonic`.
        """


class Reranked:
    """A ranking with its first passages ordered by score plus weighted logit; the rest follow.

    Each of the readers reads the first passages in the order that the one before gave them, and its
    logits take the place of the earlier ones. Ties keep their order.
    """

    def __init__(
        self,
        readers: Sequence[Reader],
        question: str,
        ranking: Iterable[RankedPassage],
        deadline: float,
    ) -> None:
        self._ranking = ranking
        self._first = [*islice(ranking, max((one.max_passages for one in readers), default=0))]
        for reader in readers:
            top = self._first[: reader.max_passages]
            texts = [passage.text for passage in top]
            logits = reader.read(question, texts, deadline=deadline) if texts else ()
            read = [
                passage._replace(logit=logit) for passage, logit in zip(top, logits, strict=False)
            ]
            self._first[: len(read)] = sorted(read, key=_score, reverse=True)

    def __iter__(self) -> Iterator[RankedPassage]:
        first = (passage._replace(score=_score(passage)) for passage in self._first)
        return chain(first, islice(self._ranking, len(self._first), None))

    @property
    def passages_read(self) -> int:
        """The number of passages that have a logit."""
        return sum(passage.logit is not None for passage in self._first)


def reread_sentences(
    readers: Sequence[Reader], question: str, passages: Sequence[RankedPassage], deadline: float
) -> list[RankedPassage]:
    """The passages, each with the sentence highlighted that the first reader finds best.

    Passages that were not read, or whose sentences cannot all be read in time, stay as they are.
    """
    return [
        passage
        if passage.logit is None
        else passage._replace(sentence=_best_sentence(readers[0], question, passage, deadline))
        for passage in passages
    ]


def _best_sentence(reader: Reader, question: str, passage: RankedPassage, deadline: float) -> Span:
    spans = split_sentences(passage.text)
    if not 1 < len(spans) <= reader.max_passages:
        return passage.sentence
    logits = reader.read(question, [span.of(passage.text) for span in spans], deadline=deadline)
    if len(logits) < len(spans):
        return passage.sentence
    values = [
        logit + _CLEARLY_HIGHER * (span == passage.sentence)
        for span, logit in zip(spans, logits, strict=True)
    ]
    return spans[values.index(max(values))]


def _score(passage: RankedPassage) -> float:
    return passage.score + LOGIT_WEIGHT * (passage.logit or 0.0)
