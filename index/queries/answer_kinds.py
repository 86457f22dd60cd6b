"""What kind of answer a question asks for, and whether a text holds one.

A question for a number is answered by a number that it does not name itself. That much can be told
from words alone, as the first open-domain systems did (Li and Roth 2002 list the kinds).
"""

import re
import tomllib
from collections.abc import Iterable
from enum import Enum
from functools import cached_property
from pathlib import Path

_PLACES = tomllib.loads(Path(__file__).with_name("places.toml").read_text("utf-8"))

_NUMBER_WORDS = """
    one two three four five six seven eight nine ten eleven twelve dozen hundred thousand million
    billion trillion half third quarter twice once
"""
_PARTS = "percent half third thirds quarter quarters tenth majority"
_MONTHS = """
    January February March April May June July August September October November December Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday
"""


def _any_of(words: Iterable[str]) -> str:
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)"


def _any_name_of(names: Iterable[str]) -> str:
    """The same as `_any_of`; far faster, since only what begins like a name is looked at."""
    rests: dict[str, list[str]] = {}
    for name in names:
        rests.setdefault(name[0], []).append(re.escape(name[1:]))
    begun = (rf"{first}(?<!\w{first})(?:{'|'.join(rest)})" for first, rest in rests.items())
    return rf"(?:{'|'.join(begun)})(?!\w)"


class Kind(Enum):
    """A kind of answer: how it is asked for, and what it looks like in a text."""

    SHARE = (
        r"\b(?:what|which) (?:\w+ )?(?:percent|percentage|share|proportion|fraction)\b",
        rf"\d[\d,.]*(?: ?%| per ?cent)|(?i:{_any_of(_PARTS.split())})",
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
        (  # "When it fell, who …?" asks for somebody.
            r"^(?!.*\b(?:who|whose|whom|what|which|where|why|how)\b).*\bwhen\b"
            r"|\b(?:what|which) (?:year|month|day|date|week|decade|century)\b|\bsince when\b"
        ),
        rf"{_any_name_of(_MONTHS.split())}|\b(?:1[0-9]|20)\d\d\b|\b\d+(?:st|nd|rd|th)\b",
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
        # A capital within a sentence: at its beginning it says nothing. Looked for before what
        # stands in front of it, which takes a third of the time.
        r"[A-Z](?<=[\w,;:’')\u201d-] [A-Z])[\w’'-]+(?: [A-Z][\w’'-]+)*",
    )

    def __init__(self, asked: str, looks: str) -> None:
        self._asked, self._looks = asked, looks

    @cached_property
    def asked(self) -> re.Pattern[str]:
        """How it is asked for."""
        return re.compile(self._asked, re.IGNORECASE)

    @cached_property
    def looks(self) -> re.Pattern[str]:
        """What it looks like; compiled when it is asked for, as that takes longest."""
        return re.compile(self._looks)


def kind_of_answer(question: str) -> Kind | None:
    """The kind that `question` asks for; None where it cannot be told."""
    return next((kind for kind in Kind if kind.asked.search(question)), None)


def holds(kind: Kind, text: str, given: str) -> bool:
    """Whether `text` holds an answer of that kind which is not `given`, in case-folded text."""
    return any(found[0].casefold().strip(".,") not in given for found in kind.looks.finditer(text))
