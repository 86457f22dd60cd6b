"""The period that a question is about."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.queries.time_expressions import Period, find_period

THURSDAY = dt.date(2022, 3, 31)


def _days(first: str, last: str) -> Period:
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("what did the port say last week", _days("2022-03-21", "2022-03-27")),
        ("This week, who resigned?", _days("2022-03-28", "2022-03-31")),
        ("strikes last month", _days("2022-02-01", "2022-02-28")),
        ("strikes THIS YEAR", _days("2022-01-01", "2022-03-31")),
        ("the previous year's budget", _days("2021-01-01", "2021-12-31")),
        ("ferries yesterday", _days("2022-03-30", "2022-03-30")),
        ("who resigned today?", _days("2022-03-31", "2022-03-31")),
    ],
)
def test_relative_expressions(question: str, period: Period) -> None:
    assert find_period(question, THURSDAY) == period


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("what happened in November 2020", _days("2020-11-01", "2020-11-30")),
        ("who spoke on November 11, 2020?", _days("2020-11-11", "2020-11-11")),
        ("the speech of 3rd february 2024", _days("2024-02-03", "2024-02-03")),
        ("strikes in 2019", _days("2019-01-01", "2019-12-31")),
        ("the vote of February 30, 2020", _days("2022-03-31", "2022-03-31")),
        ("may the ferry sail again", _days("2022-03-31", "2022-03-31")),
        ("2020 vision", _days("2022-03-31", "2022-03-31")),
    ],
)
def test_absolute_expressions(question: str, period: Period) -> None:
    assert find_period(question, THURSDAY) == period


def test_distances_count_from_the_nearer_end() -> None:
    week = _days("2022-03-21", "2022-03-27")
    days = ["2022-03-20", "2022-03-21", "2022-03-27", "2022-04-06"]
    ordinals = np.array([dt.date.fromisoformat(day).toordinal() for day in days], np.int32)
    assert week.days_from(ordinals).tolist() == [1, 0, 0, 10]


@given(
    st.sampled_from(["last week", "this month", "last year", "yesterday", "past month", "today"]),
    st.dates(),
)
def test_every_day_has_a_valid_period(words: str, asked: dt.date) -> None:
    period = find_period(f"news {words}", asked)
    assert period.first <= period.last <= asked
