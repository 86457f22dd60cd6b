"""Detects questions that want a passage of each article or of each outlet."""

import re
from enum import Enum
from typing import NamedTuple

_ARTICLE, _ARTICLES = r"(?:article|report|story)", r"(?:articles|reports|stories)"
_OUTLET = r"(?:media outlet|outlet|newspaper|paper|publication|publisher|source)"
_OUTLETS = rf"(?:{_OUTLET}s|media)"
_EACH, _ALL = r"(?:each|every|which)(?: of the)?", r"(?:all|both|across|which)(?: of)?(?: the)?"
_SOME = r"(?:the(?: two| three| four| other| different| various)?|different|various)"
_SAY = r"(?:say|says|said|report|reports|reported|write|writes|wrote|claim|claims|differ)"
_BEFORE = (
    r"(?:\b(?:what|how) (?:do|does|did|is|are) )?(?:\bcompare (?:what |how )?)?"
    r"(?:\b(?:according to|by|from|in) )?\b"
)


def _each(one: str, several: str) -> str:
    """The pattern of "each paper says", "both local papers", and of "compare the papers"."""
    return (
        rf"{_BEFORE}(?:{_EACH}(?: \w+)?? {one}|{_ALL}(?: \w+)?? {several})\b(?! of\b)(?: {_SAY}\b)?"
        rf"|\b(?:according to|compare) {_SOME} {several}\b|{_BEFORE}{_SOME} {several} {_SAY}\b"
    )


class Each(Enum):
    """Of what a question wants a passage each; the pattern is framing that is not searched for."""

    OUTLET = _each(_OUTLET, _OUTLETS)
    ARTICLE = _each(_ARTICLE, _ARTICLES) + r"|\bcompare\b"

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern, re.IGNORECASE)


class Comparison(NamedTuple):
    """Of what a question wants a passage each, if it does, and the question without that."""

    each: Each | None
    rest: str


def read_comparison(question: str) -> Comparison:
    """Read the words that ask for a passage of each article or outlet."""
    for each in Each:
        if each.pattern.search(question):
            return Comparison(each, each.pattern.sub(" ", question))
    return Comparison(None, question)
