"""Answers with a passage of each outlet, and of each source that is named."""

import datetime as dt

import pytest

from index.answers.pipeline import answer
from index.model import Article
from index.queries.comparison import Each, read_comparison, read_two_times
from index.retrieval.embedded.searcher import Searcher

_STORIES = [
    ("Eldholm Ledger", "Ferry sinks", ["The ferry sank when a pump broke.", "Divers look at it."]),
    ("Eldholm Ledger", "Pump of ferry", ["The pump of the ferry that sank was old."]),
    ("Eldholm Ledger", "Ferry pump", ["The ferry sank, and its pump had not been checked."]),
    ("Sandby Post", "Wave hits boat", ["A wave hit the ferry, which sank within minutes."]),
    ("Torsund Globe", "Crew blamed", ["The ferry sank because of its crew, the owner said."]),
    ("Quay Weekly", "Cafe opens", ["A cafe has opened on the quay."]),
]


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    return Searcher.of(
        (Article(str(at), title, publisher, "", "2025-03-04", "", False, len(texts)), texts)  # noqa: FBT003 - no brief
        for at, (publisher, title, texts) in enumerate(_STORIES)
    )


def _publishers(searcher: Searcher, question: str, top: int = 5) -> list[str]:
    found = answer(searcher, question, top=top, asked_on=dt.date(2025, 6, 1))
    assert not found.unmatched
    return [hit.passage.article.publisher for hit in found.hits]


@pytest.mark.parametrize(
    "question",
    [
        "What does each outlet say about the ferry that sank?",
        "Why did the ferry sink, according to each paper?",
        "Compare what the papers say about the ferry that sank",
        "How do all the newspapers report that the ferry sank?",
        "the ferry that sank in every source",
    ],
)
def test_each_outlet_has_one_passage(searcher: Searcher, question: str) -> None:
    assert sorted(_publishers(searcher, question)) == [
        "Eldholm Ledger",
        "Sandby Post",
        "Torsund Globe",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "compare the Ledger and the Post on the ferry pump",
        "How do the Ledger and the Post differ on the ferry pump?",
        "difference between the Post and the Ledger on the ferry pump",
        "What do the Ledger and the Post say about the ferry pump?",
        'ferry pump source:"ledger, post"',
    ],
)
def test_both_sources_that_are_named_come_first(searcher: Searcher, question: str) -> None:
    publishers = _publishers(searcher, question)
    assert sorted(publishers[:2]) == ["Eldholm Ledger", "Sandby Post"]
    assert set(publishers[2:]) == {"Eldholm Ledger"}
    assert sorted(_publishers(searcher, question, top=2)) == ["Eldholm Ledger", "Sandby Post"]


def test_a_source_has_a_passage_though_all_of_another_are_better() -> None:
    ledger = [f"The ferry pump of boat {at} broke." for at in range(100)]
    post = ["The storm of that day was strong.", "It had sunk a ferry, among many other boats."]
    searcher = Searcher.of(
        (Article(name, "News", name, "", "2025", "", False, len(texts)), texts)  # noqa: FBT003 - no brief
        for name, texts in (("Eldholm Ledger", ledger), ("Sandby Post", post))
    )
    publishers = _publishers(searcher, "compare the Ledger and the Post on the ferry pump", 2)
    assert sorted(publishers) == ["Eldholm Ledger", "Sandby Post"]


@pytest.mark.parametrize(
    ("question", "months"),
    [
        ("What changed for the harbour toll between March and May?", ["2025-03", "2025-05"]),
        ("How did the harbour toll change from March to May 2025?", ["2025-03", "2025-05"]),
        ("compare the harbour toll in April with the harbour toll in May", ["2025-04", "2025-05"]),
        ("Was the harbour toll higher in March or in April?", ["2025-03", "2025-04"]),
        ("harbour toll in March vs May", ["2025-03", "2025-05"]),
    ],
)
def test_both_times_that_are_compared_come_first(question: str, months: list[str]) -> None:
    searcher = Searcher.of(
        (
            Article(day, f"Harbour toll on day {day}", "Post", "", day, "", False, 1),  # noqa: FBT003 - no brief
            [f"The harbour toll is now {toll} crowns for a boat."],
        )
        for day, toll in (("2025-03-04", 12), ("2025-04-05", 13), ("2025-05-06", 15))
    )
    found = answer(searcher, question, top=2, asked_on=dt.date(2025, 6, 1))
    assert sorted(hit.passage.article.published[:7] for hit in found.hits) == months


@pytest.mark.parametrize(
    "question",
    [
        "What happened between March and May?",
        "How much did the toll rise from 12 to 14 crowns?",
        "What is the difference between the Ledger and the Post?",
    ],
)
def test_other_questions_compare_no_times(question: str) -> None:
    assert not read_two_times(question, dt.date(2025, 6, 1), None).periods


@pytest.mark.parametrize(
    ("question", "each"),
    [
        ("What do both local papers say about it?", Each.OUTLET),
        ("How did the media outlets report the strike?", Each.OUTLET),
        ("Which outlets covered the strike?", Each.OUTLET),
        ("How many died according to each report?", Each.ARTICLE),
        ("Compare the promise with the deed", Each.ARTICLE),
        ("What are all sources of income of the town?", None),
        ("Who signed the papers?", None),
        ("Was all paper burned?", None),
    ],
)
def test_of_what_a_question_wants_one_each(question: str, each: Each | None) -> None:
    assert read_comparison(question).each is each
