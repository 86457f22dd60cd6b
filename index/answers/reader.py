"""The seam for models that score question and passage together, and the order that they give.

Without a reader, passages stay in the order of the ranking features.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from index.answers.ranking import RankedPassage

READ_WITHIN_S = 0.6  # from the question on

# What a logit adds to the score. From 2 to 5, no figure changes by more than one question in a
# hundred; see "Readers" in `tests/benchmarks/RESULTS.md`.
LOGIT_WEIGHT = 3.0


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


def _score(passage: RankedPassage) -> float:
    return passage.score + LOGIT_WEIGHT * (passage.logit or 0.0)
