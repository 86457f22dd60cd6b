"""The owner's settings for answers."""

from dataclasses import dataclass

# By words alone, on news: nine in ten of the questions that the coverage answers are answered, and
# two in three of the others refused. With readers, which find something for nearly every question,
# 85 to 90 % of the others are refused, on news and small coverage alike.
_BY_WORDS = 0.3
_BY_READING = 0.6


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """Settings of the threshold of an answer, of the preference for fresh news, and of readers.

    `threshold` is the confidence from which a question counts as answered; None for the defaults.
    `freshness` is the weight of `features.Features.fresh`; 0 ignores dates. `reader` is whether the
    models of `cross_encoder.shipped_readers` rerank the passages.
    """

    threshold: float | None = None
    freshness: float = 1.3
    reader: bool = False

    def threshold_of(self, *, read: bool) -> float:
        """The threshold of an answer by words alone, or of one whose passages were read."""
        if self.threshold is not None:
            return self.threshold
        return _BY_READING if read else _BY_WORDS
