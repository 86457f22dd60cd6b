"""From text to terms: what makes a word of a question meet a word of an article.

A term is a lower-case stem without accents. Some spellings of one thing are made the same before
that: "TikTok's" and "TikTok", "U.S." and "US" (which the pronoun "us" must not become), "1,000" and
"1000", "40%" and "40 percent". What `synonyms.toml` lists as one thing becomes one term.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import Stemmer
from lunr.stop_word_filter import WORDS

SYNONYMS = Path(__file__).with_name("synonyms.toml")

# The library's list is short; these carry no more meaning than its own "most", "off" or "where".
# "ca" and "wo" are what is left of "can't" and "won't".
_MORE_WORDS = """
    being both ca doing don during each few having here hers herself himself itself many more much
    myself now ours ourselves out over same such themselves theirs there those through up very whose
    wo yourself
"""
STOP_WORDS = WORDS.union(_MORE_WORDS.split())

# Characters that are not seen: they must not split a word or make it another one.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHE = re.compile("[‘’ʼ`´]")
_TOKEN = re.compile(
    r"""
    (?: [^\W\d_]\. ){2,} (?: [^\W\d_] (?!\w) )?    # U.S. and U.S.A
  | \d+ (?: [.,]\d+ )+                             # 1,000 and 2.5
  | %
  | [^\W_]+ (?: '[^\W\d_]+ )*                      # TikTok's, 5G, 30
    """,
    re.VERBOSE,
)
_REMEMBERED = 10_000  # words: questions are asked in the same ones again and again
_LONG_WORD = re.compile(r"[^\W\d_]{5}")  # too long for an abbreviation
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it was written, and the term it stands for.

    `is_stop_word` marks a function word: it has no meaning of its own and is not searched for.
    """

    text: str
    term: str
    is_stop_word: bool


class Analyzer:
    """Turns English text into terms. Not for two threads at once, since the stemmer is not.

    `phrases` are the synonyms of several terms, by their first one: each with what it is called.
    """

    def __init__(self) -> None:
        self._stem = Stemmer.Stemmer("english", 0).stemWord
        self._remembered = lru_cache(_REMEMBERED)(self.token)
        self._names: dict[str, str] = {}  # a term that is a synonym -> the name of what it means
        self.phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}  # by their first term
        for name, spellings in tomllib.loads(SYNONYMS.read_text("utf-8")).items():
            self._add_synonyms(name, spellings)

    def tokens(self, text: str) -> list[Token]:
        """Tokens of `text` in order, function words included, synonyms as one token each."""
        return self._merge([self._remembered(word) for word in words(unshouted(text))])

    def terms(self, text: str) -> list[str]:
        """The terms of `text` that are indexed and searched for, in order, repeated as they are."""
        return [token.term for token in self.tokens(text) if not token.is_stop_word]

    def token(self, word: str) -> Token:
        """The token for one word as `words` cuts it."""
        return Token(word, *self.term(word))

    def term(self, word: str) -> tuple[str, bool]:
        """The term of the token for that word, and whether it is common."""
        if word == "%":
            return "percent", False
        letters = fold(word if word[0].isdigit() else word.replace(".", ""))
        lower = letters.lower().removesuffix("'s").removesuffix("n't").partition("'")[0]
        if lower in STOP_WORDS:
            # US, WHO and IT are names; in small letters they are only words.
            if letters.isupper() and (len(letters) > 1 or "." in word):
                return letters, False
            return lower, "." not in word
        term = self._stem(_THOUSANDS.sub("", lower) if "," in lower else lower)
        return self._names.get(term, term), False

    def _add_synonyms(self, name: str, spellings: Iterable[str]) -> None:
        for spelling in (name, *spellings):
            terms = tuple(self.token(word).term for word in words(spelling))
            if len(terms) == 1:
                self._names[terms[0]] = name
            else:
                self.phrases.setdefault(terms[0], []).append((terms, name))
                self.phrases[terms[0]].sort(key=lambda phrase: -len(phrase[0]))

    def _merge(self, tokens: list[Token]) -> list[Token]:
        """`tokens` with every run that is a synonym made one, the longest run first."""
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


def fold(word: str) -> str:
    """`word` without accents: "Beyoncé" and "Beyonce" are one."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The words of `text` as they are written, in order."""
    return _TOKEN.findall(_plain(text))


def words_of(lines: Sequence[str]) -> list[list[str]]:
    """The words of each of some texts without line breaks: the same, made faster."""
    return [*map(_TOKEN.findall, _plain("\n".join(lines)).split("\n"))] if lines else []


def _plain(text: str) -> str:
    text = _APOSTROPHE.sub("'", text)
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def unshouted(text: str) -> str:
    """`text` in small letters if it is shouted: its capitals do not tell a name from a word."""
    return text.lower() if text.isupper() and _LONG_WORD.search(text) else text
