"""Questions for somebody's words, and the sentences that report these."""

import datetime as dt

import pytest

from index.answers.pipeline import answer
from index.model import Article
from index.queries.speakers import find_speaker
from index.retrieval.embedded.searcher import Searcher

_TEXTS = [
    'The harbour tunnel is "a gift to the town", according to the council.',
    "Dahl read what the council said about the harbour tunnel.",
    "The harbour tunnel is a waste of money, Ingrid Dahl said.",
    "Ingrid Dahl walked through the harbour tunnel. She added that it leaked.",
    'A union spoke of the harbour tunnel: "It is too narrow."',
]


def _first(question: str) -> str:
    article = Article("1", "Harbour tunnel opens", "Post", "", "2025", "", False, 5)  # noqa: FBT003 - no brief
    found = answer(Searcher.of([(article, _TEXTS)]), question, top=3, asked_on=dt.date(2025, 6, 1))
    return found.hits[0].passage.text


@pytest.mark.parametrize(
    "question",
    [
        "What did Ingrid Dahl say about the harbour tunnel?",
        "what does dahl say about the harbour tunnel",
        "How did Dahl respond to the harbour tunnel?",
        "What was Dahl's comment on the harbour tunnel?",
    ],
)
def test_somebodys_own_words_come_first(question: str) -> None:
    assert _first(question) in {_TEXTS[2], _TEXTS[3]}
    assert (
        _first(
            question.replace("Ingrid Dahl", "the council")
            .replace("Dahl", "the council")
            .replace("dahl", "the council")
        )
        == _TEXTS[0]
    )


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did the mayor of Eldholm say about it?", ("mayor",)),
        ("How did campaigners react to the toll?", ("campaigner",)),
        ("What does the Solberg administration claim?", ("Solberg", "administration")),
        ("Did the union comment on the strike?", ("union",)),
        ("What was the owner's reaction?", ("owner",)),
        ("Ingrid Dahl on the harbour tunnel", ("Dahl", "Ingrid")),
    ],
)
def test_the_speaker_is_known_by_the_surname_or_the_noun(
    question: str, names: tuple[str, ...]
) -> None:
    speaker = find_speaker(question)
    assert speaker
    assert speaker.names == names


@pytest.mark.parametrize(
    "question", ["What did he say?", "Who said that?", "When did the ferry leave?", "say"]
)
def test_other_questions_name_no_speaker(question: str) -> None:
    speaker = find_speaker(question)
    assert speaker is None or not speaker.names


@pytest.mark.parametrize(
    ("sentence", "before", "says"),
    [
        ('"It leaks," Dahl said.', "", True),
        ("Dahl of the council said so.", "", True),
        ("Dahl, who built it, has also warned of leaks.", "", True),
        ("The council said that Dahl left.", "", False),
        ("The council said Dahl left.", "", False),
        ("Dahl read what the council said.", "", False),
        ("It leaks, said its engineer, Ingrid Dahl.", "", True),
        ("Dahl, who built it, told reporters that it leaks.", "", True),
        ("According to Dahl, it leaks.", "", True),
        ("She added that it leaks.", "Dahl was there.", True),
        ("It leaks, she said.", "Dahl was there.", True),
        ('"It leaks," a company spokesman said.', "Dahl was there.", True),
        ("She added that it leaks.", "Moen was there.", False),
        ("Dahl opened the tunnel.", "", False),
        ("Moen said that it leaks.", "Dahl was there.", False),
    ],
)
def test_a_sentence_reports_the_words_of_a_speaker(sentence: str, before: str, says: bool) -> None:  # noqa: FBT001 - a parameter
    speaker = find_speaker("What did Ingrid Dahl say?")
    assert speaker
    assert speaker.says(sentence, before) is says
