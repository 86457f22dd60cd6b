"""Resolves follow-up questions: "and when?" keeps the subject of the previous question.

Decided by the words alone. A question that can be searched for by itself is left unchanged: users
notice a search for too little and ask again, but not a search for something they did not ask.
"""

import datetime as dt
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
# Verbs of complete questions. Without "may" and "might", which are a month and a noun.
_AUXILIARIES = _set("are can could did do does had has have is should was were will wo would")
_PERSONAL_PRONOUNS = _set("he her hers him his it its she their theirs them they")
_PREPOSITIONS = _set(
    "about after at before by during for from in of on since to until with without"
)
_TIME_OR_PLACE_PREPOSITIONS = _set("after at before during in since until")
# Verbs and adverbs that name no subject: "what happened next?", "who exactly?".
_LIGHT_WORDS = _set(
    """
    actually again comment exactly happen happened happens mean means next precisely really say
    think thinks thought
    """
)
# "How are you?" and "what's up?" address the bot.
_ADDRESS_WORDS = _set("i me mine my our ours up us we you your yours")
_TIME_NOUNS = _set(
    """
    afternoon autumn century day decade evening fall month morning season spring summer time week
    weekend winter year
    """
)
# Words kept before a content word of the subject: "of the ban".
_LINKING_WORDS = _PREPOSITIONS | {"a", "an", "and", "the"}

_MAX_CONTENT_WORDS = 2  # of a follow-up that has a pronoun or begins with "and"

_CHATTER = re.compile(
    r"\b(?:(?:do|can|could|would) you (?:please )?(?:know|tell me|say)|tell me|please|thanks"
    r"|thank you|thx|okay|ok|hm+)\b[,.!…]*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\W*\b(?:(?:and|but|so|or|also|plus)\b\W*)*(?:(?:what|how) about\b)?", re.IGNORECASE
)
_WHAT_ABOUT = re.compile(r"\W*(?:(?:and|but|so|or)\W+)?(?:what|how) about\b", re.IGNORECASE)
# The measure in "how long", "the number of": part of what is asked, not of the subject.
_MEASURE = re.compile(
    r"\b(?:how (?:long|old|far|big|large|high|tall|often|fast)|(?:number|amount|share|percentage)"
    r" of|numbers)\b",
    re.IGNORECASE,
)
_QUESTION_WORD_TO = re.compile(r"\b(?:how|what|when|where|which|who) to\b", re.IGNORECASE)
_WHAT_IS_NAME = re.compile(r"(?i:(?:who|what)(?:'s| is| are| was| were)(?: an?| the)?) [A-Z]")
# An "it" that refers to a later clause: "is it true that", "how long does it take to".
_EXPLETIVE_IT = re.compile(
    r"\b(?:is|isn['’]t|was|wasn['’]t|be) it (?:\w+ly )?\w+(?<!ed) (?:to|that|if|whether)\b"
    r"|\bit(?:['’]s| is| was| will be) (?:\w+ly )?\w+(?<!ed) (?:to|that|if|whether)\b"
    r"|\bit (?:takes?|took|costs?)\b.*\bto\b",
    re.IGNORECASE,
)
_PUNCTUATION = "?!,;:…“”\"'()"


@dataclass(frozen=True, slots=True)
class _Question:
    """A question without its filters and chatter.

    `has_opening` flags "and", "what about" or the like at its beginning. `tokens` are those after
    the opening, and `content` the content words among them.
    """

    text: str
    has_opening: bool
    tokens: tuple[Token, ...]
    content: tuple[Token, ...]

    @property
    def has_question_word(self) -> bool:
        """Whether it has a question word."""
        return any(_is_one_of(token, _QUESTION_WORDS) for token in self.tokens)

    @property
    def has_auxiliary(self) -> bool:
        """Whether it has a verb of a complete question."""
        return any(_is_one_of(token, _AUXILIARIES) for token in self.tokens)


def resolve_follow_up(
    retriever: Retriever, question: str, previous: str | None, *, asked_on: dt.date | None = None
) -> str:
    """The text to search for when `question` is asked after `previous`, which may be a follow-up.

    `question` itself if it is complete or there is no previous question. A follow-up that asks
    something new, such as "and when?", is combined with the content words of `previous`, and the
    expected kind of answer is its own. One that only adds, such as "and in October?", is appended
    to `previous`. The filter of `previous` stays, except where `question` sets its own. Returns at
    most `MAX_CHARS` characters unless `question` has more; never raises QuestionError.
    """
    if not previous:
        return question
    try:
        article_filter, text = read_filter(question, retriever.sources, asked_on=asked_on)
    except QuestionError:  # reported when the question is parsed
        return question
    parsed = _parse(retriever.analyzer, text)
    only_filters = (
        article_filter != Filter() and not parsed.content and not parsed.has_question_word
    )
    # "What does AFP say about ferries?" is complete, though only "about ferries" is left.
    names_source = article_filter.sources and "source:" not in question.lower()
    is_complete = (parsed.content and names_source) or not _is_follow_up(parsed)
    if is_complete and not only_filters:
        return question
    try:
        previous_filter, topic = read_filter(previous, retriever.sources, asked_on=asked_on)
    except QuestionError:  # its source is no longer in the coverage
        previous_filter, topic = Filter(), previous
    filters = _one_line(article_filter.or_else(previous_filter).written)
    max_chars = MAX_CHARS - len(filters) - 1
    if only_filters:
        combined = _cut(_one_line(topic), max_chars)
    elif parsed.has_question_word or parsed.has_auxiliary:
        combined = _ask_about(retriever.analyzer, parsed, topic, max_chars)
    else:
        combined = _append(retriever.analyzer, parsed, topic, max_chars)
    return f"{combined} {filters}".strip() if combined else question


def names_subject(question: str) -> bool:
    """Whether it may name a new subject, as in "what about ferries?"."""
    return _WHAT_ABOUT.match(question) is not None


def _parse(analyzer: Analyzer, text: str) -> _Question:
    text = _one_line(_CHATTER.sub(" ", text)).replace(" ,", ",").strip(" ,")
    match = _OPENING.match(text)
    opening = match[0] if match else ""
    rest = _MEASURE.sub("how", _lower_if_shouted(text)[len(opening) :])
    tokens = tuple(analyzer.tokens(rest))
    return _Question(text, bool(opening.strip()), tokens, tuple(filter(_is_content, tokens)))


def _is_follow_up(question: _Question) -> bool:
    """Whether it has too few content words to be searched for alone, and refers back."""
    tokens, size = question.tokens, len(question.content)
    if not tokens or (not size and any(_is_one_of(token, _ADDRESS_WORDS) for token in tokens)):
        return False
    if size <= _MAX_CONTENT_WORDS and _refers_back(question):
        return True
    if question.has_question_word and (not size or _is_fragment(question)):
        return True  # "why?", "by whom?", "which judge?"
    if question.has_question_word or question.has_auxiliary:  # "and is it safe?"
        return question.has_opening and size <= 1 and not _asks_what_a_name_is(question)
    if question.has_opening:
        return size <= _MAX_CONTENT_WORDS  # "and in October?"
    return size == 1 and _is_one_of(tokens[0], _TIME_OR_PLACE_PREPOSITIONS)  # "in October?"


def _is_fragment(question: _Question) -> bool:
    """Whether it is a question word with one other word, and no auxiliary.

    Except "how to vote", which is short but complete.
    """
    words = [token for token in question.tokens if not token.is_stop_word]
    is_short = len(words) == 1 and not question.has_auxiliary
    return is_short and not _QUESTION_WORD_TO.search(question.text)


def _asks_what_a_name_is(question: _Question) -> bool:
    """Whether it asks who or what a name is: "and who is Pompeo?" needs no other subject."""
    return _WHAT_IS_NAME.match(" ".join(token.text for token in question.tokens)) is not None


def _refers_back(question: _Question) -> bool:
    """Whether any of its words refers to something in the previous question."""
    expletive = _EXPLETIVE_IT.search(question.text) is not None
    return any(
        token.is_stop_word
        and not (token.term == "it" and expletive)
        and _is_reference(token.term, question.tokens[:at], question.tokens[at + 1 :])
        for at, token in enumerate(question.tokens)
    )


def _is_reference(term: str, preceding: Sequence[Token], following: Sequence[Token]) -> bool:
    """Whether a stop word between these tokens refers to something outside the question."""
    if term in _PERSONAL_PRONOUNS:  # but not to a preceding name: "did Trump say he won?"
        return not following or not any(
            not token.is_stop_word and token.text[0].isupper() for token in preceding
        )
    if term in {"this", "these", "those"}:  # but not "this week"
        return not following or following[0].text.lower().rstrip("s") not in _TIME_NOUNS
    if term == "that":  # but not the conjunction: "said that …"
        return (
            not following
            or not preceding
            or _is_one_of(preceding[-1], _AUXILIARIES | _PREPOSITIONS | _QUESTION_WORDS)
        )
    if term == "there":  # but not "is there a ban?"
        adjacent = (*preceding[-1:], *following[:1])
        return not following or not any(_is_one_of(token, _AUXILIARIES) for token in adjacent)
    return term == "then"


def _ask_about(analyzer: Analyzer, question: _Question, topic: str, max_chars: int) -> str:
    """The question with the subject of `topic`: "and when: users of TikTok"; empty without one.

    Words of the question are not repeated, so that a chain of follow-ups does not grow.
    """
    asking = question.text.rstrip("?!.… ")
    seen = {token.term for token in question.content}
    subject = _cut(" ".join(_subject(analyzer, topic, seen)), max_chars - len(asking) - 2)
    return f"{asking}: {subject}" if subject else ""


def _subject(analyzer: Analyzer, topic: str, seen: set[str]) -> Iterator[str]:
    """The content words of `topic` that are not in `seen`, with the linking words between them.

    Question words are left out: they would change the expected kind of answer.
    """
    links: list[str] = []
    begun = False
    for written in _one_line(_MEASURE.sub(" ", _lower_if_shouted(topic))).split():
        word = _strip_punctuation(written)
        terms = {token.term for token in analyzer.tokens(word) if _is_content(token)}
        if terms - seen:
            yield from links if begun else ()
            yield word
            begun = True
            seen |= terms
        links = [*links, word] if word.lower() in _LINKING_WORDS else []


def _append(analyzer: Analyzer, question: _Question, topic: str, max_chars: int) -> str:
    """`topic` followed by the question; empty if `topic` has no content word."""
    if not any(map(_is_content, analyzer.tokens(topic))):
        return ""
    text = question.text
    addition = text[0].lower() + text[1:] if question.has_opening else text
    kept = _cut(_one_line(topic).rstrip("?!.… "), max_chars - len(addition) - 2)
    return f"{kept}, {addition}" if kept else ""


def _is_content(token: Token) -> bool:
    """Whether it is a content word."""
    return not token.is_stop_word and token.text.lower() not in _LIGHT_WORDS


def _is_one_of(token: Token, words: AbstractSet[str]) -> bool:
    """Whether it is one of these stop words; IT and WHO in capitals are names."""
    return token.is_stop_word and token.term in words


def _lower_if_shouted(text: str) -> str:
    """`text` in lower case if it is all in capitals, which would make every word a name."""
    return text.lower() if text.isupper() else text


def _strip_punctuation(word: str) -> str:
    """`word` without punctuation at its ends, except for the full stops of an abbreviation."""
    word = word.strip(_PUNCTUATION)
    return word if "." in word[:-1] else word.rstrip(".")


def _one_line(text: str) -> str:
    """`text` with single spaces and without unprintable characters."""
    return "".join(filter(str.isprintable, " ".join(text.split())))


def _cut(text: str, max_chars: int) -> str:
    """`text` cut after the last whole word that fits in `max_chars`."""
    return text if len(text) <= max_chars else text[: max(0, max_chars + 1)].rpartition(" ")[0]
