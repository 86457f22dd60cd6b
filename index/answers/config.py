"""What an owner may set about the answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """When a question counts as answered, and what newness is worth.

    `threshold` is the confidence from which on a question counts as answered: on news, the default
    answers nine in ten of the questions that the coverage answers, and refuses two in three of the
    others. `freshness` is the weight of newness, see `features.Features.fresh`; 0 for none.
    """

    threshold: float = 0.3
    freshness: float = 1.3
