"""Finds names that are made of stop words in a question: "The Who", "To Be or Not to Be".

Stop words have no posting lists. But the forward index has them, so that the passages in which
they follow each other can be found, and the name then counts as a single term.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from index.analysis.analyzer import Token
from index.analysis.languages import ENGLISH
from index.analysis.lexicon import stop_word_id
from index.queries.question_analyzer import QuestionAnalyzer
from index.retrieval.retriever import Retriever

# Stop words that begin a question or address somebody: "Who are you?" names nothing.
_ASKING_WORDS = """
    am are can could did do does had has have how i is me may might must my should was we were what
    when where which who whom whose why will would you your
"""
ASKING = frozenset(_ASKING_WORDS.split())
_MIN_WORDS = 2  # "it" alone is everywhere
_MIN_LOWER = 3  # words of a question that is only a name, but without capitals
_QUOTED = re.compile('["“”„«]([^"“”„«»]+)["“”»]')


def quoted_words(analyzer: QuestionAnalyzer, question: str) -> set[str]:
    """The words in quotation marks, as in `Token.text`."""
    return {token.text for quoted in _QUOTED.findall(question) for token in analyzer.tokens(quoted)}


def names_of_stop_words(
    retriever: Retriever, analyzer: QuestionAnalyzer, question: str, tokens: list[Token]
) -> tuple[dict[Token, tuple[int, ...]], list[str]]:
    """The names in a question of these tokens that are made of stop words, with the ids of these.

    Also returns those in quotation marks that are in no passage; of others, none knows whether they
    are meant as names. Only English writes names by their capitals.
    """
    names: dict[Token, tuple[int, ...]] = {}
    missing = []
    quoted = [*_quoted_names(analyzer, question)]
    capitalized = _capitalized_names(tokens) if analyzer.language == ENGLISH else ()
    for words in (*quoted, *capitalized):
        run = tuple(stop_word_id(word.term) for word in words)
        written = " ".join(word.text for word in words)
        if retriever.holds_run(run):
            names[Token(written, written.lower(), is_stop_word=False)] = run
        elif words in quoted:
            missing.append(written)
    return names, missing


def _quoted_names(analyzer: QuestionAnalyzer, question: str) -> Iterator[list[Token]]:
    """The quoted texts that consist of stop words."""
    for quoted in _QUOTED.findall(question):
        tokens = analyzer.tokens(quoted)
        if len(tokens) >= _MIN_WORDS and all(token.is_stop_word for token in tokens):
            yield tokens


def _capitalized_names(tokens: list[Token]) -> Iterator[list[Token]]:
    """The runs of stop words that begin and end with a capital, or are the whole question.

    The first word has its capital anyway, and so has every word of a question in title case.
    """
    capitalized = [token for token in tokens if _is_capitalized(token)]
    if all(token.is_stop_word for token in tokens):
        names_nothing = any(token.term in ASKING for token in tokens)
        is_long = len(tokens) >= _MIN_LOWER
        if len(capitalized) >= _MIN_WORDS or (is_long and not names_nothing):
            yield tokens
    few = sum(token.is_stop_word for token in capitalized) < _MIN_WORDS
    if few or len(capitalized) == len(tokens):
        return
    first = 1 if tokens and tokens[0].term in ASKING else 0
    for is_stop_word, group in groupby(tokens[first:], key=lambda token: token.is_stop_word):
        run = [*group]
        capitals = [at for at, token in enumerate(run) if _is_capitalized(token)]
        if is_stop_word and len(capitals) >= _MIN_WORDS:
            yield run[capitals[0] : capitals[-1] + 1]


def _is_capitalized(token: Token) -> bool:
    return token.text[0].isupper() and token.text != "I"
