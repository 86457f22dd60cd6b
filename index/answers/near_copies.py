"""Tells whether two texts say the same in nearly the same words.

Every outlet edits wire copy a little: it may get another dateline, end earlier, and differ in a
few words. If it differs in a number, a name or one of the `decisive_words.toml`, it says something
else.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import product
from pathlib import Path

from index.analysis.analyzer import Analyzer, Token
from index.model import Span

_WORDS = {
    kind: frozenset(words.split())
    for kind, words in tomllib.loads(
        Path(__file__).with_name("decisive_words.toml").read_text("utf-8")
    ).items()
}
_DECISIVE = frozenset().union(*_WORDS.values())

# "ELDHOLM, Norway (AP) — ", "NEW YORK, March 5 – ", "Berlin (dpa) - ", "(Reuters) - ".
_DATELINE = re.compile(
    r"\s*(?P<place>[^\W\d_][\w.'’/ -]{1,40}?)?(?:, ?[\w. ]{2,20}){0,2}"
    r" ?(?P<agency>\([\w ./-]{2,30}\))? ?(?:--|[-–—:]) "
)
# " (Norwire)", " — Reuters", " (Reporting by Ada Berg)", each after the end of a sentence.
_SIGN_OFF = re.compile(
    r"""(?<=[.!?"”’])\s*(?:\([^()\d]{2,80}\)|[—–-]+ ?[^\W\d][^\W\d/. ]{1,30})\.?\s*$"""
)
_MONEY = re.compile(r"(?P<sign>[€£$]) ?(?P<number>\d[\d.,]*)(?P<size> ?(?:[bm]illion|bn|mn?)\b)?")
_CURRENCIES = {"€": "euros", "£": "pounds", "$": "dollars"}
_MILLIONS = re.compile(r"(?<=\d)m\b")

_WORDS_PER_EDIT = 10  # one edit, and another for each so many words
_MIN_WORDS = 5  # of a text that may be edited at all
_SLACK = 2  # words by which a text may be longer where the other ends
_MIN_SUFFIX = 4  # letters: "legal" in "illegal"


def may_be_copy(copy: AbstractSet[str], words: AbstractSet[str]) -> bool:
    """True if a text may repeat another, by their words as they are parted at spaces; fast."""
    return 2 * len(copy) >= len(words) and 2 * len(copy & words) >= len(words)


def is_near_copy(analyzer: Analyzer, copy: str, text: str, quoted: Span) -> bool:
    """True if `copy` says what `text` does until the end of its `quoted` part.

    If `copy` ends earlier, it must have half of the words, and of the quoted ones, and no negation
    may be missing among these. It may go on for longer.
    """
    if copy == text:
        return True
    words, others = (_tokens(analyzer, one) for one in (text, copy))
    if 2 * len(others) < len(words) or _differ(words, others):
        return False
    start, end = (len(_tokens(analyzer, text[:at])) for at in (quoted.start, quoted.end))
    missing = words[len(others) : end]
    return 2 * len(missing) <= end - start and not any(map(_is_negation, missing))


def _tokens(analyzer: Analyzer, text: str) -> list[Token]:
    """The tokens of a text without its dateline and agency; "$3m" as "3 million dollars"."""
    plain = _MONEY.sub(
        lambda found: f"{found['number']}{found['size'] or ''} {_CURRENCIES[found['sign']]}",
        _SIGN_OFF.sub("", _undated(text)),
    )
    return analyzer.tokens(_MILLIONS.sub(" million", plain))


def _undated(text: str) -> str:
    """The text without its dateline."""
    found = _DATELINE.match(text)
    if found is None:
        return text
    place = found["place"] or ""
    is_dateline = found["agency"] and all(word[0].isupper() for word in place.split())
    return text[found.end() :] if is_dateline or place.isupper() else text


def _differ(words: Sequence[Token], others: Sequence[Token]) -> bool:
    """True if two texts differ, until one of them ends, in many words or in one that matters."""
    edits, size = 0, min(len(words), len(others))
    for here, there in _edits(words[: size + _SLACK], others[: size + _SLACK]):
        edits += max(len(here), len(there))
        if (
            any(_matters(words, at) for at in here)
            or any(_matters(others, at) for at in there)
            or any(_is_suffix(words[at], others[to]) for at, to in product(here, there))
        ):
            return True
    return edits > (1 + size // _WORDS_PER_EDIT if size >= _MIN_WORDS else 0)


def _edits(words: Sequence[Token], others: Sequence[Token]) -> Iterator[tuple[range, range]]:
    """The indices at which two texts differ, without those after the end of one of them."""
    from rapidfuzz.distance.Levenshtein import opcodes  # noqa: PLC0415 - slow to import

    terms, other_terms = (
        [(one.term, _is_negation(one)) for one in text] for text in (words, others)
    )
    at = to = 0
    for same in opcodes(terms, other_terms).as_matching_blocks():  # an empty one comes last
        here, there = range(at, same.a), range(to, same.b)
        at, to = same.a + same.size, same.b + same.size
        if not same.size:
            both = min(len(here), len(there))
            here, there = here[:both], there[:both]
        if _joined(words, here) != _joined(others, there):
            yield here, there


def _joined(words: Sequence[Token], at: range) -> str:
    """The words at those indices as one: "re-elected" and "reelected" are the same."""
    return "".join(words[index].text.lower() for index in at)


def _matters(words: Sequence[Token], at: int) -> bool:
    """True if the text says something else without the word, or with another one."""
    word = words[at]
    return (
        _is_number(word)
        or _is_negation(word)
        or word.text.lower() in _DECISIVE
        or (not word.is_stop_word and (word.text[0].isupper() or _is_counted(words, at)))
    )


def _is_number(word: Token) -> bool:
    """True if a word is a number, or part of one."""
    return any(map(str.isdigit, word.text)) or word.text.lower() in _WORDS["amounts"]


def _is_counted(words: Sequence[Token], at: int) -> bool:
    """True if a number precedes a word: "deaths" in "143 deaths"."""
    return at > 0 and _is_number(words[at - 1])


def _is_negation(word: Token) -> bool:
    return word.text.lower().endswith("n't") or word.text.lower() in _WORDS["negations"]


def _is_suffix(word: Token, other: Token) -> bool:
    """True if one of two words is the other with a prefix, as in "legal" and "illegal"."""
    short, long = sorted((word.text.lower(), other.text.lower()), key=len)
    return len(short) >= _MIN_SUFFIX and long.endswith(short)
