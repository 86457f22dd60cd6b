"""Follow-up questions, and the search that results from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model import Article
from index.queries.answer_kinds import expected_kind
from index.queries.follow_up import resolve_follow_up
from index.queries.query import MAX_CHARS
from index.retrieval.embedded.searcher import Searcher

_CLOSING = "Who ordered the closing of the lighthouse in Eldholm?"
_KEEPERS = "How many keepers does the lighthouse have?"


def _article(number: int, publisher: str, author: str) -> tuple[Article, list[str]]:
    url = f"https://example.org/{number}"
    about = Article(str(number), "Lighthouse", publisher, author, "2021-03", url, False, 1)  # noqa: FBT003 - no brief
    return about, ["The lighthouse has two keepers."]


_SEARCHER = Searcher.of(
    [_article(1, "Eldholm Post", "Kari Moen"), _article(2, "northwire.example", "AFP")]
)


ASKING = [
    ("and when?", "and when"),
    ("why?", "why"),
    ("How many?", "How many"),
    ("since when?", "since when"),
    ("by whom", "by whom"),
    ("how long?", "how long"),
    ("and who else?", "and who else"),
    ("which judge?", "which judge"),
    ("what year?", "what year"),
    ("AND WHEN?", "AND WHEN"),
    ("ok thanks, and when?", "and when"),
    ("can you tell me why?", "why"),
    ("and\nwhen ?", "and when"),
    ("what did he say then?", "what did he say then"),
    ("where is it stored?", "where is it stored"),
    ("is it true?", "is it true"),
    ("did SeaLine buy it?", "did SeaLine buy it"),
    ("Was it legal?", "Was it legal"),
    ("why is that?", "why is that"),
    ("who said that?", "who said that"),
    ("what happened next?", "what happened next"),
    ("so who appealed?", "so who appealed"),
    ("and what did Solberg say?", "and what did Solberg say"),
]


@pytest.mark.parametrize(("question", "asked"), ASKING)
def test_a_new_question_takes_the_subject(question: str, asked: str) -> None:
    searched = resolve_follow_up(_SEARCHER, question, _CLOSING)
    assert searched == f"{asked}: ordered the closing of the lighthouse in Eldholm"
    for before in (_CLOSING, _KEEPERS, "When was the number of keepers cut?"):
        searched = resolve_follow_up(_SEARCHER, question, before)
        assert expected_kind(searched) == expected_kind(asked)


ADDING = [
    "what about the museum?",
    "How about SeaLine?",
    "and in October?",
    "in October?",
    "and the keepers of Northwick?",
    "and then?",
    "but not her lawyers?",
]


@pytest.mark.parametrize("question", ADDING)
def test_an_addition_is_appended_to_the_previous_question(question: str) -> None:
    added = question[0].lower() + question[1:]
    searched = resolve_follow_up(_SEARCHER, question, _KEEPERS)
    assert searched == f"How many keepers does the lighthouse have, {added}"
    assert expected_kind(searched) == expected_kind(_KEEPERS)


COMPLETE = [
    "",
    "?",
    "hello",
    "thanks",
    "no",
    "so?",
    "How are you?",
    "who are you?",
    "what's up?",
    "what can you do?",
    "What is SeaLine?",
    "and what is SeaLine?",
    "so who is the captain of SeaLine?",
    "and who bought the lighthouse?",
    "Who bought the lighthouse?",
    "And how many ships does SeaLine have?",
    "Is it true that SeaLine buys the lighthouse?",
    "Is it legal to fish?",
    "How long does it take to rebuild?",
    "Did Solberg say he resigned?",
    "Who said that SeaLine sinks?",
    "What happened this week?",
    "Is there a museum?",
    "how to vote",
    "IT spending",
    "What did WHO say?",
    "lighthouse keepers",
    "what did the judge decide about the lighthouse then?",
    "what does AFP say about ferries?",
    "and what does AFP say about ferries?",
    "source:AFP about ferries",
    "what does each article say about ferries?",
    "after:2021 ferries sold",
    "source:Nobody why?",
    "after:soon why?",
]


@pytest.mark.parametrize("question", COMPLETE)
def test_a_complete_question_is_unchanged(question: str) -> None:
    assert resolve_follow_up(_SEARCHER, question, _CLOSING) == question


@pytest.mark.parametrize("before", [None, "", "why?", "?!"])
def test_without_a_subject_before_nothing_is_added(before: str | None) -> None:
    assert resolve_follow_up(_SEARCHER, "and when?", before) == "and when?"
    assert resolve_follow_up(_SEARCHER, "and in October?", before) == "and in October?"


FILTERS = [
    ("and when?", "who fled? after:2021-02", "and when: fled after:2021-02"),
    ("and when? after:2022", "who fled? after:2021-02", "and when: fled after:2022"),
    ("and when? before:2022", "who fled? after:2021", "and when: fled after:2021 before:2022"),
    ("why?", "what does the Eldholm Post say of ships?", 'why: ships source:"Eldholm Post"'),
    ("source:AFP", "who fled? before:2022", "who fled? source:AFP before:2022"),
    ("and what does AFP say?", "who fled?", "who fled? source:AFP"),
    ("and according to AFP, why?", "who fled?", "and, why: fled source:AFP"),
    ("what does AFP say about it?", "who fled?", "who fled? source:AFP"),
    ("why?", "who fled? source:Gone", "why: fled source:Gone"),
    ("who bought the ship?", "who fled? source:AFP", "who bought the ship?"),
]


@pytest.mark.parametrize(("question", "before", "searched"), FILTERS)
def test_the_previous_filter_stays_unless_the_question_sets_its_own(
    question: str, before: str, searched: str
) -> None:
    assert resolve_follow_up(_SEARCHER, question, before) == searched


def test_a_chain_keeps_the_subject_and_does_not_grow() -> None:
    before = _KEEPERS
    for question in [
        "and when?",
        "and why?",
        "how many keepers?",
        "how many keepers?",
        "and when?",
    ]:
        before = resolve_follow_up(_SEARCHER, question, before)
    assert before == "and when: keepers lighthouse"


_WORDS = """
    and why When it that there what about how many is he Solberg lighthouse ships U.S. to AND ? : ,
    source:AFP source:"Eldholm Post" after:2021 after:x naïve
"""
_word = st.sampled_from([*_WORDS.split(), "\n", "\u200b", "\ud800", "a" * 700])
_text = st.one_of(st.lists(_word, max_size=12).map(" ".join), st.text(max_size=80))


@given(question=_text, before=st.none() | _text)
def test_the_combination_is_short_and_printable(question: str, before: str | None) -> None:
    searched = resolve_follow_up(_SEARCHER, question, before)
    assert len(searched) <= max(MAX_CHARS, len(question))
    assert searched == question or searched.isprintable()


@given(st.lists(_text, max_size=12))
def test_a_chain_stays_within_the_longest_question(questions: list[str]) -> None:
    before = "Who sold the lighthouse? " + "ships " * 320
    for question in questions:
        before = resolve_follow_up(_SEARCHER, question, before)
        assert len(before) <= max(MAX_CHARS, *map(len, questions))


@given(before=_text, words=st.permutations(["SeaLine", "bought", "lighthouse", "Eldholm", "it"]))
def test_a_question_with_many_content_words_is_complete(before: str, words: list[str]) -> None:
    question = " ".join(words)
    assert resolve_follow_up(_SEARCHER, question, before) == question
