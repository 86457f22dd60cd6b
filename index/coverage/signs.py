"""What is seen of the blocks of a saved page, and how far each sign speaks for the article.

Shallow signs tell an article from its page: the length of a block, its punctuation, and the same of
its neighbours (Kohlschütter, Fankhauser & Nejdl, "Boilerplate Detection using Shallow Text
Features", WSDM 2010; Pomikálek, "Removing Boilerplate and Duplicate Content from Web Corpora",
2011). An article is taken to be one run of blocks here, so there are three sorts of signs: of a
block inside the run, of the first one and of the last one. Each is a number from 0 to about 1 and
counts with the weight in its table, which `tests/benchmarks/fit_cleaning.py` fits.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

INSIDE: Mapping[str, float] = {
    "any block": 0.0,
    "length": 0.0,
    "is a sentence": 0.0,
    "is very short": 0.0,
    "has a comma": 0.0,
    "has a quotation": 0.0,
    "digits": 0.0,
    "has a date": 0.0,
    "is an interruption": 0.0,
    "is other furniture": 0.0,
    "sentences around": 0.0,
}
FIRST: Mapping[str, float] = {
    "begins the text": 0.0,
    "headline above": 0.0,
    "headline close above": 0.0,
    "date line above": 0.0,
    "is a paragraph": 0.0,
    "sentences from here": 0.0,
    "sentences above": 0.0,
}
LAST: Mapping[str, float] = {
    "ends the text": 0.0,
    "is a sentence": 0.0,
    "furniture is next": 0.0,
    "furniture comes soon": 0.0,
    "furniture below": 0.0,
    "sentences below": 0.0,
}

# How the furniture of a page begins, by what it is: words that sites share, none of one site.
_FURNITURE = {
    "sharing buttons": r"share, shares, sharing, tweet, facebook, twitter, whatsapp, pinterest,"
    r"linkedin, reddit, instagram, flipboard, telegram, youtube, e-?mail, print, copy link, follow,"
    r"like us, like this",
    "links to other pages": r"related, recommended, trending, popular, latest, next, prev, previous,"
    r"up next, also on, also read, (?:read|see|show|view|load) (?:more|also|next|all), don.t miss,"
    r"most (?:read|popular|viewed|recent|shared), more(?: from| in| on| news| stories|:), best of,"
    r"you (?:may|might|should) (?:also|like), top stories, editors?.? picks, explore further,"
    r"in this article, around the web",
    "topics": r"tags?, tagged, topics?, category, categories, filed under, posted (?:in|on|by),"
    r"archives?",
    "comments": r"(?:\d+ )?comments?, leave a, reply, replies, discussion, conversation,"
    r"(?:view|join) the (?:discussion|conversation), add a comment, log ?in, sign in",
    "promotion": r"subscribe, subscriptions?, sign[- ]?up, newsletters?, register, donate, support,"
    r"get (?:the|our|breaking), download (?:the|our), enter your, your e-?mail, want more, stay",
    "an advertisement": r"advert, adverts, advertisements?, advertising, sponsors?, sponsored,"
    r"ads? by, adchoices, promoted, paid content, continue reading, story continues, scroll,"
    r"partners?",
    "a picture or its caption": r"photos?, images?, pictures?, credits?, getty, videos?, watch,"
    r"gallery, slideshow, (?:media )?caption, file, play, playing, listen, podcasts?,"
    r"\d+ (?:of|/) \d+",
    "credits": r"by, written by, author, reporting by, editing by, staff, source, contribut\w+,"
    r"correspondents?, editors?",
    "a notice of the site": r"copyright, ©, all rights reserved, privacy, terms (?:of|and|&),"
    r"cookies?, contact, about, site ?map, help, careers, menu, home, search, skip to, navigation,"
    r"sections, accessibility, disclaimer, faq, rss, our, this (?:site|website), we use,"
    r"by (?:using|signing|continuing)",
}
# Furniture that stands in the middle of articles too.
INTERRUPTIONS = frozenset({"an advertisement", "a picture or its caption"})

_KINDS = tuple(_FURNITURE)
_BEGINNING = re.compile(
    r"[^\w©]*(?:"
    + "|".join(
        f"({'|'.join(phrase.strip() for phrase in phrases.split(','))})"
        for phrases in _FURNITURE.values()
    )
    + r")(?!\w)",
    re.IGNORECASE,
)
# What hardly anything but furniture says, wherever in a block it stands.
_SAYING = re.compile(
    r"""
    © | all\ rights\ reserved | privacy\ policy | terms\ of\ (?:use|service) | javascript
  | newsletters?\b | subscri(?:be|ption) | sign(?:ed)?\ up\b | click\ here | cookies\b
  | e-?mail\ address | your\ (?:e-?mail|inbox|browser)
  | (?:photo|photograph|image|credit|courtesy)\b.{0,5}[:/] | getty
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\bago\b")
_WORD = re.compile(r"\w+")
_CLOSING = " \"'”’»)]}*"

_GLANCE = 2_000  # characters: what a block is shows at its beginning
_PARAGRAPH = 80  # characters
_LINE = 150  # characters: furniture keeps to a line
_NEAR = 15  # blocks: by-lines and buttons stand between a headline and its article
_FAR = 1_000_000  # blocks


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a block shows."""

    length: int
    sentence: bool
    furniture: str  # what sort of it, "" for none
    dated: bool
    headline: bool
    comma: bool
    quotation: bool
    digits: float

    @property
    def paragraph(self) -> bool:
        """Whether this is text beyond doubt."""
        return self.sentence and self.length >= _PARAGRAPH

    @property
    def ender(self) -> bool:
        """Whether articles stop at this."""
        return bool(self.furniture) and self.furniture not in INTERRUPTIONS


def words(text: str) -> frozenset[str]:
    """The different words of a text, without case."""
    return frozenset(_WORD.findall(text[:_GLANCE].casefold()))


def alike(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two headlines are one but for a site's name or a few words (Dice's coefficient)."""
    return len(some & others) >= 0.3 * (len(some) + len(others)) > 0


def look(block: str, title: frozenset[str]) -> Look:
    """Look at one block of a page with the headline `title`."""
    text = block[:_GLANCE]
    length = len(block)
    end = block[-20:].rstrip(_CLOSING)
    return Look(
        length=length,
        sentence=end.endswith((".", "!", "?", "…", "。", "！", "？")) and not end.endswith(".."),  # noqa: RUF001
        furniture=_furniture(text) if length < 2 * _LINE else "",
        dated=length < _PARAGRAPH and bool(_DATE.search(text)),
        headline=length < 2 * _LINE and alike(words(text), title),
        comma=any(mark in text for mark in ",;:(，、"),  # noqa: RUF001
        quotation=any(mark in text for mark in '"“”„«'),
        digits=sum(map(str.isdigit, text)) / max(len(text), 1),
    )


def _furniture(text: str) -> str:
    begins = _BEGINNING.match(text) if len(text) < _LINE else None
    if begins and begins.lastindex:
        return _KINDS[begins.lastindex - 1]
    return "promotion" if _SAYING.search(text) else ""


def scores(looks: Sequence[Look]) -> tuple[list[float], list[float], list[float]]:
    """How well each block of a page would stand inside the article, as its first and as its last."""
    return tuple(  # type: ignore[return-value]
        [sum(map(mul, weights.values(), row)) for row in rows]
        for weights, rows in zip((INSIDE, FIRST, LAST), signs(looks), strict=True)
    )


Row = tuple[float, ...]


def signs(looks: Sequence[Look]) -> tuple[Iterable[Row], Iterable[Row], Iterable[Row]]:
    """The signs of each block, in the order of INSIDE, FIRST and LAST."""
    sentences = _Share([seen.sentence for seen in looks])
    enders = _Share([seen.ender for seen in looks])
    return (
        (_inside(i, looks, sentences) for i in range(len(looks))),
        (_first(i, above, looks, sentences) for i, above in enumerate(_headlines(looks))),
        (_last(i, looks, sentences, enders) for i in range(len(looks))),
    )


def _inside(i: int, looks: Sequence[Look], sentences: "_Share") -> Row:
    seen = looks[i]
    return (
        1,
        math.log2(min(seen.length, 1000) + 1) / 10,
        seen.sentence,
        seen.length < 25,
        seen.comma,
        seen.quotation,
        seen.digits,
        seen.dated,
        seen.furniture in INTERRUPTIONS,
        seen.ender,
        sentences(i - 3, i + 4),
    )


def _first(i: int, above: int, looks: Sequence[Look], sentences: "_Share") -> Row:
    return (
        i == 0,
        above <= _NEAR,
        1 / above if above <= _NEAR else 0,
        i > 0 and looks[i - 1].dated,
        looks[i].paragraph,
        sentences(i, i + 4),
        sentences(i - 6, i),
    )


def _last(i: int, looks: Sequence[Look], sentences: "_Share", enders: "_Share") -> Row:
    return (
        i == len(looks) - 1,
        looks[i].sentence,
        enders(i + 1, i + 2) > 0,
        enders(i + 2, i + 5) > 0,
        enders(i + 1, i + 6),
        sentences(i + 1, i + 7),
    )


def _headlines(looks: Sequence[Look]) -> Iterable[int]:
    """How many blocks above each one the nearest headline stands."""
    above = _FAR
    for seen in looks:
        above += 1
        yield above
        if seen.headline:
            above = 0


class _Share:
    """The share of blocks that have something, in any run of them in constant time."""

    def __init__(self, has: Sequence[bool]) -> None:
        self._before = [0, *accumulate(has)]

    def __call__(self, start: int, stop: int) -> float:
        """The share in [start, stop), cut to the page; 0 where nothing is left of it."""
        start, stop = max(start, 0), min(stop, len(self._before) - 1)
        return (self._before[stop] - self._before[start]) / (stop - start) if start < stop else 0.0
