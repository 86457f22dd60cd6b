"""Splits paragraphs into sentences: by the library sentencex, whose breaks are corrected.

A break is undone after an abbreviation, within a date, and after a quotation that goes on; one is
made where an abbreviation is the last word of a sentence.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import sentencex

from index.analysis.languages import ENGLISH, STOP_WORDS
from index.model import Span

ABBREVIATIONS = Path(__file__).with_name("abbreviations.toml")

_TABLE = tomllib.loads(ABBREVIATIONS.read_text("utf-8"))
_MAX_LABEL = 3  # digits of a number at the beginning of a sentence: "2. Second"
_MAX_ABBREVIATION = 4  # letters of one that is not listed: "dept. of"
_MAX_ORDINAL = 2  # digits of a German ordinal; more are a year
_OPENING = "([„“\"'«»‘–—- "
_WORD = re.compile(r"[^\W\d_]+(?!\w|[.:/@]+\w)")  # no address
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]")


def split_sentences(text: str, language: str = ENGLISH) -> list[Span]:
    """The sentences of `text` in order, without surrounding white space; none for a blank text.

    Every character that is not white space lies in exactly one span.
    """
    return [
        Span(start, start + len(sentence)) for start, sentence in split_with_offsets(text, language)
    ]


def split_with_offsets(text: str, language: str) -> list[tuple[int, str]]:
    """The same as `split_sentences`, as offsets and texts, which is faster."""
    breaks = _breaks(language)
    found: list[tuple[int, str]] = []
    after = 0
    for part in breaks.find(text):
        if sentence := part.strip():
            start = after + part.index(sentence)
            if found:
                first, before = found[-1]
                gap = text[first + len(before) : start]
                if breaks.is_wrong(before, gap, sentence):
                    found.pop()
                    start, sentence = first, f"{before}{gap}{sentence}"
            found.append((start, sentence))
        after += len(part)
    return found


@cache
def _breaks(language: str) -> "_Breaks":
    return _Breaks(language)


class _Breaks:
    """Finds wrong and missing breaks between sentences in one language."""

    def __init__(self, language: str) -> None:
        table = {name: words.split() for name, words in _TABLE[language].items()}
        self._language = language
        self._knows_initials = language == ENGLISH  # then, sentencex does
        self._openers = STOP_WORDS[language]
        self._within = frozenset(table["within"])
        self._numbered = frozenset(table["numbered"])
        self._hours = frozenset(table.get("hours", ()))
        self._dates = frozenset(table.get("dates", ()))
        self._determiners = frozenset(table.get("determiners", ()))  # German only
        spaced = (re.escape(word).replace(r"\.", r"\.\s?") for word in table.get("last", ()))
        self._has_last = "last" in table
        self._last = re.compile(rf"(?<![\w.])(?:{'|'.join(spaced)})\.\s+(?=([^\W\d_]+))")

    def find(self, text: str) -> Iterable[str]:
        """The sentences by sentencex, each with the white space around it, and missed ones."""
        parts: list[str] = sentencex.segment(self._language, text)
        return chain.from_iterable(map(self._split, parts)) if self._has_last else parts

    def _split(self, part: str) -> Iterator[str]:
        """Split after an abbreviation that a word follows which often begins a sentence."""
        start = 0
        for match in self._last.finditer(part):
            if self._is_opener(match[1]):
                yield part[start : match.end()]
                start = match.end()
        yield part[start:]

    def is_wrong(self, before: str, gap: str, after: str) -> bool:
        """True if one sentence goes from `before` to `after`, across the white space `gap`."""
        if not before.endswith("."):
            return _goes_on(before, gap, after)
        word = before.rsplit(None, 1)[-1].lstrip(_OPENING).removesuffix(".")
        if word in self._within or (len(before) <= _MAX_LABEL + 2 and _is_label(before)):
            return True
        if not gap:
            return after[0] in "-º" or len(word) == 1
        if after[0].isdigit():
            return word in self._numbered
        if after[0].isupper():
            return self._belongs_to(after, before, word)
        # Not after any word: of many saved pages, the first word of a sentence is missing.
        return (len(word) <= _MAX_ABBREVIATION or "." in word) and _goes_on(before, gap, after)

    def _belongs_to(self, after: str, before: str, word: str) -> bool:
        """True if a text that begins with a capital belongs to `word`, with which `before` ends."""
        is_number = bool(self._determiners) and word.isdecimal()
        is_initial = not self._knows_initials and word.isupper() and _INITIAL.fullmatch(word)
        if not (word in self._hours or is_number or is_initial):
            return False
        if (following := _WORD.match(after)) is None:
            return False
        if is_number:
            return self._is_ordinal(before, word, following[0])
        return not self._is_opener(following[0]) if is_initial else following[0] in self._dates

    def _is_ordinal(self, before: str, number: str, following: str) -> bool:
        """True if a number with a full stop is one: "am 1. September", "der 3. Platz"."""
        words = before.split()
        return len(number) <= _MAX_ORDINAL and (
            following in self._dates
            or (
                len(words) > 1
                and words[-2].lstrip(_OPENING).lower() in self._determiners
                and not self._is_opener(following)
            )
        )

    def _is_opener(self, word: str) -> bool:
        """True if a word is one that often begins a sentence: a stop word with a capital."""
        return word[0].isupper() and word.lower() in self._openers


def _is_label(text: str) -> bool:
    """True if a text is only a number or letter with a full stop: "2.", "Q."."""
    label = text[:-1].lstrip(_OPENING)
    is_number = label.isdecimal() and len(label) <= _MAX_LABEL
    return is_number or (len(label) == 1 and label.isalpha())


def _goes_on(before: str, gap: str, after: str) -> bool:
    """True if a word in lower case follows a sentence that began with a capital."""
    word = _WORD.match(after.lstrip(_OPENING))
    if word is None or not word[0].islower() or "\n" in gap:
        return False
    return not before.lstrip(_OPENING)[:1].islower()
