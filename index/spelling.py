"""What a word that stands nowhere in the coverage was meant to be."""

from collections.abc import Collection

from rapidfuzz.distance import OSA

# Letters that a word must have for one mistake, and for two: shorter ones have too many neighbours.
_ONE_MISTAKE = 5
_TWO_MISTAKES = 9


def nearest(word: str, vocabulary: Collection[str]) -> list[str]:
    """The words of `vocabulary` with the fewest mistakes between them and `word`; mostly none.

    A mistake is a letter too many, missing, wrong, or swapped with its neighbour (optimal string
    alignment distance). The first letter is taken to be right, as it mostly is.
    """
    if len(word) < _ONE_MISTAKE or not word.isalpha():
        return []
    mistakes = 1 if len(word) < _TWO_MISTAKES else 2
    near = (
        other
        for other in vocabulary
        if other[0] == word[0] and abs(len(other) - len(word)) <= mistakes and other.isalpha()
    )
    distances = {other: OSA.distance(word, other, score_cutoff=mistakes) for other in near}
    fewest = min(distances.values(), default=mistakes + 1)
    return [other for other, distance in distances.items() if distance == fewest <= mistakes]
