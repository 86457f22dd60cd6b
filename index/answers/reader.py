"""The seam for a model that scores question and passage together, such as a cross-encoder.

None is included yet: without one, passages stay in the order of the ranking features.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from index.answers.ranking import RankedPassage

READ_WITHIN_S = 0.5  # from the question on
MAX_READ = 12  # passages


class Reader(Protocol):
    """Scores how well passages answer a question; `tests/unit/test_reader.py` is the contract.

    Runs in the thread or process that searches, one question at a time.
    """

    def read(
        self, question: str, passages: Sequence[str], *, deadline: float
    ) -> Sequence[float] | None:
        """One logit per passage, higher for better; None if not all are read by the deadline.

        The deadline is in seconds of `time.monotonic`. Logits are added to ranking scores, so an
        implementation scales them by a fitted weight.
        """


class Reranked:
    """A ranking with its first passages ordered by score plus logit; the rest follow as ranked.

    Ties keep the order of the ranking. Without a reader or its logits, nothing changes.
    """

    def __init__(
        self,
        reader: Reader | None,
        question: str,
        ranked: Iterable[RankedPassage],
        deadline: float,
    ) -> None:
        self._ranked = ranked
        self._first = [*islice(ranked, MAX_READ if reader else 0)]
        texts = [passage.text for passage in self._first]
        logits = reader.read(question, texts, deadline=deadline) if reader and texts else None
        if logits is not None:
            read = [
                passage._replace(score=passage.score + logit, logit=logit)
                for passage, logit in zip(self._first, logits, strict=True)
            ]
            self._first = sorted(read, key=lambda passage: -passage.score)

    def __iter__(self) -> Iterator[RankedPassage]:
        return chain(self._first, islice(self._ranked, len(self._first), None))

    @property
    def passages_read(self) -> int:
        """The number of passages that have a logit."""
        return sum(passage.logit is not None for passage in self._first)
