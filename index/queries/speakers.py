"""Recognizes whose words a question asks for, and sentences that report that they said them."""

import re
from dataclasses import dataclass
from functools import cached_property

_AUXILIARY = r"(?:did|do|does|had|has|have|would)"
_SAY = (
    r"(?:argue|argued|call|claim|claimed|comment|explain|explained|promise|promised|react|reacted"
    r"|reply|respond|responded|said|say|tell|think|told|warn|warned)"
)
_WORDS = r"(?:answer|comments?|opinion|position|reaction|reply|response|statement|views?|words)"
_WHO = r"((?:the )?[^\s,.?!:;][^,.?!:;]{1,50}?)"
_ASKED = re.compile(
    rf"\b(?:(?:what|how|why)(?: \w+)? {_AUXILIARY} {_WHO} (?:\w+ly )?{_SAY}"
    rf"|{_AUXILIARY} {_WHO} (?:ever |\w+ly )?(?:comment|react|reply|respond|say)"
    rf"|what (?:was|is|were) {_WHO}(?:['’]s|(?<=s)['’]) {_WORDS})\b",
    re.IGNORECASE,
)
_NAME_ON = re.compile(r"^\W*((?:[A-Z][\w'’-]+ )+[A-Z][\w'’-]+) on \w")
_TAIL = re.compile(r"\b(?:about|at|before|from|in|of|on|who|with)\b.*", re.IGNORECASE)
_NO_NAMES = """
    and anybody anyone everybody everyone he her him himself it once people she that the they this
    we who you
"""
_NO_NAME_WORDS = frozenset(_NO_NAMES.split())

_SAID = (
    r"(?:acknowledged|added|adds|admitted|announced|argue[sd]?|asked|believe[sd]?|claim"
    r"(?:ed|s)|complained|conceded|confirmed|declared|declined|denie[sd]|describe[sd]|explain(?:ed|s)"
    r"|insist(?:ed|s)|noted?s?|pledged|praised|predicted|promised|reiterated|replied|responded|said"
    r"|says|stated|stressed|suggested|tells|told|tweeted|urged|vowed|warn(?:ed|s)|writes|wrote)"
)
# Between the name and the verb: "of Eldholm", ", who built it,", "on Monday also".
_OF = r"(?: of(?: [\w'’-]+){1,3})?(?:, [^“”\"]{1,80}?,| \([^)]*\))?"
_ALSO = r"(?: on \w+)?(?: (?:\w+ly|also|and|had|has|have|later|then|who))*"
_BEFORE_NAME = r"(?:[^\s“”\"]+ ){0,6}?"  # "said its chief executive, Ingrid Dahl"
# A company speaks by its spokesperson.
_FOR_THEM = r"(?:he|it|she|they|(?:a|her|his|its|the|their)(?: \w+)? spokes(?:man|person|woman))"
_SAID_FOR_THEM = re.compile(
    rf"\b{_FOR_THEM}{_ALSO} {_SAID}\b|[,.?!”\"'’] {_SAID} {_FOR_THEM}\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Speaker:
    """Somebody whose words are asked for: the words that may name them, without an ending in -s."""

    names: tuple[str, ...]

    def says(self, sentence: str, before: str) -> bool:
        """True if a sentence reports their words; `before` is the text before it.

        As in "…, Dahl said", "according to Dahl", and, after a sentence that names Dahl, "she
        added".
        """
        if self._attribution.search(sentence):
            return True
        return bool(_SAID_FOR_THEM.search(sentence) and self._name.search(before))

    @property
    def _pattern(self) -> str:
        return rf"\b(?:{'|'.join(map(re.escape, self.names))})(?:['’]s|s)?\b"

    @cached_property
    def _name(self) -> re.Pattern[str]:
        return re.compile(self._pattern, re.IGNORECASE)

    @cached_property
    def _attribution(self) -> re.Pattern[str]:
        name = self._pattern
        return re.compile(
            rf"{name}{_OF}{_ALSO} {_SAID}\b|[,.?!”\"'’] {_SAID} {_BEFORE_NAME}{name}"
            rf"|\baccording to {_BEFORE_NAME}{name}",
            re.IGNORECASE,
        )


def find_speaker(question: str) -> Speaker | None:
    """The speaker that a question asks about; None if it does not ask for anybody's words.

    The names are the surname or the noun, and any other name: "the Trump administration".
    """
    if not (found := _ASKED.search(question) or _NAME_ON.search(question)):
        return None
    written = _TAIL.sub("", next(filter(None, found.groups()))).split()
    words = [word for word in written if word.lower() not in _NO_NAME_WORDS]
    names = {*words[-1:], *(word for word in words if word[0].isupper())}
    return Speaker(tuple(sorted(re.sub(r"(?:['’]s|s)$", "", name) for name in names)))
