"""Patterns of questions in each language but English, from `question_words.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.analysis.languages import ENGLISH

_TABLE = tomllib.loads(Path(__file__).with_name("question_words.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Asking:
    """The words and patterns of one language; see `question_words.toml`.

    `opening` matches the beginning of a follow-up, and `not_searched` the framing and the measures.
    `kinds` has the patterns of questions that expect a kind of answer, and of such answers, by the
    name of the `AnswerKind`.
    """

    auxiliaries: frozenset[str]
    time_words: frozenset[str]
    opening: re.Pattern[str]
    not_searched: re.Pattern[str]
    kinds: dict[str, tuple[re.Pattern[str], re.Pattern[str]]]


# Greetings and thanks in any of the languages: the language of so few words is hard to tell.
SMALL_TALK = frozenset(word for table in _TABLE.values() for word in table["small_talk"].split())


@cache
def asking_in(language: str) -> Asking | None:
    """The patterns of that language; None for English. Compiled on first use, as that is slow."""
    if language == ENGLISH:
        return None
    table: dict[str, str] = _TABLE[language]
    return Asking(
        auxiliaries=frozenset(table["auxiliaries"].split()),
        time_words=frozenset(table["time_words"].split()),
        opening=re.compile(
            rf"\W*\b(?:(?:{'|'.join(table['openings'].split())})\b\W*)*", re.IGNORECASE
        ),
        not_searched=re.compile(
            rf"\b(?:{'|'.join(table['framing'].split())})\b|{table['measures']}", re.IGNORECASE
        ),
        kinds={
            name: (re.compile(table[name], re.IGNORECASE), re.compile(table[f"{name}_is"]))
            for name in ("money", "number", "date", "name")
        },
    )
