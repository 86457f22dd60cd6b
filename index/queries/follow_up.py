"""Questions that go on from the one before: "and when?" keeps the subject.

Told from the words alone. A question that can be searched for as it stands is left as it is: to
search for too little is seen at once, and asked again; to search for what nobody asked is not.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from index.analysis.analyzer import Analyzer, Token
from index.errors import QuestionError
from index.queries.query import MAX_CHARS
from index.retrieval.filters import Filter, read_filter
from index.retrieval.retriever import Retriever


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_QUESTION_WORDS = _set("how what when where which who whom whose why")
# Verbs that turn words into a whole question. "May" and "might" are left out: a month, and a noun.
_AUXILIARIES = _set("are can could did do does had has have is should was were will wo would")
_PERSONS = _set("he her hers him his it its she their theirs them they")
_PREPOSITIONS = _set(
    "about after at before by during for from in of on since to until with without"
)
_WHEN_OR_WHERE = _set("after at before during in since until")
# Verbs and adverbs that ask on without naming a subject: "what happened next?", "who exactly?".
_LIGHT = _set(
    """
    actually again comment exactly happen happened happens mean means next precisely really say
    think thinks thought
    """
)
# "How are you?" and "what's up?" talk to the bot.
_TALK = _set("i me mine my our ours up us we you your yours")
_TIMES = _set(
    """
    afternoon autumn century day decade evening fall month morning season spring summer time week
    weekend winter year
    """
)
# What stands before a word of the subject without making a question: "of the ban".
_LINKS = _PREPOSITIONS | {"a", "an", "and", "the"}

_FEW = 2  # words that say too little to be a whole question, beside a word that points back

_CHATTER = re.compile(
    r"\b(?:(?:do|can|could|would) you (?:please )?(?:know|tell me|say)|tell me|please|thanks"
    r"|thank you|thx|okay|ok|hm+)\b[,.!…]*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\W*\b(?:(?:and|but|so|or|also|plus)\b\W*)*(?:(?:what|how) about\b)?", re.IGNORECASE
)
_ANOTHER = re.compile(r"\W*(?:(?:and|but|so|or)\W+)?(?:what|how) about\b", re.IGNORECASE)
# The measure in "how long", "the number of": what is asked, not what it is asked of.
_MEASURE = re.compile(
    r"\b(?:how (?:long|old|far|big|large|high|tall|often|fast)|(?:number|amount|share|percentage)"
    r" of|numbers)\b",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"\b(?:how|what|when|where|which|who) to\b", re.IGNORECASE)
_WHAT_IT_IS = re.compile(r"(?i:(?:who|what)(?:'s| is| are| was| were)(?: an?| the)?) [A-Z]")
# An "it" that points at what comes after it: "is it true that", "how long does it take to".
_IT_IS_SO = re.compile(
    r"\b(?:is|isn['’]t|was|wasn['’]t|be) it (?:\w+ly )?\w+(?<!ed) (?:to|that|if|whether)\b"
    r"|\bit(?:['’]s| is| was| will be) (?:\w+ly )?\w+(?<!ed) (?:to|that|if|whether)\b"
    r"|\bit (?:takes?|took|costs?)\b.*\bto\b",
    re.IGNORECASE,
)
_EDGES = "?!,;:…“”\"'()"


@dataclass(frozen=True, slots=True)
class _Said:
    """A question without its filters: its text, whether "and" or its like opens it, and the rest.

    `tokens` are those after the opening, and `content` those among them that name something.
    """

    text: str
    opened: bool
    tokens: tuple[Token, ...]
    content: tuple[Token, ...]

    @property
    def asks(self) -> bool:
        """Whether it holds a question word."""
        return any(_is_one_of(token, _QUESTION_WORDS) for token in self.tokens)

    @property
    def whole(self) -> bool:
        """Whether it has a verb of a whole question."""
        return any(_is_one_of(token, _AUXILIARIES) for token in self.tokens)


def follow_up(retriever: Retriever, question: str, before: str | None) -> str:
    """What to search for when `question` is asked after `before`: with its subject, if it goes on.

    `question` itself where it stands on its own, or nothing was asked before. What asks anew, as
    "and when?", takes the words of `before` that name something, and so the kind of answer is its
    own; what only adds to `before`, as "and in October?", is put after it. The filter of `before`
    holds on, unless `question` has another. Never raises, and gives at most `MAX_CHARS` characters
    unless `question` has more.
    """
    if not before:
        return question
    try:
        wanted, text = read_filter(question, retriever.sources)
    except QuestionError:  # told when it is searched for
        return question
    said = _read(retriever.analyzer, text)
    narrows = wanted != Filter() and not said.content and not said.asks
    # Of "what does AFP say about ferries?" only "about ferries" is left, but it was whole.
    whole = said.content and wanted.source and "source:" not in question.lower()
    if not narrows and (whole or not _goes_on(said)):
        return question
    try:
        kept, topic = read_filter(before, retriever.sources)
    except QuestionError:  # its source is no longer there
        kept, topic = Filter(), before
    limits = _one_line(wanted.or_else(kept).written)
    room = MAX_CHARS - len(limits) - 1
    if narrows:
        combined = _cut(_one_line(topic), room)
    elif said.asks or said.whole:
        combined = _about(retriever.analyzer, said, topic, room)
    else:
        combined = _added(retriever.analyzer, said, topic, room)
    return f"{combined} {limits}".strip() if combined else question


def names_subject(question: str) -> bool:
    """Whether it may ask for another subject, rather than go on with the one before."""
    return _ANOTHER.match(question) is not None


def _read(analyzer: Analyzer, text: str) -> _Said:
    text = _one_line(_CHATTER.sub(" ", text)).replace(" ,", ",").strip(" ,")
    opening = _OPENING.match(text)
    opened = opening[0] if opening else ""
    rest = _MEASURE.sub("how", _quiet(text)[len(opened) :])
    tokens = tuple(analyzer.tokens(rest))
    return _Said(text, bool(opened.strip()), tokens, tuple(filter(_names, tokens)))


def _goes_on(said: _Said) -> bool:
    """Whether it says too little to be searched for alone, and shows that it goes on."""
    size = len(said.content)
    if not said.tokens or (not size and any(_is_one_of(token, _TALK) for token in said.tokens)):
        return False
    if size <= _FEW and _points_back(said):
        return True
    if said.asks and (not size or _is_stump(said)):
        return True  # "why?", "by whom?", "which judge?"
    if said.asks or said.whole:
        return said.opened and size <= 1 and not _asks_what_it_is(said)  # "and is it safe?"
    if said.opened:
        return size <= _FEW  # "and in October?"
    return size == 1 and _is_one_of(said.tokens[0], _WHEN_OR_WHERE)  # "in October?"


def _is_stump(said: _Said) -> bool:
    """Whether it is a question word with one other, and no verb of a whole question.

    Not "how to vote", which is short and whole.
    """
    words = [token for token in said.tokens if not token.is_stop_word]
    return len(words) == 1 and not said.whole and not _TO_DO.search(said.text)


def _asks_what_it_is(said: _Said) -> bool:
    """Whether it asks who or what a name is: "and who is Pompeo?" needs no other subject."""
    return _WHAT_IT_IS.match(" ".join(token.text for token in said.tokens)) is not None


def _points_back(said: _Said) -> bool:
    """Whether a word of it stands for something said before."""
    it_is_so = _IT_IS_SO.search(said.text) is not None
    return any(
        token.is_stop_word
        and not (token.term == "it" and it_is_so)
        and _points(token.term, said.tokens[:at], said.tokens[at + 1 :])
        for at, token in enumerate(said.tokens)
    )


def _points(term: str, before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether a function word between these tokens stands for something said before."""
    if term in _PERSONS:  # unless a name before it is whom it means: "did Trump say he won?"
        return not after or not any(
            not token.is_stop_word and token.text[0].isupper() for token in before
        )
    if term in {"this", "these", "those"}:  # "this week" points at the calendar
        return not after or after[0].text.lower().rstrip("s") not in _TIMES
    if term == "that":  # "said that …" leads on
        return (
            not after
            or not before
            or _is_one_of(before[-1], _AUXILIARIES | _PREPOSITIONS | _QUESTION_WORDS)
        )
    if term == "there":  # "is there a ban?" points nowhere
        beside = (*before[-1:], *after[:1])
        return not after or not any(_is_one_of(token, _AUXILIARIES) for token in beside)
    return term == "then"


def _about(analyzer: Analyzer, said: _Said, topic: str, room: int) -> str:
    """The question, and what it is about: "and when: users of TikTok"; empty where that is naught.

    A word that it shares with `topic` is not said twice, so that a chain of questions does not grow
    by what it repeats.
    """
    asked = said.text.rstrip("?!.… ")
    seen = {token.term for token in said.content}
    subject = _cut(" ".join(_subject(analyzer, topic, seen)), room - len(asked) - 2)
    return f"{asked}: {subject}" if subject else ""


def _subject(analyzer: Analyzer, topic: str, seen: set[str]) -> Iterator[str]:
    """The words of `topic` that name something other than `seen`, with what links them.

    Its question words are left out: they would ask for their own kind of answer.
    """
    links: list[str] = []
    begun = False
    for written in _one_line(_MEASURE.sub(" ", _quiet(topic))).split():
        word = _bare(written)
        terms = {token.term for token in analyzer.tokens(word) if _names(token)}
        if terms - seen:
            yield from links if begun else ()
            yield word
            begun = True
            seen |= terms
        links = [*links, word] if word.lower() in _LINKS else []


def _added(analyzer: Analyzer, said: _Said, topic: str, room: int) -> str:
    """`topic` with the words that add to it; empty where it names nothing."""
    if not any(map(_names, analyzer.tokens(topic))):
        return ""
    added = said.text[0].lower() + said.text[1:] if said.opened else said.text
    whole = _cut(_one_line(topic).rstrip("?!.… "), room - len(added) - 2)
    return f"{whole}, {added}" if whole else ""


def _names(token: Token) -> bool:
    """Whether it names something, rather than linking or asking."""
    return not token.is_stop_word and token.text.lower() not in _LIGHT


def _is_one_of(token: Token, words: AbstractSet[str]) -> bool:
    """Whether it is one of these function words; IT and WHO in capitals are names."""
    return token.is_stop_word and token.term in words


def _quiet(text: str) -> str:
    """`text` in small letters where it is shouted: the capitals would make names of all words."""
    return text.lower() if text.isupper() else text


def _bare(word: str) -> str:
    """`word` without the punctuation around it, but for the stops of an abbreviation."""
    word = word.strip(_EDGES)
    return word if "." in word[:-1] else word.rstrip(".")


def _one_line(text: str) -> str:
    """`text` as a line that can be shown: single spaces, and nothing that is not seen."""
    return "".join(filter(str.isprintable, " ".join(text.split())))


def _cut(text: str, room: int) -> str:
    """As many whole words of `text` as `room` characters hold."""
    return text if len(text) <= room else text[: max(0, room + 1)].rpartition(" ")[0]
