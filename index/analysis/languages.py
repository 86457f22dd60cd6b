"""Languages: their function words, and the language of a text by these.

Each language has dozens of function words that no other has, and every second word of a text is
one. So counting them tells the language of an article, and needs no model.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from lunr.stop_word_filter import WORDS

ENGLISH = "en"
FILE = Path(__file__).with_name("languages.toml")

# The library's list is short; these mean no more than its own "most", "off" or "where".
_MORE_ENGLISH = """
    before being both doing don during each few having here hers herself himself itself many more
    much myself now ours ourselves out over same such theirs themselves there those through up very
    whose yourself
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TABLE = tomllib.loads(FILE.read_text("utf-8"))
_other = _TABLE.pop("other")

LANGUAGES = (*_TABLE,)
SNOWBALL = {
    language: str(table["snowball"]) for language, table in _TABLE.items() if "snowball" in table
}
QUESTION_WORDS = {language: _set(table["question_words"]) for language, table in _TABLE.items()}
STOP_WORDS: dict[str, AbstractSet[str]] = {
    language: _set(table.get("stop_words", "")) | QUESTION_WORDS[language]
    for language, table in _TABLE.items()
}
STOP_WORDS[ENGLISH] = WORDS.union(_MORE_ENGLISH.split())

# By language, the words that speak for it; those of "" for another one. Many languages share "a".
_SIGNS = {
    language: {word for word in words if len(word) > 1 or not word.isascii()}
    for language, words in {
        **STOP_WORDS,
        "": _set(_other["stop_words"]).difference(*STOP_WORDS.values()),
    }.items()
}
_LETTERS = {
    language: str(table["letters"]) for language, table in _TABLE.items() if "letters" in table
}
_DISTINCTIVE_QUESTION_WORDS = {
    language: words.difference(*(other for name, other in STOP_WORDS.items() if name != language))
    for language, words in QUESTION_WORDS.items()
}
_READ_CHARS = 500  # of an article; more says no more
_MIN_SIGNS = 2  # one word alone may be a name
# Not "s" and "t", which are left of English words, nor the "Qui" of "Qui-Gon".
_WORD = re.compile(r"[^\W\d_]{2,}(?!-[^\W\d_]|[^\W\d_])|[^\W\d_A-Za-z]")
# "Ursula von der Leyen", "Wen Jiabao", "Rio de la Plata", and what is an English word as well.
_NO_SIGNS = _set("como comment da de del della den der di dos du el la las le los van von wen")


def language_of_article(title: str, paragraphs: Iterable[str]) -> str:
    """The language of an article; English if it is none of `LANGUAGES`, or cannot be told."""
    text = title
    for paragraph in paragraphs:
        if len(text) > _READ_CHARS:
            break
        text += f"\n{paragraph}"
    text = text[:_READ_CHARS].lower().replace(".", " ").replace(",", " ")
    counts = _count_signs({*text.split()}, text)
    return _most(counts, ENGLISH) or ENGLISH


def languages_of_question(question: str, covered: Sequence[str]) -> list[str]:
    """The likely languages of a question about coverage in some languages; at least one.

    Among these, in their order, unless it is clearly another: a question has few words. Question
    words count twice, and words with a capital within the question not at all: they are names.
    """
    if question.isupper():
        question = question.lower()
    first, *others = _WORD.findall(question) or [""]
    words = {first.lower(), *filter(str.islower, others)} - _NO_SIGNS
    counts = _count_signs(words, question.lower())
    for language, distinctive in _DISTINCTIVE_QUESTION_WORDS.items():
        counts[language] += len(words & distinctive)
    covered = covered or [ENGLISH]
    most = max(counts[language] for language in covered)
    usual = [language for language in covered if counts[language] == most]
    likeliest = _most(counts, usual[0])
    return usual if likeliest in {usual[0], ""} else [likeliest]


def _count_signs(words: AbstractSet[str], text: str) -> dict[str, int]:
    """The number of signs of each language in a lower-case text; those of "" are of another one."""
    counts = {language: len(words & signs) for language, signs in _SIGNS.items()}
    for language, letters in () if text.isascii() else _LETTERS.items():
        counts[language] += 2 * sum(letter in text for letter in letters)
    return counts


def _most(counts: Mapping[str, int], usual: str) -> str:
    """The language with the most signs, if these are enough; else the usual one."""
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] >= max(_MIN_SIGNS, counts[usual] + 1) else usual
