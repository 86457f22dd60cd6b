"""Stemmers of the languages, for words in lower case without accents.

Without accents, because many people type none. Snowball's stemmers miss some endings then, which
get their accents back. It has none for Ukrainian.
"""

import re
from collections.abc import Callable

import Stemmer

from index.analysis import ukrainian
from index.analysis.languages import SNOWBALL

_ACCENTED = {
    "es": (re.compile(r"ion$"), "ión"),  # reparación, whose plural has no accent
    "fr": (re.compile(r"ee(?=s?$)"), "ée"),  # annoncée
}


def stemmer(language: str) -> Callable[[str], str]:
    """A function from a word to its stem. Not thread-safe."""
    if language not in SNOWBALL:
        return ukrainian.stem
    stem: Callable[[str], str] = Stemmer.Stemmer(SNOWBALL[language], 0).stemWord
    if language not in _ACCENTED:
        return stem
    ending, accented = _ACCENTED[language]
    return lambda word: stem(ending.sub(accented, word))
