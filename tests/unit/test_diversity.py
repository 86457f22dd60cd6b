"""Questions with several answers: each different one before one that is repeated."""

import datetime as dt

import pytest

from index.answers.pipeline import answer
from index.model import Article
from index.queries.several import Several, asks_for_several
from index.retrieval.embedded.searcher import Searcher

_TEXTS = [
    "The bidder Norline offered 12 million crowns for the old yard of Sandby.",
    "For the old yard, the bidder Norline offered 12 million crowns, Sandby said.",
    "Norline, a bidder for the old yard, had offered 12 million crowns on Monday.",
    "The bidder for the old yard with most friends is Brandt Steel.",
    "The town of Eldholm, a bidder for the yard too, wants a park there.",
    "Ferries call at Sandby on Sundays.",
]


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    article = Article("1", "Old yard of Sandby for sale", "Post", "", "2025", "", False, 6)  # noqa: FBT003 - no brief
    return Searcher.of([(article, _TEXTS)])


def _first_three(searcher: Searcher, question: str) -> str:
    found = answer(searcher, question, top=3, asked_on=dt.date(2025, 6, 1))
    assert not found.unmatched
    return " ".join(hit.passage.text for hit in found.hits)


@pytest.mark.parametrize(
    "question",
    [
        "Which bidders are there for the old yard?",
        "Who are the bidders for the old yard?",
        "What are the bidders for the old yard?",
        "list all bidders for the old yard",
        "bidders for the old yard",
        "Who else is a bidder for the old yard?",
    ],
)
def test_each_different_answer_is_shown(searcher: Searcher, question: str) -> None:
    shown = _first_three(searcher, question)
    assert all(bidder in shown for bidder in ("Norline", "Brandt Steel", "Eldholm"))


def test_the_order_of_other_questions_stays(searcher: Searcher) -> None:
    shown = _first_three(searcher, "Which bidder offered 12 million crowns for the old yard?")
    assert shown.count("Norline") == 3


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Which US companies want the yard?", Several.NAMES),
        ("Who were the winners?", Several.NAMES),
        ("What are the reasons for the delay?", Several.ANYTHING),
        ("What reasons did she give?", Several.ANYTHING),
        ("list the deadlines", Several.ANYTHING),
        ("deadlines for the bids", Several.ANYTHING),
        ("What else did the council decide?", Several.ANYTHING),
        ("Which business is for sale?", Several.NO),
        ("What was the reason?", Several.NO),
        ("What did members get?", Several.NO),
        ("Who sleeps in the room?", Several.NO),
        ("What is the news?", Several.NO),
        ("When does the ferry leave?", Several.NO),
    ],
)
def test_what_asks_for_several(question: str, several: Several) -> None:
    assert asks_for_several(question) is several
