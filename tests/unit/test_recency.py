"""The newest first: where it is asked for, and of figures that were overtaken."""

import datetime as dt

import pytest

from bot import phrases
from bot.cli import records
from fakes.reader import FakeReader
from index.answers.pipeline import answer
from index.model import Answer, Article
from index.retrieval.embedded.searcher import Searcher

_ASKED = dt.date(2022, 6, 1)
_STORM = [
    ("2022-03-01", "Storm Inga hits Eldholm", "Storm Inga has left 40 homes without power."),
    ("2022-03-05", "Eldholm after storm Inga", "After storm Inga, 15 homes are without power."),
    ("2022-03-09", "Storm Inga: a look back", "The mayor thanked all who helped after storm Inga."),
    ("2021-01-02", "Storm Bert hits Moss", "Storm Bert has left 7 schools without power."),
]


def _searcher(*articles: tuple[str, str, str]) -> Searcher:
    return Searcher.of(
        (Article(day, title, "Post", "", day, "", brief=False, paragraphs=1), [text])
        for day, title, text in articles
    )


def _ask(question: str, *, asked_on: dt.date = _ASKED, top: int = 4) -> Answer:
    return answer(_searcher(*_STORM), question, top=top, asked_on=asked_on)


def _days(found: Answer) -> list[str]:
    return [hit.passage.article.published for hit in found.hits]


def _overtaken(found: Answer) -> list[str]:
    return [hit.passage.article.published for hit in found.hits if hit.overtaken]


@pytest.mark.parametrize(
    "question",
    [
        "How many homes are without power after storm Inga?",
        "how many homes are without power now after storm Inga",
    ],
)
def test_the_newer_figure_comes_first(question: str) -> None:
    found = _ask(question)
    assert _days(found)[0] == "2022-03-05"
    assert _overtaken(found) == ["2022-03-01"]


def test_an_overtaken_figure_is_shown_as_such() -> None:
    found = _ask("How many homes are without power after storm Inga?")
    newest, older, *_ = map(phrases.citation, found.hits)
    assert newest == "Post · 5 March 2022 · paragraph 1 of 1"
    assert older == "Post · earlier report, 1 March 2022 · paragraph 1 of 1"
    passages = records.answer_record(found)["passages"]
    assert [passage["overtaken"] for passage in passages[:2]] == [False, True]


def test_of_a_named_time_no_figure_is_overtaken() -> None:
    found = _ask("How many homes were without power on 1 March 2022 after storm Inga?")
    assert _days(found)[0] == "2022-03-01"
    assert _overtaken(found) == []


def test_figures_at_first_are_not_overtaken() -> None:
    assert _overtaken(_ask("How many homes were without power at first after storm Inga?")) == []


def test_news_after_the_day_overtakes_nothing() -> None:
    found = _ask("How many homes has storm Inga left without power?", asked_on=dt.date(2022, 3, 2))
    assert _days(found)[0] == "2022-03-01"
    assert _overtaken(found) == []


def test_the_same_figure_overtakes_nothing() -> None:
    again = (
        "2022-03-07",
        "Storm Inga: no change",
        "Storm Inga has still left 40 homes in the dark.",
    )
    found = answer(
        _searcher(_STORM[0], again), "How many homes did storm Inga leave", top=2, asked_on=_ASKED
    )
    assert len(found.hits) == 2
    assert _overtaken(found) == []


def test_another_story_overtakes_nothing() -> None:
    fire = ("2022-05-01", "Fire in Moss", "A blaze in the port has cost 9 people their homes.")
    flood = ("2022-04-01", "Eldholm under water", "The flood has cost 30 people their homes.")
    found = answer(
        _searcher(fire, flood), "How many people lost their homes?", top=2, asked_on=_ASKED
    )
    assert len(found.hits) == 2
    assert _overtaken(found) == []


def test_what_the_reader_finds_as_good_may_overtake() -> None:
    closing = [
        ("2022-01-10", "Brewery Dahl to close", "The brewery Dahl closes in May, its owner said."),
        ("2022-02-10", "Brewery Dahl gets more time", "Work is to go on until August, said Dahl."),
        ("2022-03-10", "Dahl fined", "A court fined Dahl in April for dirty water."),
    ]
    logits = {closing[0][2]: 4.0, closing[1][2]: 2.5, closing[2][2]: -5.0}
    reader = FakeReader(lambda passage: logits.get(passage, -9.0))
    found = answer(
        _searcher(*closing, *_STORM),
        "When does the brewery Dahl close?",
        top=3,
        asked_on=_ASKED,
        readers=[reader],
    )
    assert _days(found) == ["2022-02-10", "2022-01-10", "2022-03-10"]
    assert _overtaken(found) == ["2022-01-10"]


@pytest.mark.parametrize("question", ["latest on storm Inga", "any updates on storm Inga?"])
def test_the_latest_on_a_topic(question: str) -> None:
    found = _ask(question)
    assert found.answered
    assert found.unmatched == ()
    assert _days(found)[:3] == ["2022-03-09", "2022-03-05", "2022-03-01"]
    assert found.passages_read == 0


def test_who_holds_an_office_now() -> None:
    mayors = [
        ("2022-01-10", "Ada Berg is mayor of Moss", "The mayor of Moss is Ada Berg."),
        ("2022-04-10", "Bo Lund is mayor of Moss", "The new mayor of the town of Moss is Bo Lund."),
    ]
    found = answer(
        _searcher(*mayors, *_STORM), "Who is the mayor of Moss now?", top=2, asked_on=_ASKED
    )
    assert _days(found) == ["2022-04-10", "2022-01-10"]
    assert _overtaken(found) == []
