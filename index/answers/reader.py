"""The seam for a model that reads a question and a passage together, such as a cross-encoder.

There is none yet: without one, the ranking stays as the features have it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from index.answers.ranking import RankedPassage

DEADLINE_S = 0.5
_READ = 12  # passages


class Reader(Protocol):
    """Judges how well passages answer a question."""

    def read(
        self, question: str, passages: Sequence[str], *, deadline_s: float
    ) -> Sequence[float] | None:
        """A logit for each passage, higher for better; None where the time did not suffice."""


def rerank(
    reader: Reader, question: str, ranked: Iterable[RankedPassage]
) -> Iterator[RankedPassage]:
    """The passages with the first ones put in the order of score plus logit; ties as they were."""
    passages = iter(ranked)
    first = [*islice(passages, _READ)]
    logits = reader.read(question, [one.text for one in first], deadline_s=DEADLINE_S)
    if logits is not None:
        read = (
            one._replace(score=one.score + logit) for one, logit in zip(first, logits, strict=True)
        )
        first = sorted(read, key=lambda one: -one.score)
    return chain(first, passages)
