"""What a word that stands nowhere in the coverage was meant to be."""

from collections.abc import Collection

from rapidfuzz.distance import OSA

# Letters that a word must have for one mistake, and for two: shorter ones have too many neighbours.
_ONE_MISTAKE = 5
_TWO_MISTAKES = 9
_OFFERED = 7  # letters of a word for which others are offered


def nearest(word: str, vocabulary: Collection[str]) -> list[str]:
    """The words of `vocabulary` with the fewest mistakes between them and `word`; mostly none.

    A mistake is a letter too many, missing, wrong, or swapped with its neighbour (optimal string
    alignment distance). The first letter is taken to be right, as it mostly is.
    """
    near = _within(word, vocabulary, _mistakes(word))
    fewest = min(near.values(), default=0)
    return [other for other, distance in near.items() if distance == fewest]


def resembling(word: str, vocabulary: Collection[str]) -> list[str]:
    """The words of `vocabulary` that `word` may have been meant to be, the nearest first.

    With one mistake more than `nearest` takes for certain; none for a word that is too short for
    that: "chief" is not far from "China".
    """
    offered = len(word) >= _OFFERED and word.isalpha()
    near = _within(word, vocabulary, _mistakes(word) + 1) if offered else {}
    return sorted(near, key=lambda other: (near[other], other))


def _mistakes(word: str) -> int:
    if len(word) < _ONE_MISTAKE or not word.isalpha():
        return 0
    return 1 if len(word) < _TWO_MISTAKES else 2


def _within(word: str, vocabulary: Collection[str], mistakes: int) -> dict[str, int]:
    """The words of `vocabulary` with at most so many mistakes in them, and how many these are."""
    if not mistakes:
        return {}
    near = (
        other
        for other in vocabulary
        if other[0] == word[0] and abs(len(other) - len(word)) <= mistakes and other.isalpha()
    )
    distances = {other: OSA.distance(word, other, score_cutoff=mistakes) for other in near}
    return {other: distance for other, distance in distances.items() if distance <= mistakes}
