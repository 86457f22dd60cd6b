"""Questions that name a time or a filter, and nothing else."""

import datetime as dt

import pytest

from bot import phrases
from index.answers.pipeline import answer
from index.model import Answer, Article
from index.retrieval.embedded.searcher import Searcher

_TODAY = dt.date(2022, 6, 1)
_NEWS = [
    (
        "2021-12-24",
        "Post",
        "Crib stolen",
        ["Thieves stole from Eldholm.", "Police ask for help."],
    ),
    ("2022-03-04", "Post", "Quay opens", ["The new quay has opened.", "It is 90 metres long."]),
    ("2022-03-20", "Wire", "Ferry late", ["The ferry was late again.", "A valve was stuck."]),
    ("2022-05-31", "Wire", "Mayor ill", ["The mayor of Eldholm is ill.", "He has a cold."]),
]


def _searcher() -> Searcher:
    return Searcher.of(
        (Article(day, title, publisher, "", day, "", brief=False, paragraphs=2), texts)
        for day, publisher, title, texts in _NEWS
    )


def _ask(question: str, *, top: int = 3, more: int = 0) -> Answer:
    return answer(_searcher(), question, top=top, more=more, asked_on=_TODAY)


def _leads(found: Answer) -> list[str]:
    return [hit.passage.article.published for hit in found.hits if hit.passage.number == 1]


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("what happened in March 2022", ["2022-03-20", "2022-03-04"]),
        ("What happened in March?", ["2022-03-20", "2022-03-04"]),
        ("in march", ["2022-03-20", "2022-03-04"]),
        ("news of 4 March 2022", ["2022-03-04"]),
        ("what was in the news yesterday?", ["2022-05-31"]),
        ("anything from last year?", ["2021-12-24"]),
        ("What took place between 1 and 10 March?", ["2022-03-04"]),
        ("show me everything since March", ["2022-05-31", "2022-03-20", "2022-03-04"]),
        ("what happened? after:2022-03-04 before:2022-03-04", ["2022-03-04"]),
        ("after:3-months", ["2022-05-31", "2022-03-20", "2022-03-04"]),
        ("what happened? after:yesterday", ["2022-05-31"]),
        ("what happened? before:last-year", ["2021-12-24"]),
        ("source:Wire", ["2022-05-31", "2022-03-20"]),
        ("what's new?", ["2022-05-31", "2022-03-20", "2022-03-04"]),
        ("what has happened lately?", ["2022-05-31", "2022-03-20", "2022-03-04"]),
        ("latest news", ["2022-05-31", "2022-03-20", "2022-03-04"]),
        ("What happened in March? source:Post", ["2022-03-04"]),
    ],
)
def test_what_there_is_of_a_time_or_a_source(question: str, days: list[str]) -> None:
    found = _ask(question)
    assert found.answered
    assert found.unmatched == ()
    assert _leads(found) == days
    assert phrases.verdict(found) == ""


def test_news_of_later_days_is_not_known_yet() -> None:
    for question in ("what's new?", "latest on Eldholm"):
        found = answer(_searcher(), question, top=1, asked_on=dt.date(2022, 3, 10))
        assert _leads(found) == ["2022-03-04" if question == "what's new?" else "2021-12-24"]


def test_leads_come_before_other_paragraphs() -> None:
    found = _ask("what happened in March?", top=4)
    assert [hit.passage.number for hit in found.hits] == [1, 1, 2, 2]
    assert all(hit.sentence == hit.passage.text for hit in found.hits)


def test_further_passages_follow() -> None:
    found = _ask("what happened in March?", top=1, more=2)
    assert [(one.article, one.number) for one in found.further] == [
        ("2022-03-04", 1),
        ("2022-03-20", 2),
    ]


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("what happened in June 2021?", "June 2021"),
        ("what happened in 2020?", "2020"),
        ("what happened on 3 April 2022?", "3 April 2022"),
        ("what happened between 3 and 5 April 2022?", "3 April 2022 to 5 April 2022"),
        ("what happened? after:2023", "since 2023"),
        ("what happened before 2021?", "until 31 December 2020"),
    ],
)
def test_nothing_of_that_time(question: str, period: str) -> None:
    found = _ask(question)
    assert not found.hits
    assert not found.answered
    assert phrases.verdict(found) == (
        f"Nothing in the coverage is from {period}; it runs from 24 December 2021 to 31 May 2022."
    )


def test_with_a_source_other_sources_may_have_more() -> None:
    assert phrases.verdict(_ask("source:Wire after:2023")) == "The coverage doesn’t say."


@pytest.mark.parametrize(
    "question", ["hello", "may", "what happened?", "How are you today?", "what sank in March?"]
)
def test_other_questions_list_nothing(question: str) -> None:
    assert _ask(question).listed is None
    assert _ask(question).confidence < 1


def test_news_of_the_period_is_preferred_and_need_not_name_it() -> None:
    found = _ask("was the ferry late in March 2022?")
    assert found.answered
    assert found.unmatched == ()
    assert found.hits[0].passage.article.published == "2022-03-20"


def test_a_period_without_news_is_told() -> None:
    assert _ask("was the ferry late in March 2019?").unmatched == ("2019",)
    assert _ask("was the ferry late nine years ago?").unmatched == ()
