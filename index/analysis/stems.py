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
# What Snowball leaves of German verbs: people ask "wer hat gelobt", articles say "lobte". Not of
# Gesellschaft and Gericht.
_PARTICIPLE = re.compile(r"^ge(?=\w{4})(?!\w*(?:schaft|[^e]icht)$)")
_PERSON = re.compile(r"(?<=\w{4})et$|(?<=\w{5})t$")  # kostet, bezahlt


def stemmer(language: str) -> Callable[[str], str]:
    """A function from a word to its stem. Not thread-safe."""
    if language not in SNOWBALL:
        return ukrainian.stem
    stem: Callable[[str], str] = Stemmer.Stemmer(SNOWBALL[language], 0).stemWord
    if language == "de":
        return lambda word: _without_tense(word, stem(word))
    if language not in _ACCENTED:
        return stem
    ending, accented = _ACCENTED[language]
    return lambda word: stem(ending.sub(accented, word))


def _without_tense(word: str, stem: str) -> str:
    """The German stem of a word by Snowball, without the signs of a verb."""
    may_be_participle = word.endswith("t") or stem.endswith("t")
    return _PERSON.sub("", _PARTICIPLE.sub("", stem) if may_be_participle else stem)
