"""From questions to passages, on a small coverage."""

import re
from pathlib import Path

import pytest

import index
from index.answers import pipeline
from index.answers.pipeline import answer
from index.errors import QuestionError
from index.model import Answer, Article
from index.retrieval.embedded.searcher import Searcher

_HARBOUR = [
    "The port of Eldholm will close its old ferry terminal in March, the mayor said.",
    "Rebuilding costs 40 million crowns. The state pays half of that, and the port the rest.",
    "A spokesman for SeaLine, the ferry company, called the plan a mistake.",
    "Fishermen may go on using the eastern quay.",
]
_ELECTION = [
    "Mayor Ingrid Solberg wants a third term in Eldholm.",
    "Her rival Tor Vik says that he would keep the ferry terminal open.",
]


def _searcher(*articles: list[str]) -> Searcher:
    return Searcher.of(
        (
            Article(
                f"a{at}",
                "",
                "Paper",
                "",
                "",
                f"https://example.org/{at}",
                brief=False,
                paragraphs=len(texts),
            ),
            texts,
        )
        for at, texts in enumerate(articles)
    )


def _ask(question: str, *articles: list[str], top: int = 3) -> Answer:
    return answer(_searcher(*(articles or (_HARBOUR, _ELECTION))), question, top=top)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How much does rebuilding cost?", "Rebuilding costs 40 million crowns."),
        ("what does sea line call the plan", _HARBOUR[2]),
        ("When does the ferry terminal close?", _HARBOUR[0]),
        ("who wants a 3rd or third term", _ELECTION[0]),
        ("WHO MAY USE THE EASTERN QUAY", _HARBOUR[3]),
    ],
)
def test_the_answering_sentence_is_highlighted(question: str, sentence: str) -> None:
    assert _ask(question).hits[0].sentence == sentence


def test_a_hit_cites_its_article_and_paragraph() -> None:
    hit = _ask("How much does rebuilding cost?").hits[0]
    assert (hit.passage.article.id, hit.passage.number) == ("a0", 2)
    assert hit.passage.article.paragraphs == 4
    assert hit.link == ("https://example.org/0#:~:text=Rebuilding%20costs%2040%20million%20crowns")


def test_both_articles_are_quoted_if_both_match() -> None:
    ids = {hit.passage.article.id for hit in _ask("What about the ferry terminal?").hits}
    assert ids == {"a0", "a1"}


def test_a_question_outside_the_coverage_is_not_answered() -> None:
    found = _ask("How many penguins live in the zoo of Eldholm?")
    assert not found.answered
    assert found.unmatched == ("penguins", "live", "zoo")
    assert found.hits  # the closest passages, as such


def test_unknown_words_find_nothing() -> None:
    found = _ask("quantum chromodynamics")
    assert (found.answered, found.confidence, found.hits) == (False, 0.0, ())


@pytest.mark.parametrize("question", ["hello", "Hi there!", "thank you", "good morning", "ok"])
def test_small_talk_gets_no_passages(question: str) -> None:
    found = _ask(question, ["Good morning, said the mayor. Thank you, hello, ok."])
    assert found.small_talk
    assert not found.answered
    assert found.hits == ()


@pytest.mark.parametrize("question", ["", "   ", "?!", "\u200b", "🙂", "x" * 2_001])
def test_a_question_that_cannot_be_searched_for_is_refused_in_one_line(question: str) -> None:
    with pytest.raises(QuestionError, match="The question has") as refusal:
        _ask(question)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_a_coverage_of_a_few_paragraphs_works(size: int) -> None:
    found = _ask("ferry terminal in Eldholm", _HARBOUR[:size])
    assert len(found.hits) == min(size, 1) + (size == 3)
    assert found.answered == (size > 0)
    assert all(hit.passage.text in _HARBOUR for hit in found.hits)


def test_a_repeated_text_is_quoted_once() -> None:
    found = _ask("ferry terminal", _HARBOUR, _HARBOUR)
    assert len({hit.passage.text for hit in found.hits}) == len(found.hits) == 2


def test_the_same_question_gets_the_same_answer() -> None:
    first, second = (_ask("the plan of the port and the mayor") for _ in range(2))
    assert first.hits == second.hits


def test_every_stage_has_the_module_that_the_docstring_names() -> None:
    modules = re.findall(r"[\w/]+\.py", pipeline.__doc__ or "")
    assert len(modules) > 8
    assert all(Path(index.__path__[0], module).is_file() for module in modules)
