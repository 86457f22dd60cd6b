"""Misspelt and joined words, filters, framing, and questions for each article."""

import datetime as dt

import pytest

from index.analysis.spelling import nearest
from index.answers.pipeline import answer
from index.errors import QuestionError
from index.model import Answer, Article
from index.queries.parsing import parse_question
from index.retrieval.embedded.searcher import Searcher

_POST = [
    "The brewery SeaLine bought the lighthouse in Eldholm for nine million crowns.",
    "Keeper Ingrid Solberg has lived in the light house for thirty years.",
]
_WIRE = ["SeaLine says that the lighthouse will become a museum of shipwrecks."]


def _article(number: int, publisher: str, author: str, published: str, size: int) -> Article:
    url = f"https://example.org/{number}"
    title = f"Lighthouse {number}"
    return Article(str(number), title, publisher, author, published, url, False, size)  # noqa: FBT003 - no brief


@pytest.fixture(scope="module")
def searcher() -> Searcher:
    return Searcher.of(
        [
            (_article(0, "The Eldholm Post", "Kari Moen", "2021-03-04", 2), _POST),
            (_article(1, "northwire.example", "AFP, Bo Dahl", "2022-05", 1), _WIRE),
        ]
    )


def _ask(searcher: Searcher, question: str) -> Answer:
    return answer(searcher, question, top=3, asked_on=dt.date(2022, 6, 1))


@pytest.mark.parametrize(
    ("question", "typed", "meant"),
    [
        ("who bought the lihgthouse", "lihgthouse", "lighthouse"),
        ("who is Ingrid Solbrg", "Solbrg", "Solberg"),
        ("what about the shipwrecs museum", "shipwrecs", "shipwrecks"),
        ("what did ingridsolberg do", "ingridsolberg", "Ingrid Solberg"),
    ],
)
def test_a_misspelt_word_is_corrected(
    searcher: Searcher, question: str, typed: str, meant: str
) -> None:
    found = _ask(searcher, question)
    assert {word: to.lower() for word, to in found.corrected.items()} == {typed: meant.lower()}
    assert typed not in found.unmatched
    assert found.hits


def test_a_word_in_quotation_marks_is_not_corrected(searcher: Searcher) -> None:
    found = _ask(searcher, "who bought the “lihgthouse”")
    assert (found.corrected, found.unmatched) == ({}, ("lihgthouse",))


@pytest.mark.parametrize(
    ("question", "typed", "meant"),
    [
        ("Aasgard", "Aasgard", "Asgard"),
        ("Muellner", "Muellner", "mullner"),
        ("Darvano", "Darvano", "d'arvano"),
        ("Gröndal", "Gröndal", "groendal"),
        ("cooperage", "cooperage", "co operage"),
        ("21500 seals", "21500", "21 500"),
    ],
)
def test_a_word_is_found_with_other_letters_and_joints(
    question: str, typed: str, meant: str
) -> None:
    text = "Seals of Faroe, Åsgard, Müllner, Groendal, D'Arvano and a co operage has 21 500 seals."
    found = _ask(Searcher.of([(_article(0, "Post", "", "2021", 1), [text])]), question)
    assert {word: to.lower() for word, to in found.corrected.items()} == {typed: meant.lower()}
    assert found.answered


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The committee will reach Arvik.", "react"),
        ("The word of the keeper is final.", "world"),
        ("The price of beer rose.", "prime"),
        ("Two keepers were injured.", "insured"),
    ],
)
def test_an_english_word_is_not_taken_for_another(text: str, word: str) -> None:
    searcher = Searcher.of([(_article(0, "Post", "", "2021", 1), [text])])
    found = _ask(searcher, f"lighthouse keeper {word}")
    assert (found.corrected, word in found.unmatched) == ({}, True)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Who is SeaLine’s harpooner?", "harpooner"),
        ("the museum's walrus", "walrus"),
        ("lighthouses' walrus", "walrus"),
    ],
)
def test_a_possessive_hides_no_unknown_word(
    searcher: Searcher, question: str, unknown: str
) -> None:
    assert _ask(searcher, question).unmatched == (unknown,)


@pytest.mark.parametrize(
    "question",
    [
        "Lighthouse 1",
        "Moen on the lighthouse",
        "Northwire’s lighthouse",
        "who bought the lighthouse in March 2021",
        "Hi Zelda, who bought the lighthouse?",
        "Good morning dear all! Who bought the lighthouse, please Zelda?",
        "Who bought the lighthouse? Thanks Zelda!",
    ],
)
def test_words_of_headlines_outlets_authors_dates_and_greetings_are_known(
    searcher: Searcher, question: str
) -> None:
    found = _ask(searcher, question)
    assert found.unmatched == ()
    assert found.answered


@pytest.mark.parametrize("word", ["sue", "zebra", "12345", "museumgoers"])
def test_a_word_without_similar_ones_stays_unknown(searcher: Searcher, word: str) -> None:
    assert _ask(searcher, f"lighthouse {word}").unmatched == (word,)


def test_the_nearest_words_have_the_fewest_mistakes() -> None:
    assert nearest("minster", ["minister", "monster", "ministers"]) == ["minister", "monster"]
    assert nearest("abc", ["abd"]) == []


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("source:afp lighthouse", "1"),
        ("lighthouse source:“The Eldholm Post”", "0"),
        ("what does Northwire say about the lighthouse?", "1"),
        ("According to the Eldholm Post, what about the lighthouse?", "0"),
        ("lighthouse after:2022", "1"),
        ("lighthouse before:2021-12-31", "0"),
        ("lighthouse after:2021-03-04 before:2021-03-04", "0"),
        ("lighthouse source: AFP", "1"),
        ("who has the lighthouse after: 2022?", "1"),
    ],
)
def test_filters_by_source_and_date(searcher: Searcher, question: str, source: str) -> None:
    found = _ask(searcher, question)
    assert {hit.passage.article.id for hit in found.hits} == {source}
    assert found.unmatched == ()


@pytest.mark.parametrize("question", ["source:Nobody lighthouse", "lighthouse after:soon"])
def test_a_wrong_filter_is_reported(searcher: Searcher, question: str) -> None:
    with pytest.raises(QuestionError, match=r"source|date"):
        _ask(searcher, question)


@pytest.mark.parametrize(
    "question",
    [
        "lighthouse, the main source: beer or tolls?",
        "lighthouse before: the sale or the fire",
        "the lighthouse after: a museum?",
        "lighthouse source: “a keeper”",
    ],
)
def test_a_colon_before_no_name_and_no_date_is_punctuation(
    searcher: Searcher, question: str
) -> None:
    assert {hit.passage.article.id for hit in _ask(searcher, question).hits} == {"0", "1"}


@pytest.mark.parametrize(
    "question",
    [
        "What does each article say about the lighthouse?",
        "compare both outlets on the lighthouse",
        "which sources report on the lighthouse",
    ],
)
def test_each_article_gives_a_passage_if_that_is_asked(searcher: Searcher, question: str) -> None:
    found = _ask(searcher, question)
    assert {hit.passage.article.id for hit in found.hits} == {"0", "1"}
    assert len(found.hits) == 2
    assert found.unmatched == ()


_NAMES_OF_STOP_WORDS = [
    "The Them play at the harbour on Sunday.",
    "She told them the rest, and then some.",
    "Not Until We Were There is a film about keepers. It is long.",
    "Who will play there is not known.",
]


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("The Them", 1),
        ("When do The Them play?", 1),
        ("Who are The Them?", 1),
        ("Not Until We Were There", 3),
        ("“not until we were there”", 3),
        ("What is the film «not until we were there» about?", 3),
        ("and then some", 2),
    ],
)
def test_a_name_may_consist_of_stop_words(question: str, number: int) -> None:
    searcher = Searcher.of([(_article(0, "Post", "", "2021", 4), _NAMES_OF_STOP_WORDS)])
    found = _ask(searcher, question)
    assert (found.hits[0].passage.number, found.answered) == (number, True)
    assert found.unmatched == ()


@pytest.mark.parametrize("question", ["Who are you?", "what can you do", "is it", "What Is It"])
def test_stop_words_that_name_nothing_are_small_talk(question: str) -> None:
    searcher = Searcher.of([(_article(0, "Post", "", "2021", 4), _NAMES_OF_STOP_WORDS)])
    assert _ask(searcher, question).small_talk


def test_a_quoted_name_that_is_nowhere_is_told(searcher: Searcher) -> None:
    found = _ask(searcher, "Who plays “The Them” in the lighthouse?")
    assert "The Them" in found.unmatched


def test_framing_does_not_count(searcher: Searcher) -> None:
    plain = _ask(searcher, "lighthouse museum")
    framed = _ask(searcher, "yo, quick question please: anything on the lighthouse museum??")
    assert framed.hits == plain.hits
    assert framed.confidence == plain.confidence


def test_chatter_is_dropped_unless_the_coverage_contains_it(searcher: Searcher) -> None:
    plain = _ask(searcher, "who bought the lighthouse?")
    chatty = _ask(searcher, "hey bot, who bought the lighthouse? pls thx")
    assert chatty.unmatched == ()
    assert chatty.confidence == plain.confidence
    assert [hit.passage for hit in chatty.hits] == [hit.passage for hit in plain.hits]
    article = _article(0, "Post", "", "2021", 2)
    bots = Searcher.of([(article, ["The bot of the port answers.", "Ferries leave at noon."])])
    [hit, *_] = _ask(bots, "pls what does the bot do").hits
    assert hit.passage.number == 1


def test_the_article_nearest_to_the_day_wins_among_equals() -> None:
    text = "The ferry was late again on Monday, the port said."
    searcher = Searcher.of(
        (_article(at, "Post", "", published, 1), [text + " " * at])
        for at, published in enumerate(["2020-01-05", "2021-01-05", "2022-01-05"])
    )
    asked = dt.date(2021, 1, 6)
    found = answer(searcher, "was the ferry late", top=3, asked_on=asked)
    assert found.hits[0].passage.article.id == "1"


@pytest.mark.parametrize(
    ("question", "is_lookup"),
    [
        ("lighthouse museum", True),
        ("the keeper of the lighthouse", True),
        ("Who keeps the lighthouse?", False),
        ("lighthouse keeper museum brewery crowns", False),
    ],
)
def test_few_words_that_ask_nothing_are_a_lookup(
    searcher: Searcher, question: str, *, is_lookup: bool
) -> None:
    assert parse_question(searcher, question, dt.date(2022, 6, 1)).is_lookup == is_lookup


@pytest.mark.parametrize(
    ("question", "is_readable"), [("The Them", False), ("маяк", False), ("lighthouse", True)]
)
def test_readers_are_not_asked_what_they_cannot_read(question: str, *, is_readable: bool) -> None:
    searcher = Searcher.of([(_article(0, "Post", "", "2021", 4), _NAMES_OF_STOP_WORDS)])
    assert parse_question(searcher, question, dt.date(2022, 6, 1)).is_readable == is_readable


def test_readers_read_the_corrected_question(searcher: Searcher) -> None:
    query = parse_question(searcher, "Who bought the lihgthouse?", dt.date(2022, 6, 1))
    assert query.to_read == "Who bought the lighthouse?"
