"""Tests of the time expressions of questions."""

import datetime as dt

import pytest

from index.periods.period import Period
from index.queries.time_expressions import Recency, read_time

TODAY = dt.date(2022, 3, 31)
NEWEST = dt.date(2020, 11, 30)


@pytest.mark.parametrize(
    ("question", "recency", "rest"),
    [
        ("latest on the ferry", Recency.LATEST, "on the ferry"),
        ("What's new?", Recency.LATEST, "?"),
        ("latest ferry news", Recency.LATEST, "ferry"),
        ("ferry strike latest", Recency.LATEST, "ferry strike"),
        ("any ferry news this year?", Recency.LATEST, "ferry this year?"),
        ("who delivers the news", Recency.UNASKED, "who delivers the news"),
        (
            "what do the latest data of the port say about how many ferries sank",
            Recency.CURRENT,
            "what do the data of the port say about how many ferries sank",
        ),
        ("most recent news about ferries", Recency.LATEST, "about ferries"),
        ("any updates on the quay", Recency.LATEST, "on the quay"),
        ("news about the quay", Recency.LATEST, "about the quay"),
        ("what’s going on with the quay", Recency.LATEST, "with the quay"),
        ("How many ferries are there now?", Recency.CURRENT, "How many ferries are there ?"),
        ("who currently runs the ferry", Recency.CURRENT, "who runs the ferry"),
        ("how many sank so far", Recency.CURRENT, "how many sank"),
        ("how far is it these days", Recency.CURRENT, "how far is it"),
        ("who resigned today", Recency.CURRENT, "who resigned today"),
        ("what did it cost at first", Recency.INITIAL, "what did it cost at first"),
        ("where did she work until now", Recency.UNASKED, "where did she work until now"),
        ("who bought the newspaper", Recency.UNASKED, "who bought the newspaper"),
        ("how far is the new quay", Recency.UNASKED, "how far is the new quay"),
    ],
)
def test_words_for_how_new(question: str, recency: Recency, rest: str) -> None:
    found = read_time(question, TODAY, NEWEST)
    assert found.recency is recency
    assert " ".join(found.rest.split()) == rest


def test_the_period_is_by_default_the_day_it_is_asked() -> None:
    found = read_time("who runs the ferry", TODAY, NEWEST)
    assert (found.period, found.is_named, found.words) == (Period(TODAY, TODAY), False, frozenset())


def test_what_is_new_in_an_old_coverage_is_its_newest() -> None:
    assert read_time("who runs the ferry now", TODAY, NEWEST).period == Period(NEWEST, NEWEST)
    assert read_time("who runs the ferry now", TODAY, None).period == Period(TODAY, TODAY)


def test_a_named_period_and_its_words() -> None:
    found = read_time("what sank in May 2020, and why", TODAY, NEWEST)
    assert found.is_named
    assert found.period == Period(dt.date(2020, 5, 1), dt.date(2020, 5, 31))
    assert found.words == {"in", "may", "2020"}
