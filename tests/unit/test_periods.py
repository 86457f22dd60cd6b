"""The expressions that name a period of days."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.periods.period import Period, ago, back, months, unit_of
from index.periods.reading import find_named_period, read_date

THURSDAY = dt.date(2022, 3, 31)


def _days(first: str, last: str) -> Period:
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def _period(text: str, newest: dt.date | None = None) -> Period | None:
    found = find_named_period(text, THURSDAY, newest)
    return found.period if found else None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("what did the port say last week", _days("2022-03-21", "2022-03-27")),
        ("This week, who resigned?", _days("2022-03-28", "2022-03-31")),
        ("strikes last month", _days("2022-02-01", "2022-02-28")),
        ("strikes THIS YEAR", _days("2022-01-01", "2022-03-31")),
        ("the previous year's budget", _days("2021-01-01", "2021-12-31")),
        ("ferries yesterday", _days("2022-03-30", "2022-03-30")),
        ("the day before yesterday", _days("2022-03-29", "2022-03-29")),
        ("who resigned this morning?", _days("2022-03-31", "2022-03-31")),
        ("who sank last night?", _days("2022-03-30", "2022-03-30")),
        ("the match on Monday", _days("2022-03-28", "2022-03-28")),
        ("on Thursday", _days("2022-03-31", "2022-03-31")),
        ("last Thursday", _days("2022-03-24", "2022-03-24")),
        ("strikes since Tuesday", _days("2022-03-29", "2022-03-31")),
        ("last weekend", _days("2022-03-19", "2022-03-20")),
        ("this quarter", _days("2022-01-01", "2022-03-31")),
        ("two weeks ago", _days("2022-03-14", "2022-03-20")),
        ("a month ago", _days("2022-02-01", "2022-02-28")),
        ("3 days ago", _days("2022-03-28", "2022-03-28")),
        ("a few days ago", _days("2022-03-25", "2022-03-31")),
        ("over the past two weeks", _days("2022-03-17", "2022-03-31")),
        ("in the last few months", _days("2021-12-31", "2022-03-31")),
        ("before last month", _days("0001-01-01", "2022-01-31")),
    ],
)
def test_seen_from_a_day(text: str, period: Period) -> None:
    assert _period(text) == period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("what happened in November 2020", _days("2020-11-01", "2020-11-30")),
        ("who spoke on November 11, 2020?", _days("2020-11-11", "2020-11-11")),
        ("the speech of 3rd february 2024", None),  # has not begun
        ("the speech of the 3rd of february 2021", _days("2021-02-03", "2021-02-03")),
        ("Feb. 14", _days("2022-02-14", "2022-02-14")),
        ("on 2021-02-14", _days("2021-02-14", "2021-02-14")),
        ("in 2021-02", _days("2021-02-01", "2021-02-28")),
        ("in may", _days("2021-05-01", "2021-05-31")),
        ("news from March", _days("2022-03-01", "2022-03-31")),
        ("late May", _days("2021-05-01", "2021-05-31")),
        ("last March", _days("2021-03-01", "2021-03-31")),
        ("on may 3", _days("2021-05-03", "2021-05-03")),
        ("In May 3 ferries sank", _days("2021-05-01", "2021-05-31")),
        ("strikes in 2019", _days("2019-01-01", "2019-12-31")),
        ("the vote of 2019", _days("2019-01-01", "2019-12-31")),
        ("who won the vote 2019?", _days("2019-01-01", "2019-12-31")),
        ("since 2019", _days("2019-01-01", "2022-03-31")),
        ("before 2019", _days("0001-01-01", "2018-12-31")),
        ("until 4 May 2021", _days("0001-01-01", "2021-05-04")),
        ("spring 2021", _days("2021-03-01", "2021-05-31")),
        ("in the summer", _days("2021-06-01", "2021-08-31")),
        ("winter 2021", _days("2020-12-01", "2021-02-28")),
        ("Q1 2021", _days("2021-01-01", "2021-03-31")),
        ("the second quarter of 2021", _days("2021-04-01", "2021-06-30")),
        ("between 3 and 7 March", _days("2022-03-03", "2022-03-07")),
        ("3-7 March 2021", _days("2021-03-03", "2021-03-07")),
        ("from January to March 2021", _days("2021-01-01", "2021-03-31")),
        ("from 12 May to 14 June 2021", _days("2021-05-12", "2021-06-14")),
        ("between 2019 and 2021", _days("2019-01-01", "2021-12-31")),
        ("29 February", _days("2020-02-29", "2020-02-29")),
    ],
)
def test_with_a_name(text: str, period: Period | None) -> None:
    assert _period(text) == period


@pytest.mark.parametrize(
    "text",
    [
        "may the ferry sail again",
        "May 3 ferries sail?",
        "will the mayor march for 3 miles",
        "what did Jan say",
        "the second sun may be the best",
        "the second half of the match",
        "the fall of the town",
        "2020 vision on flight 2019 to Oslo",
        "the vote of February 30, 2020",
        "it ends by September, in 2030 or in May 2031",
        "a week on the ferry",
        "version 7/3/2021 or 1.2020",
        "on Black Friday",
        "so far now",
    ],
)
def test_other_words_name_no_period(text: str) -> None:
    assert _period(text) is None


def test_without_a_year_the_newest_news_counts() -> None:
    newest = dt.date(2020, 10, 12)
    assert _period("in May", newest) == _days("2020-05-01", "2020-05-31")
    assert _period("in November", newest) == _days("2019-11-01", "2019-11-30")
    assert _period("last week", newest) == _days("2022-03-21", "2022-03-27")


def test_the_expression_is_given_as_written() -> None:
    found = find_named_period("Who resigned on the 3rd of May, 2021, or later?", THURSDAY)
    assert found is not None
    assert found.text == "on the 3rd of May, 2021"


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2020-11", "2020-11", "2020-11"),
        ("2020-11-30", "2020-11-30", "2020-11-30"),
        ("yesterday", "2022-03-30", "2022-03-30"),
        ("3 weeks", "2022-03-10", "2022-03-10"),
        ("3-weeks", "2022-03-10", "2022-03-10"),
        ("3 Weeks ago", "2022-03-10", "2022-03-10"),
        ("a month", "2022-02-28", "2022-02-28"),
        ("last-month", "2022-02-01", "2022-02-28"),
        ("last week", "2022-03-21", "2022-03-27"),
        ("monday", "2022-03-28", "2022-03-28"),
        ("May", "2021-05-01", "2021-05-31"),
        ("14 February", "2022-02-14", "2022-02-14"),
        ("May 2021", "2021-05-01", "2021-05-31"),
        ("soon", "", ""),
        ("3", "", ""),
        ("next week", "", ""),
        ("2021-02-30", "", ""),
        ("yesterday or so", "", ""),
    ],
)
def test_dates_of_filters(value: str, first: str, last: str) -> None:
    assert read_date(value, THURSDAY, last=False) == first
    assert read_date(value, THURSDAY, last=True) == last


def test_distances_count_from_the_nearer_end() -> None:
    week = _days("2022-03-21", "2022-03-27")
    days = ["2022-03-20", "2022-03-21", "2022-03-27", "2022-04-06"]
    ordinals = np.array([dt.date.fromisoformat(day).toordinal() for day in days], np.int32)
    assert week.days_from(ordinals).tolist() == [1, 0, 0, 10]


def test_periods_overlap_if_they_share_a_day() -> None:
    march = months(2022, 3)
    assert march.overlaps(_days("2022-03-31", "2022-04-02"))
    assert not march.overlaps(months(2022, 4))


_UNITS = st.sampled_from(["day", "week", "weekend", "month", "quarter", "year"])


@given(st.dates(), _UNITS)
def test_a_unit_begins_on_or_before_its_day(day: dt.date, unit: str) -> None:
    found = unit_of(day, unit)
    assert found.first <= day
    assert unit == "weekend" or day <= found.last
    assert unit_of(found.last, unit) == found or dt.date.max in {found.last, back(found.last, -7)}


@given(st.dates(), st.integers(0, 99_999), st.sampled_from(["day", "week", "month", "year"]))
def test_ago_is_never_later(day: dt.date, count: int, unit: str) -> None:
    assert dt.date.min <= ago(day, count, unit) <= day


_EXPRESSIONS = (
    "last week,this month,last year,yesterday,past month,today,9 years ago,in May,last spring,"
    "on Monday,since March,the last few weeks,last weekend,this quarter,29 February"
)


@given(st.sampled_from(_EXPRESSIONS.split(",")), st.dates())
def test_every_day_has_a_valid_period(words: str, asked: dt.date) -> None:
    found = find_named_period(f"news {words}", asked)
    assert found is None or found.period.first <= found.period.last
    assert found is None or found.period.first <= asked
