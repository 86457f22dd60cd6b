"""Detects questions with several answers: "which bidders …", "the reasons for …"."""

import re
from enum import Enum

# Words in -s that are no plurals, at least after "which" and "what".
_SINGULAR = (
    r"\w*(?:ss|us|is)|does|gas|goes|happens|has|lens|means|news|says|series|species|makes|was|kinds"
    r"|sorts|types"
)
_PLURAL = rf"(?!(?:{_SINGULAR})\b)(?:\w{{2,}}s|children|media|men|people|women)\b"
_ADJECTIVE = r"(?!(?:are|did|do|does|is|the|was|were|will|would)\b)\w+ "
_LIST = r"(?:list|name|enumerate|tell me|give me|show me)(?: me)? (?:all |the |some |any )*"
_NAMES = (
    rf"\b(?:which (?:other |of the )?(?:\w+ ){{0,2}}?{_PLURAL}|who (?:all |else )?(?:are|were)\b"
    r"|what (?:other )?(?:\w+ )?(?:compan|countr|part)ies\b|who else\b)"
)
_ANYTHING = (
    rf"\b(?:what (?:other |different )?(?:{_ADJECTIVE})?{_PLURAL}|what (?:else|all)\b"
    rf"|what(?:'s| are| were) (?:all |some of )?(?:the |its |their |his |her |our )?"
    rf"(?:\w+ ){{0,2}}?{_PLURAL}|{_LIST}(?:\w+ )?{_PLURAL}"
    rf"|all (?:of )?(?:the |its |their )?(?:\w+ )?{_PLURAL})"
    rf"|^\W*(?!wh|how)(?:all )?(?:the )?(?:\w+ )?{_PLURAL}"
    r" (?:against|behind|for|in|of|on|to)\b"
)


class Several(Enum):
    """The several answers that a question asks for: none, names, or anything."""

    NO = 0
    NAMES = 1
    ANYTHING = 2


_PATTERNS = {
    Several.NAMES: re.compile(_NAMES, re.IGNORECASE),
    Several.ANYTHING: re.compile(_ANYTHING, re.IGNORECASE),
}


def asks_for_several(question: str) -> Several:
    """Detect whether a question asks for several answers, and of what kind."""
    found = (several for several, pattern in _PATTERNS.items() if pattern.search(question))
    return next(found, Several.NO)
