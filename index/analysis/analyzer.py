"""Analyzer: turns text into terms, so that words of questions match words of articles.

A term is a lower-case stem without accents. Variant spellings are normalized first: "TikTok's" and
"TikTok", "U.S." and "US" (which differs from the pronoun "us"), "1,000" and "1000", "40%" and
"40 percent", "colour" and "color". The spellings that `synonyms.toml` lists together become one
term.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.analysis.folding import fold, unify_spelling, without_apostrophes
from index.analysis.languages import ENGLISH, STOP_WORDS
from index.analysis.numbers import canonical, spelled_numbers
from index.analysis.stems import stemmer
from index.analysis.words import words

SYNONYMS = Path(__file__).with_name("synonyms.toml")

_CACHED_WORDS = 10_000  # questions keep using the same words
_JOINT = re.compile("[.\u2010-]")  # of U.S., e-mail and B-52
_LONG_WORD = re.compile(r"[^\W\d_]{5}")  # too long for an abbreviation
_PLURAL_NUMBER = re.compile(r"(?<=\d)'?s$")  # 1990s, F-16s
_SIGNS = {"%": "percent", "$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word as written, and its term.

    Stop words (function words without a meaning of their own) are not searched for.
    """

    text: str
    term: str
    is_stop_word: bool


class Analyzer:
    """Turns text in one of `LANGUAGES` into terms. Not thread-safe, because stemmers are not.

    `phrases` maps the first term of each synonym of several terms to these terms and the name that
    replaces them, longest first.
    """

    def __init__(self, language: str = ENGLISH) -> None:
        self._stop_words = STOP_WORDS[language]
        self._stem = stemmer(language)
        self._unified = unify_spelling if language == ENGLISH else str
        self._cached_token = lru_cache(_CACHED_WORDS)(self.token)
        self._names: dict[str, str] = {}  # from a term to the name of its synonyms
        self.phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, spellings in synonyms(language).items():
            self._add_synonyms(name, spellings)

    def tokens(self, text: str) -> list[Token]:
        """The tokens of `text` in order, stop words included, each synonym as one token."""
        return self._merge([self._cached_token(word) for word in words(lower_if_all_caps(text))])

    def terms(self, text: str) -> list[str]:
        """The terms of `text` without stop words, in order, repetitions included."""
        return [token.term for token in self.tokens(text) if not token.is_stop_word]

    def token(self, word: str) -> Token:
        """The token of one word, as returned by `words`."""
        return Token(word, *self.term(word))

    def term(self, word: str) -> tuple[str, bool]:
        """The term of a word, and whether it is a stop word."""
        if word in _SIGNS:
            return self._known(_SIGNS[word]), False
        if word[0].isdigit():
            return self._known(canonical(_PLURAL_NUMBER.sub("", fold(word).lower()))), False
        letters = without_apostrophes(_JOINT.sub("", fold(word)))
        lower = letters.lower()
        # As written, and folded: für is a stop word, and Uber is none.
        written = word.lower()
        if stop_words := self._stop_words & {written, lower}:
            # US, WHO and IT are names; "us", "who" and "it" are not.
            if letters.isupper() and (len(letters) > 1 or "." in word):
                return letters, False
            return written if written in stop_words else lower, "." not in word
        is_number = lower[-2:-1].isdigit()  # F-16s
        return self._known(lower.removesuffix("s") if is_number else self._unified(lower)), False

    def _known(self, word: str) -> str:
        """The stem of a word, or the name of its synonyms."""
        term = self._stem(word)
        return self._names.get(term, term)

    def _add_synonyms(self, name: str, spellings: Iterable[str]) -> None:
        for spelling in (name, *spellings):
            terms = tuple(self.token(word).term for word in words(spelling))
            if len(terms) == 1:
                self._names[terms[0]] = name
            else:
                self.phrases.setdefault(terms[0], []).append((terms, name))
                self.phrases[terms[0]].sort(key=lambda phrase: -len(phrase[0]))

    def _merge(self, tokens: list[Token]) -> list[Token]:
        """Replace every run of tokens that is a synonym by one token, preferring longer runs."""
        if self.phrases.keys().isdisjoint([token.term for token in tokens]):
            return tokens
        merged = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            for terms, name in self.phrases.get(token.term, ()):
                run = tokens[at : at + len(terms)]
                if not token.is_stop_word and tuple(one.term for one in run) == terms:
                    token = Token(" ".join(one.text for one in run), name, is_stop_word=False)
                    at += len(terms) - 1
                    break
            merged.append(token)
            at += 1
        return merged


def synonyms(language: str = ENGLISH) -> dict[str, list[str]]:
    """The spellings that become one term, by its name; from `SYNONYMS`, and those of numbers.

    Of numbers, only digits in other languages than English: "2" is the same term in all.
    """
    numbers = spelled_numbers()
    if language != ENGLISH:
        digits = {name: [*filter(str.isdigit, forms)] for name, forms in numbers.items()}
        numbers = {name: forms for name, forms in digits.items() if forms}
    return numbers | tomllib.loads(SYNONYMS.read_text("utf-8"))


def lower_if_all_caps(text: str) -> str:
    """Lower-case a text in capitals only: there, they do not distinguish names from words."""
    return text.lower() if text.isupper() and _LONG_WORD.search(text) else text
