"""What a word that stands nowhere in the coverage was meant to be."""

from collections.abc import Sequence

# Letters that a word must have for one mistake, and for two: shorter ones have too many neighbours.
_ONE_MISTAKE = 5
_TWO_MISTAKES = 9
_OFFERED = 7  # letters of a word for which others are offered


def nearest(word: str, words: Sequence[str]) -> list[str]:
    """Those of the words with the fewest mistakes between them and `word`; mostly none.

    A mistake is a letter too many, missing, wrong, or swapped with its neighbour (optimal string
    alignment distance). The first letter is taken to be right, as it mostly is.
    """
    near = _within(word, words, _mistakes(word))
    fewest = min(near.values(), default=0)
    return [other for other, distance in near.items() if distance == fewest]


def resembling(word: str, words: Sequence[str]) -> list[str]:
    """Those of the words that `word` may have been meant to be, the nearest first.

    With one mistake more than `nearest` takes for certain; none for a word that is too short for
    that: "chief" is not far from "China".
    """
    offered = len(word) >= _OFFERED and word.isalpha()
    near = _within(word, words, _mistakes(word) + 1) if offered else {}
    return sorted(near, key=lambda other: (near[other], other))


def _mistakes(word: str) -> int:
    if len(word) < _ONE_MISTAKE or not word.isalpha():
        return 0
    return 1 if len(word) < _TWO_MISTAKES else 2


def _within(word: str, words: Sequence[str], mistakes: int) -> dict[str, int]:
    """The words with at most so many mistakes in them, and how many these are."""
    if not mistakes:
        return {}
    # Few questions have a word that stands nowhere.
    from rapidfuzz.distance import OSA  # noqa: PLC0415
    from rapidfuzz.process import extract  # noqa: PLC0415

    found = extract(
        word,
        words,
        scorer=OSA.distance,
        score_cutoff=mistakes,
        limit=None,
    )
    return {other: int(distance) for other, distance, _ in found if _may_be(other, word)}


def _may_be(other: str, word: str) -> bool:
    return other[0] == word[0] and other.isalpha()
