"""Corrects words that are not in the vocabulary."""

import re
from collections.abc import Iterator, Sequence

# The minimum length of a word for one mistake, and for two: shorter ones have too many neighbours.
_ONE_MISTAKE = 5
_TWO_MISTAKES = 9
_SUGGESTION = 7  # minimum length of a word for suggestions

# Letters for the same sound: those of keyboards without umlauts and the like, and British ones.
_SAME_SOUND = [
    (re.compile(pattern, re.IGNORECASE), letters)
    for pattern, letters in (
        ("(?<=[aou])e|(?<=a)a", ""),  # Mueller, Aarhus
        ("(?<=d)j", ""),  # Djuric
        ("ä", "ae"),
        ("[öø]", "oe"),
        ("ü", "ue"),
        ("å", "aa"),
        ("[ao]e", "e"),  # anaemia
    )
]


def nearest(word: str, words: Sequence[str]) -> list[str]:
    """The words at the smallest edit distance from `word`, if that is small enough.

    Optimal string alignment distance: a letter may be extra, missing, wrong, or swapped with its
    neighbour. The first letter must agree, as it is seldom mistyped.
    """
    near = _within(word, words, _mistakes(word))
    fewest = min(near.values(), default=0)
    return [other for other, distance in near.items() if distance == fewest]


def resembling(word: str, words: Sequence[str]) -> list[str]:
    """Suggestions for `word`, nearest first, at up to one mistake more than `nearest` allows.

    None for short words: "chief" is close to "China".
    """
    is_long = len(word) >= _SUGGESTION and word.isalpha()
    near = _within(word, words, _mistakes(word) + 1) if is_long else {}
    return sorted(near, key=lambda other: (near[other], other))


def respelled(word: str) -> Iterator[str]:
    """The word with other letters for the same sound, in each way that changes it."""
    for pattern, letters in _SAME_SOUND:
        if (other := pattern.sub(letters, word)) != word:
            yield other


def _mistakes(word: str) -> int:
    if len(word) < _ONE_MISTAKE or not word.isalpha():
        return 0
    return 1 if len(word) < _TWO_MISTAKES else 2


def _within(word: str, words: Sequence[str], mistakes: int) -> dict[str, int]:
    """The words at an edit distance of at most `mistakes`, with their distances."""
    if not mistakes:
        return {}
    # Imported late: few questions have an unknown word.
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
