"""Detects the kind of answer that a question expects, and whether a text contains one.

A question for a number is answered by a number that the question does not contain. Patterns
suffice for that, as in the first open-domain systems (Li and Roth 2002 list the kinds).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property
from pathlib import Path

from index.analysis.languages import ENGLISH
from index.queries.asking import asking_in

_PLACES = tomllib.loads(Path(__file__).with_name("places.toml").read_text("utf-8"))

_NUMBER_WORDS = """
    one two three four five six seven eight nine ten eleven twelve dozen hundred thousand million
    billion trillion half third quarter twice once
"""
_FRACTION_WORDS = "percent half third thirds quarter quarters tenth majority"
_MONTHS_AND_DAYS = """
    January February March April May June July August September October November December Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday
"""


def _any_of(words: Iterable[str]) -> str:
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)"


def _any_name_of(names: Iterable[str]) -> str:
    """As `_any_of`, but much faster: only words with the first letter of a name are tried."""
    rests: dict[str, list[str]] = {}
    for name in names:
        rests.setdefault(name[0], []).append(re.escape(name[1:]))
    branches = (rf"{first}(?<!\w{first})(?:{'|'.join(rest)})" for first, rest in rests.items())
    return rf"(?:{'|'.join(branches)})(?!\w)"


class AnswerKind(Enum):
    """A kind of answer: the pattern of questions that expect it, and of its form in a text."""

    SHARE = (
        r"\b(?:what|which) (?:\w+ )?(?:percent|percentage|share|proportion|fraction)\b",
        rf"\d[\d,.]*(?: ?%| per ?cent)|(?i:{_any_of(_FRACTION_WORDS.split())})",
    )
    MONEY = (
        (
            r"\bhow much (?:\S+ ){0,6}?(?:cost|fine|fined|money|pa(?:id|y)|price|raised?|sell|sold"
            r"|spend|spent|worth)\b|\bwhat (?:did|do|does|is|was|will|would) (?:\S+ ){0,6}?(?:cost"
            r"|fine|price|worth)\b|\b(?:budget|cost|fine|price|value) of\b"
        ),
        r"[$€£¥]\s?\d[\d,.]*|\d[\d,.]*(?: \w+)? (?:cents|crowns|dollars|euros|pounds|yen)\b",
    )
    NUMBER = (
        (
            r"\bhow (?:many|much|long|old|far|big|large|high|tall|often|fast)\b|\b(?:what|which) "
            r"(?:number|age|amount|price|sum)\b"
            r"|\b(?:number|amount|percentage|share) of\b|\bnumbers\b"
        ),
        rf"\d[\d,.]*|(?i:{_any_of(_NUMBER_WORDS.split())})",
    )
    DATE = (
        (  # "When it fell, who …?" expects a name.
            r"^(?=.*\bwhen\b)(?!.*\b(?:who|whose|whom|what|which|where|why|how)\b)"
            r"|\b(?:what|which) (?:year|month|day|date|week|decade|century)\b|\bsince when\b"
        ),
        rf"{_any_name_of(_MONTHS_AND_DAYS.split())}|\b(?:1[0-9]|20)\d\d\b|\b\d+(?:st|nd|rd|th)\b",
    )
    COUNTRY = (
        r"\b(?:which|what|whose) (?:[\w'’-]+ ){0,2}?(?:countr(?:y|ies)|nations?)\b",
        _any_name_of(_PLACES["country"]),
    )
    STATE = (
        r"\b(?:which|what|whose) (?:[\w'’-]+ ){0,2}?(?<!of )states?\b",
        _any_name_of(_PLACES["state"]),
    )
    QUOTE = (
        (
            r"\bwhat (?:did|do|does|had|has|have) (?:\S+ ){1,6}?(?:call|called|comment|describe"
            r"|said|say|tell|told)\b"
        ),
        r"[\"“”][^\"“”]{3,}",
    )
    NAME = (
        (
            r"\bwho(?:se|m)?\b|\bwhere\b|\b(?:which|what) (?:\w+ )?(?:actor|actress|singer|leader"
            r"|president|politician|minister|man|woman|player|senator|star|company|firm|team|city"
            r"|place|court|agency)\b"
        ),
        # A capitalized word, but not at the beginning of a sentence. The lookbehind follows the
        # capital, which takes a third of the time.
        r"[A-Z](?<=[\w,;:’')\u201d-] [A-Z])[\w’'-]+(?: [A-Z][\w’'-]+)*",
    )

    def __init__(self, question: str, answer: str) -> None:
        self._question, self._answer = question, answer

    @cached_property
    def question(self) -> re.Pattern[str]:
        """Matches questions that expect this kind."""
        return re.compile(self._question, re.IGNORECASE)

    @cached_property
    def answer(self) -> re.Pattern[str]:
        """Matches answers of this kind; compiled on first use, as that is slow."""
        return re.compile(self._answer)


def expected_kind(question: str, language: str = ENGLISH) -> AnswerKind | None:
    """The first kind whose pattern matches `question`; None if there is none."""
    if asking := asking_in(language):
        patterns = ((AnswerKind[name.upper()], asks) for name, (asks, _) in asking.kinds.items())
    else:
        patterns = ((kind, kind.question) for kind in AnswerKind)
    return next((kind for kind, pattern in patterns if pattern.search(question)), None)


def contains_kind(kind: AnswerKind, text: str, question: str, language: str = ENGLISH) -> bool:
    """True if `text` contains an answer of that kind that the case-folded `question` does not."""
    return any(answer not in question for answer in find_kind(kind, text, language))


def find_kind(kind: AnswerKind, text: str, language: str = ENGLISH) -> Iterator[str]:
    """The answers of that kind in `text`, case-folded."""
    asking = asking_in(language)
    pattern = asking.kinds[kind.name.lower()][1] if asking else kind.answer
    return (match[0].casefold().strip(".,") for match in pattern.finditer(text))
