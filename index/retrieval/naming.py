"""Recognizes the sources that a question names in words: "what does the Post say about …".

The wording must make clear that an outlet or an author is meant: "the post office" and "how many
times" name none, whatever the outlets are called.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.model import Span
from index.retrieval.sources import Sources, is_last_words, only

_MAX_NAME = 80  # characters
_SAY = (
    r"sa(?:y|ys|id|ying)|tell|tells|told|claim(?:s|ed)?|argue[sd]?|describe[sd]?|mention(?:s|ed)?"
)
_WRITE = (
    r"write|writes|writing|written|wrote|report(?:s|ed|ing)?|publish(?:es|ed|ing)?|print(?:s|ed)?"
    r"|cover(?:s|ed|ing)?"
)
_DIFFER = r"differ|disagree|agree|compare"
_WORKS = (
    r"(?:articles?|columns?|coverage|editorials?|interviews?|news|pieces?|report(?:ing|s)?"
    r"|stor(?:y|ies))"
)
_OPINIONS = r"(?:account|findings?|opinion|take|version|view|views)"
_ASKING = (
    r"(?:(?:how|what|when|where|which|who|why)(?: else| exactly)?"
    r"(?: (?:are|did|do|does|had|has|have|is|was|were))?|did|do|does|had|has|have)"
)
_LIST = (
    r"(?:(?:(?:give|list|show|find|read)(?: me)?|all|any|are there|every|more|other|some|the|what"
    r"|which) )*"
)
_THE = re.compile(r"^the ", re.IGNORECASE)
_SEPARATOR = re.compile(r",? (?:and|or|with|versus|vs\.?|to) |, ", re.IGNORECASE)
_OUTLETS = re.compile(r"(?:[\w.-]+ ){0,5}?[\w.-]+['’]s (?=\w)")  # "the Post's" of a reporter
_SEVERAL_WORDS = re.compile(r"\w\W+\w")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_NEXT_NAME = re.compile(r" [A-Z]")


class _Wording(NamedTuple):
    """The words before and after the name of a source, which are cut out with it.

    `authors`: an author may be meant by the surname, with `unused` only if no article uses it.
    `outlets`: only an outlet can be meant. `strict`: an ordinary word such as "post" is a name only
    with a capital, `bare`: and with one needs no "the". `least`: as many sources must be named.
    """

    opening: re.Pattern[str]
    closing: re.Pattern[str]
    authors: bool = False
    unused: bool = False
    outlets: bool = False
    strict: bool = False
    bare: bool = False
    least: int = 1


class _Mention(NamedTuple):
    """A part of a question that may name a source."""

    question: str
    where: Span

    @property
    def written(self) -> str:
        """The part without a possessive ending."""
        return _POSSESSIVE.sub("", self.where.of(self.question))

    @property
    def name(self) -> str:
        """The part without "the" either."""
        return _THE.sub("", self.written)

    @property
    def has_article(self) -> bool:
        """True if it begins with "the"."""
        return self.name != self.written

    @property
    def has_capital(self) -> bool:
        """True if it is written as a name."""
        return self.name[:1].isupper() and not self.question.isupper()

    @property
    def continues(self) -> bool:
        """True if it is part of a longer name, as in "the Post Office"."""
        return _NEXT_NAME.match(self.question, self.where.end) is not None


def _opening(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{pattern}(?P<the>(?:the )?)(?=\w)", re.IGNORECASE)


def _closing(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_START = r"^\W*"
_ASKED = rf"(?:{_START}|\b{_ASKING} )"
_END = r"(?<=\w)(?!\w)"
# In this order: the first that fits counts.
_WORDINGS = (
    _Wording(
        _opening(r"(?:\b(?:according to|in|from|what is|what['’]?s|what are|what was) |(?<!\w))"),
        _closing(
            rf"(?:['’]s|(?<=s)['’]) (?:\w+ )?(?:{_WORKS}|{_OPINIONS})\b(?: (?:on|about|of)\b)?"
        ),
        authors=True,
    ),
    _Wording(_opening(r"\b(?:according to|as per) "), _closing(_END)),
    _Wording(
        _opening(rf"\b(?:what (?:is|are) |what['’]?s )?{_LIST}(?:differences? )?between "),
        _closing(_END),
        least=2,
    ),
    _Wording(
        _opening(r"\bcompare (?:what |how )?"),
        _closing(rf"(?: (?:{_SAY}|{_WRITE}))?{_END}"),
        least=2,
    ),
    _Wording(_opening(_ASKED), _closing(rf" (?:{_DIFFER})\b"), least=2),
    _Wording(_opening(_START), _closing(r"(?= (?:on|about|over)\b|:|\W*$)"), least=2),
    _Wording(_opening(_ASKED), _closing(rf" (?:{_WRITE})\b"), authors=True),
    _Wording(_opening(_ASKED), _closing(rf" (?:{_SAY})\b"), authors=True, unused=True),
    _Wording(
        _opening(
            rf"\b{_LIST}(?:{_WORKS} (?:(?:that )?(?:is|are|was|were)(?: there)? )?"
            r"(?:(?:written|published) )?|"
            r"(?:anything|everything|something|written|reported|published|printed|covered|said) )"
            r"(?:by|from|in) "
        ),
        _closing(rf"{_END}(?: (?:are|is) there\b)?"),
        authors=True,
    ),
    _Wording(_opening(r"\b(?:in|from) "), _closing(_END), outlets=True, strict=True),
    _Wording(_opening(_START), _closing(r":(?=\s)"), outlets=True, strict=True, bare=True),
    _Wording(_opening(_START), _closing(r" on(?= \w)"), outlets=True, strict=True),
    _Wording(
        _opening(rf"{_START}(?:(?:and|but|so|or) )?(?:(?:what|how) about|only|just) "),
        _closing(r"(?=\W*$)"),
    ),
)


def named_sources(question: str, sources: Sources) -> tuple[tuple[str, ...], Span] | None:
    """The names of the sources that a question names, and the span to cut out; None for none.

    Raises QuestionError for an abbreviation of several sources.
    """
    if not sources.may_be_named(question):
        return None
    for wording in _WORDINGS:
        for opened in wording.opening.finditer(question):
            ends = wording.closing.finditer(question, opened.end(), opened.end() + _MAX_NAME)
            for closed in reversed([*ends]):  # the longest name first
                written = Span(opened.start("the"), closed.start())
                if names := _names(question, written, wording, sources):
                    return names, Span(opened.start(), closed.end())
    return None


def _names(question: str, where: Span, wording: _Wording, sources: Sources) -> tuple[str, ...]:
    """The names in that part of the question; none unless all of it are names."""
    for parts in ([where], [*_parts(question, where)]):
        found = [_name(question, part, wording, sources) for part in parts]
        names = tuple(dict.fromkeys(name for name in found if name))
        if all(found) and len(names) >= wording.least:
            return names
    return ()


def _parts(question: str, where: Span) -> Iterator[Span]:
    """The parts of "the Ledger and the Post", or of "the Post's Kari Moen" the last."""
    start = where.start
    for separator in _SEPARATOR.finditer(question, where.start, where.end):
        yield Span(start, separator.start())
        start = separator.end()
    outlet = _OUTLETS.match(question, start, where.end)
    yield Span(outlet.end() if outlet else start, where.end)


def _name(question: str, where: Span, wording: _Wording, sources: Sources) -> str | None:
    """The source that is meant by that part of the question; None if none is.

    Raises QuestionError if several may be.
    """
    mention = _Mention(question, where)
    authors = wording.authors and not mention.has_article
    names = sources.matching(mention.name, authors=authors)
    if not names or (wording.outlets and not sources.is_outlet(names[0])):
        return None
    return only(mention.name, names) if _is_meant(mention, names[0], wording, sources) else None


def _is_meant(mention: _Mention, name: str, wording: _Wording, sources: Sources) -> bool:
    """True if the name is meant, and not a word such as "post"."""
    if sources.is_full(mention.name) and _SEVERAL_WORDS.search(mention.name):
        return True
    is_unused = not sources.mentions(mention.name.lower())
    if not sources.is_outlet(name):
        return is_unused or (mention.has_capital and not wording.unused)
    if wording.strict and (not mention.has_capital or mention.continues):
        return False
    is_full, is_last = sources.is_full(mention.name), is_last_words(mention.name, name)
    if mention.has_article or (is_full and not wording.strict):
        is_name = mention.has_capital or mention.question.islower()
        return is_unused or (is_name and (is_full or is_last))
    if is_last and not is_full:
        may_be_bare = wording.bare or wording.least > 1 or (is_unused and not wording.strict)
        return mention.has_capital and may_be_bare
    return is_unused
