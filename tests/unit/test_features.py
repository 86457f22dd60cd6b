"""The features of passages and sentences, one at a time; kinds of answers; outcomes."""

import datetime as dt

import numpy as np
import pytest

from index.answers.config import AnswerConfig
from index.answers.features import Features
from index.answers.highlight import SentenceFeatures, sentence_features
from index.answers.matches import Matches
from index.answers.pipeline import answer, rank
from index.model import Article, Outcome
from index.queries.answer_kinds import AnswerKind, contains_kind, expected_kind
from index.queries.parsing import parse_question
from index.queries.query import Query
from index.retrieval.embedded.searcher import Searcher

TODAY = dt.date(2022, 6, 1)


def _searcher(*articles: tuple[str, str, list[str]]) -> Searcher:
    return Searcher.of(
        (
            Article(str(at), title, "Post", "", published, "", brief=False, paragraphs=len(texts)),
            texts,
        )
        for at, (title, published, texts) in enumerate(articles)
    )


_PORT = _searcher(
    (
        "Ferry company SeaLine leaves the port",
        "2022-05-30",
        [
            "A ferry company leaves Eldholm. The port loses a quarter of its income.",
            "The mayor regrets it. He was told on a Sunday.",
            "SeaLine, founded in 1921, is the company that has sailed the longest.",
        ],
    ),
    ("Brewery opens", "2022-05-30", ["The brewery in Eldholm opens in June, says its owner."]),
    ("School closes", "2022-05-30", ["A school in the hills has no pupils left and closes."]),
)


def _features(question: str, position: int) -> Features:
    key = [(0, 1), (0, 2), (0, 3), (1, 1), (2, 1)][position]
    found = rank(_PORT, parse_question(_PORT, question, TODAY))
    return next(one.features for one in found if (one.article, one.number) == key)


def _sentence_features(searcher: Searcher, query: Query, position: int) -> list[SentenceFeatures]:
    positions = np.array([position], np.int32)
    features = sentence_features(
        query,
        Matches(query, searcher.candidates(positions, np.zeros(1), np.zeros(len(searcher.order)))),
    )
    return [SentenceFeatures(*row) for row in features.tolist()]


def test_terms_that_headlines_add_favour_a_passage() -> None:
    question = "Which company leaves Eldholm?"
    assert _features(question, 2).news > 0.1 > _features(question, 3).news


def test_focus_is_on_the_sentence_that_asks() -> None:
    question = "The port of Eldholm loses a ferry. When was the company founded?"
    assert _features(question, 2).focus == 1
    assert _features(question, 2).coverage < 1


def test_adjacent_terms_in_order_and_early_paragraphs_count() -> None:
    assert _features("ferry company", 0).order > 0
    assert _features("company ferry", 0).order == 0
    assert (_features("ferry company", 0).early, _features("ferry company", 2).early) == (1, 1 / 3)


def test_an_answer_of_the_expected_kind_counts_in_the_answering_sentence() -> None:
    assert _features("When was SeaLine founded?", 2).kind == 1
    assert _features("When does the ferry company leave?", 0).kind == 0


def test_terms_of_the_previous_sentence_count() -> None:
    query = parse_question(_PORT, "When was the mayor told?", TODAY)
    first, second = _sentence_features(_PORT, query, 1)
    assert first.before == 0 < second.before
    [found] = [one for one in rank(_PORT, query) if one.number == 2]
    assert found.sentence.of(found.text) == "He was told on a Sunday."


def test_a_term_in_every_sentence_favours_none() -> None:
    texts = ["The ferry is old. The ferry sails at noon."]
    searcher = _searcher(("", "", texts), ("", "", ["Another thing."]), ("", "", ["A third one."]))
    query = parse_question(searcher, "when is the ferry old", TODAY)
    old, noon = _sentence_features(searcher, query, 0)
    assert old.distinct - noon.distinct > old.coverage - noon.coverage


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many ferries sail?", AnswerKind.NUMBER),
        ("How much did the port pay for it?", AnswerKind.MONEY),
        ("what does a ticket cost", AnswerKind.MONEY),
        ("What share of voters came?", AnswerKind.SHARE),
        ("when did it close", AnswerKind.DATE),
        ("When the port closed, who lost his job?", AnswerKind.NAME),
        ("Which Nordic country joined?", AnswerKind.COUNTRY),
        ("in what US state is it", AnswerKind.STATE),
        ("Which head of state came?", None),
        ("What did the mayor say about it?", AnswerKind.QUOTE),
        ("Who is the mayor?", AnswerKind.NAME),
        ("ferry terminal", None),
    ],
)
def test_the_kind_that_a_question_expects(question: str, kind: AnswerKind | None) -> None:
    assert expected_kind(question) is kind


@pytest.mark.parametrize(
    ("kind", "text", "answers"),
    [
        (AnswerKind.COUNTRY, "It was built in Norway.", True),
        (AnswerKind.COUNTRY, "It was built in Eldholm.", False),
        (AnswerKind.MONEY, "It cost $4.5 billion.", True),
        (AnswerKind.MONEY, "It cost 300 crowns.", True),
        (AnswerKind.MONEY, "It took 300 days.", False),
        (AnswerKind.SHARE, "Some 40% came.", True),
        (AnswerKind.QUOTE, "“A mistake”, said the mayor.", True),
        (AnswerKind.DATE, "It closed in May.", True),
    ],
)
def test_texts_that_contain_an_answer_of_a_kind(kind: AnswerKind, text: str, answers: bool) -> None:  # noqa: FBT001 - an expectation
    assert contains_kind(kind, text, "the question") is answers


_SAME = "The ferry to Eldholm is late again, and the mayor is angry about it."
_OLD_AND_NEW = _searcher(
    ("", "2019-03", [_SAME + " Once more."]), ("", "2022-05", [_SAME + " Yes."])
)


def test_freshness_decides_between_equal_passages() -> None:
    def first(freshness: float, question: str) -> str:
        config = AnswerConfig(freshness=freshness)
        found = answer(_OLD_AND_NEW, question, top=2, config=config, asked_on=TODAY)
        return found.hits[0].passage.article.published

    assert first(1.3, "is the ferry late") == "2022-05"
    assert first(0, "is the ferry late") == "2019-03"
    assert first(1.3, "was the ferry late in 2019") == "2019-03"
    assert first(1.3, "was the ferry late last month") == "2022-05"


def test_the_newer_of_two_old_articles_is_preferred() -> None:
    found = answer(_OLD_AND_NEW, "is the ferry late", top=2, asked_on=dt.date(2040, 1, 1))
    assert found.hits[0].passage.article.published == "2022-05"


def test_three_outcomes() -> None:
    sure = answer(_PORT, "Which ferry company leaves the port?", top=3)
    assert (sure.outcome, sure.shown) == (Outcome.ANSWERED, sure.hits)
    no = answer(_PORT, "Who won the chess tournament in Eldholm?", top=3)
    assert (no.outcome, no.shown) == (Outcome.ABSENT, ())
    assert no.hits
    config = AnswerConfig(threshold=min(1.0, sure.confidence * 1.5))
    close = answer(_PORT, "Which ferry company leaves the port?", top=3, config=config)
    assert (close.outcome, close.shown) == (Outcome.CLOSE, close.hits)


def test_similar_words_are_suggested_for_an_unknown_one() -> None:
    found = answer(_PORT, "who ownz the bruwary", top=3)
    assert found.suggested == {"bruwary": ("brewery",)}
    assert "bruwary" in found.unmatched
