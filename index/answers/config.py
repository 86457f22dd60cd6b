"""The owner's settings for answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """Settings of the threshold of an answer, of the preference for fresh news, and of readers.

    `threshold` is the confidence from which a question counts as answered: on news, the default
    answers nine in ten of the questions that the coverage answers, and refuses two in three of the
    others. `freshness` is the weight of `features.Features.fresh`; 0 ignores dates. `reader` is
    whether the models of `cross_encoder.shipped_readers` rerank the passages.
    """

    threshold: float = 0.3
    freshness: float = 1.3
    reader: bool = False
