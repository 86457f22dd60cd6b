"""What a question asks for: its terms, what each is worth, and which of its words are unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from index.analysis import Token
from index.answer_kinds import Kind, kind_of_answer
from index.corpus import Corpus
from index.errors import QuestionError

# Discord's limit for a message, which is the longest way to ask.
MAX_CHARS = 2_000

# Words that greet, thank or take leave: a message of nothing else asks nothing.
_SMALL_TALK = """
    afternoon bye cheers evening goodbye good greetings hello hey hi hiya howdy lol morning night ok
    okay please sorry sup test testing thank thanks thx welcome yes yo
"""
_SMALL_TALK_WORDS = frozenset(_SMALL_TALK.split())


@dataclass(frozen=True, slots=True)
class Query:
    """A question, analysed against a corpus.

    `terms` are those searched for, in the order of the question; `weights` maps each to its worth
    (see `Corpus.weight`); `unmatched` are the words, as typed, that stand nowhere in the coverage.
    """

    text: str
    terms: tuple[str, ...]
    weights: dict[str, float]
    unmatched: tuple[str, ...]
    kind: Kind | None
    small_talk: bool

    def worth(self, terms: Iterable[str]) -> float:
        """The share of the question's worth that distinct `terms` have, between 0 and 1."""
        held = sum(self.weights.get(term, 0.0) for term in terms)
        return held / sum(self.weights.values()) if held else 0.0

    @property
    def pairs(self) -> dict[tuple[str, str], float]:
        """Neighbouring terms of the question, each pair with its share of the question's worth."""
        return {
            (one, other): self.worth([min(one, other, key=self.weights.__getitem__)])
            for one, other in pairwise(self.terms)
            if one != other
        }


def parse_question(corpus: Corpus, question: str) -> Query:
    """Read `question` against the words of `corpus`.

    Raises QuestionError where there is nothing to search for or more than `MAX_CHARS` characters.
    """
    if len(question) > MAX_CHARS:
        length = f"{len(question):,} characters"
        raise QuestionError(f"The question has {length}; ask again in at most {MAX_CHARS:,}.")
    # A lone surrogate reaches the bot from Discord's JSON, and no further.
    question = question.encode("utf-8", "replace").decode()
    if not any(char.isalnum() for char in question):
        raise QuestionError("The question has no word in it; ask about something in the news.")
    tokens = corpus.analyzer.tokens(question)
    asked = _join_split_names(corpus, [token for token in tokens if not token.common])
    known = corpus.passage_ranker.document_frequency
    return Query(
        text=question,
        terms=tuple(token.term for token in asked),
        weights={token.term: corpus.weight(token.term) for token in asked},
        unmatched=tuple(dict.fromkeys(token.text for token in asked if not known(token.term))),
        kind=kind_of_answer(question),
        small_talk=all(token.common or token.text.lower() in _SMALL_TALK_WORDS for token in tokens),
    )


def _join_split_names(corpus: Corpus, tokens: list[Token]) -> list[Token]:
    """`tokens` with neighbours made one where only together they are a word: "tik tok"."""
    known = corpus.passage_ranker.document_frequency
    joined: list[Token] = []
    for token in tokens:
        if joined:
            both = corpus.analyzer.terms(joined[-1].text + token.text)
            parts = (joined[-1].term, token.term)
            if len(both) == 1 and known(both[0]) and not all(map(known, parts)):
                joined[-1] = Token(f"{joined[-1].text} {token.text}", both[0], common=False)
                continue
        joined.append(token)
    return joined
