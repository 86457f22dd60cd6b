"""The owner's settings for answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """When a question counts as answered, and how much fresh news is preferred.

    `threshold` is the confidence from which a question counts as answered: on news, the default
    answers nine in ten of the questions that the coverage answers, and refuses two in three of the
    others. `freshness` is the weight of `features.Features.fresh`; 0 ignores dates.
    """

    threshold: float = 0.3
    freshness: float = 1.3
