"""Follow-ups in another language than English: "und wann?", "¿y en Bergen?".

They are recognized by their openings and question words. Nothing is rewritten: the one question is
added to the other.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from index.analysis.analyzer import Token
from index.analysis.languages import QUESTION_WORDS
from index.queries.asking import Asking
from index.queries.follow_up.words import strip_punctuation
from index.queries.question_analyzer import QuestionAnalyzer

_MAX_CONTENT = 2  # content words after "and": "und in Bergen?"


def add_to_previous(
    analyzer: QuestionAnalyzer, asking: Asking, question: str, previous: str
) -> str:
    """The text to search for, without filters; empty if the question is complete.

    "Und wann: kostet die Anlage" for "und wann?", and "Was kostet die Anlage, und in Bergen" for
    "und in Bergen?".
    """
    opening = asking.opening.match(question)
    rest = question[opening.end() :] if opening else question
    has_opening = len(rest) < len(question.lstrip(" ¿¡"))
    words = analyzer.tokens(asking.not_searched.sub(" ", rest))
    question_words = QUESTION_WORDS[analyzer.language]
    has_question_word = _has(words, question_words)
    has_auxiliary = _has(words, asking.auxiliaries)
    content = {word.term for word in words if not word.is_stop_word}
    if not has_question_word and not has_auxiliary:
        if not has_opening or not 0 < len(content) <= _MAX_CONTENT:
            return ""
        return f"{previous.rstrip('?!.… ')}, {question[0].lower()}{question[1:]}"
    is_open = has_opening and not _asks_about_name(words, question_words, asking.auxiliaries)
    may_have_content = is_open if has_auxiliary else True  # "und wann öffnet sie?", "wer zahlt?"
    is_follow_up = (has_question_word and not content) or (may_have_content and len(content) <= 1)
    subject = [*_subject(analyzer, asking, previous, content)]
    if not is_follow_up or not subject:
        return ""
    return f"{question.rstrip('?!.… ')}: {' '.join(subject)}"


def is_question_word(analyzer: QuestionAnalyzer, asking: Asking, question: str) -> bool:
    """True if a question without content has a question word and no verb: "und wann?"."""
    words = analyzer.tokens(question)
    return _has(words, QUESTION_WORDS[analyzer.language]) and not _has(words, asking.auxiliaries)


def _has(words: Sequence[Token], some: AbstractSet[str]) -> bool:
    return any(word.is_stop_word and word.term in some for word in words)


def _asks_about_name(
    words: Sequence[Token], question_words: AbstractSet[str], auxiliaries: AbstractSet[str]
) -> bool:
    """True if it asks who or what a name is: "und wer ist Solberg?" needs no other subject."""
    return (
        _has(words[:1], question_words)
        and _has(words[1:2], auxiliaries)
        and any(word.text[0].isupper() for word in words[2:3])
    )


def _subject(
    analyzer: QuestionAnalyzer, asking: Asking, previous: str, asked: AbstractSet[str]
) -> Iterator[str]:
    """The words of the previous question, without its opening and question words.

    Nor those that are asked again: so a chain of follow-ups does not grow.
    """
    opening = asking.opening.match(previous)
    rest = previous[opening.end() :] if opening else previous
    for written in asking.not_searched.sub(" ", rest).split():
        word = strip_punctuation(written).strip("¿¡")
        tokens = analyzer.tokens(word)
        is_asked = tokens and {token.term for token in tokens} <= asked
        if tokens and not is_asked and not _has(tokens, QUESTION_WORDS[analyzer.language]):
            yield word
