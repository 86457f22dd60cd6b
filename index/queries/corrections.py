"""Corrects the words of a question that the coverage does not contain.

Words that are written together or apart, or with other letters, are searched for as the coverage
writes them; misspelt ones as what they resemble. In an English question, an English word is never
taken for another one: "react" is not a misspelt "reach".
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import Stemmer

from index.analysis.analyzer import Token
from index.analysis.languages import ENGLISH
from index.analysis.spelling import nearest, resembling, respelled
from index.analysis.vocabulary import UNKNOWN
from index.queries.asking import asking_in
from index.queries.question_analyzer import QuestionAnalyzer
from index.queries.time_expressions import TIME_WORDS
from index.retrieval.retriever import Retriever

# The vocabulary of the readers: its entries without "##" are the commonest 21,000 English words.
_ENGLISH_WORDS = Path(__file__).parent.parent / "answers" / "reader_models" / "vocab.txt"

_MAX_SUGGESTIONS = 2  # for each unknown word


def join_split_names(
    retriever: Retriever, analyzer: QuestionAnalyzer, tokens: Iterable[Token]
) -> list[Token]:
    """Join adjacent tokens that are a word of the coverage only when joined: "tik tok"."""
    joined: list[Token] = []
    for token in tokens:
        if joined and not (retriever.occurs(joined[-1].term) and retriever.occurs(token.term)):
            both = analyzer.terms(joined[-1].text + token.text)
            # "TikTok's lawyer" is no word.
            if len(both) == 1 and retriever.occurs(both[0]) and "'" not in joined[-1].text:
                joined[-1] = Token(f"{joined[-1].text} {token.text}", both[0], is_stop_word=False)
                continue
        joined.append(token)
    return joined


def correct(
    retriever: Retriever,
    analyzer: QuestionAnalyzer,
    tokens: Iterable[Token],
    literal: Container[str],
) -> tuple[dict[Token, list[Token]], dict[Token, tuple[str, ...]]]:
    """Correct the words that the coverage does not contain; return corrections and suggestions.

    Words in `literal` are not corrected. Every word that is in no passage and no headline is in one
    of the two: with the words to search for instead, or with similar words of the coverage,
    possibly none.
    """
    asking = asking_in(analyzer.language)
    time_words = TIME_WORDS | asking.time_words if asking else TIME_WORDS
    corrected: dict[Token, list[Token]] = {}
    unknown: dict[Token, tuple[str, ...]] = {}
    for token in tokens:
        if retriever.occurs(token.term):
            continue
        word = token.text.lower()
        similar = retriever.similar_words(word)
        meant = [] if token.text in literal else _meant(retriever, analyzer, token.text, similar)
        if meant:
            corrected[token] = meant
        elif word not in time_words:
            guesses = resembling(word, similar)[:_MAX_SUGGESTIONS]
            unknown[token] = tuple(retriever.surface_form(guess).text for guess in guesses)
    return corrected, unknown


def _meant(
    retriever: Retriever, analyzer: QuestionAnalyzer, word: str, similar: Sequence[str]
) -> list[Token]:
    """The words to search for instead of a word; empty if there are none."""
    lower = word.lower()
    if meant := (
        _split_joined_words(retriever, analyzer, word) or _respell(retriever, analyzer, word)
    ):
        return meant
    is_word = analyzer.language == ENGLISH and _is_english(lower)
    near = [] if is_word else nearest(lower, similar)
    return [retriever.surface_form(max(near, key=retriever.word_frequency))] if near else []


def _split_joined_words(retriever: Retriever, analyzer: QuestionAnalyzer, word: str) -> list[Token]:
    """Split "epicgames" into two words that are adjacent in some passage; empty if impossible."""
    for at in _splits(word):
        parts = analyzer.tokens(f"{word[:at]} {word[at:]}")
        terms = [retriever.term_id(part) for part in parts if not part.is_stop_word]
        if len(terms) == 2 and UNKNOWN not in terms and retriever.are_adjacent(*terms):  # noqa: PLR2004 - two parts
            return parts
    return []


def _splits(word: str) -> Iterator[int]:
    """The places where a word may be two: "co|operative", "epic|games", "10|500"."""
    if word.isdigit():
        yield from range(len(word) - 3, 0, -len(word))
    else:
        yield from range(2, len(word) - 2)


def _respell(retriever: Retriever, analyzer: QuestionAnalyzer, word: str) -> list[Token]:
    """The word with an apostrophe, or other letters for the same sound; empty if it is no word.

    "D'Arcy" for "Darcy", "Müller" for "Mueller".
    """
    with suppress(KeyError):
        return [retriever.surface_form(f"{word[0]}'{word[1:]}".lower())]
    tokens = map(analyzer.token, respelled(word))
    return next(([token] for token in tokens if retriever.occurs(token.term)), [])


def _is_english(word: str) -> bool:
    return Stemmer.Stemmer("english", 0).stemWord(word) in _english_stems()


@cache
def _english_stems() -> frozenset[str]:
    words = filter(str.isalpha, _ENGLISH_WORDS.read_text("utf-8").splitlines())
    return frozenset(Stemmer.Stemmer("english", 0).stemWords([*words]))
