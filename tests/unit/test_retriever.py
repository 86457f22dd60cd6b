"""The contract of the seam `Retriever`, which every implementation passes."""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.retriever import PlainRetriever
from index import MEMORY, SAMPLE, Source, open_engine
from index.analysis.languages import LANGUAGES
from index.analysis.lexicon import stop_word_id
from index.analysis.sentences import split_sentences
from index.analysis.vocabulary import UNKNOWN
from index.answers.pipeline import answer
from index.dates import first_day
from index.indexing import building, diff
from index.model import Answer, Article, Passage, Span
from index.periods.period import months
from index.retrieval.embedded.searcher import Searcher
from index.retrieval.filters import Filter
from index.retrieval.retriever import Candidates, Retriever
from random_coverage import TODAY, WORDS, Story, indexed, story

SAMPLE_QUESTIONS = Path(__file__).parent.parent / "questions" / "two_articles.jsonl"

Coverage = list[tuple[Article, list[str]]]


@dataclass(frozen=True)
class _Story(Story):
    author: str = ""
    url: str = ""


# Has an id twice, a text twice, articles without a date or publisher, paragraphs that share words
# with their headline only, names that are written in several ways, and no one length.
ARCHIVES = {
    "one": {
        "ferry": _Story(
            "Eldholm ferry closes",
            "Eldholm Post",
            "2021-03-04",
            "The ferry of Eldholm closes on Sunday. The harbour is too shallow, the mayor said.\n"
            "It leaves at noon until then.\n"
            "Ada Berg has run the Ferry since 1998.",
            "Ada Berg",
            "https://post.example/ferry",
        ),
        "a": _Story(
            "MAYOR RESIGNS OVER FERRY",
            "AFP",
            "2021-03-08",
            "The mayor resigns. She paid $1.5 million to the U.S. bank, says Ada Berg.\n"
            "Two storms hit the harbour in 2020.",
        ),
        "brief": _Story("", "", "", "The bakery sells rye bread.\nSo."),
    },
    "other": {
        "a": _Story(
            "Storm over the United States of America",
            "www.post-news.com",
            "2020",
            "A storm hits the harbour. US banks are closed, 40% of them for good.\n"
            "It leaves at noon until then.\n"
            "Beyoncé sings at the harbour bakery; the bakery is closed, the ferry is not.",
            "Bo Lund, Ada Berg",
        ),
        "long": _Story(
            "Epic Games sues", "AFP", "2020-11", "\n".join(WORDS) + "\nEpic Games sues."
        ),
    },
}
OLDER = {
    "one": {"gone": Story("Ferry", "Gone Times", "1999", "The ferry sinks."), **ARCHIVES["one"]},
    "other": {"long": Story("Epic ferry", "AFP", "2020-11", "It was built in Eldholm.")},
}


def coverage_of(stories: Iterable[tuple[str, Story]]) -> Coverage:
    """Stories, with their ids, as indexed articles and their paragraphs."""
    return [
        (
            Article(
                key,
                one.title,
                one.publisher,
                getattr(one, "author", ""),
                one.published,
                getattr(one, "url", ""),
                brief=False,
                paragraphs=len(texts := one.text.split("\n")),
            ),
            texts,
        )
        for key, one in stories
    ]


COVERAGE = coverage_of(one for archive in ARCHIVES.values() for one in archive.items())
EXPECTED = PlainRetriever(COVERAGE)
ALL_WORDS = sorted({word for _, texts in COVERAGE for text in texts for word in text.split()})
FILTERS = [
    Filter(),
    Filter(sources=("afp",)),
    Filter(sources=("Ada Berg",)),
    Filter(after="2021"),
    Filter(before="2020-11", sources=("AFP",)),
    Filter(sources=("nobody",)),
]
QUERIES = [
    "ferry", "harbour storm", "noon", "the", "Eldholm mayor resigns ferry", "US bank", "epicgames",
    "closed bakery 40%", "Ada Berg 2020", "",
]  # fmt: skip
QUESTIONS = [
    "When does the ferry leave?",
    "Who resigns?",
    "What did AFP say about the mayor?",
    "What do banks in America do?",
    "What does each article say about the harbour?",
    "What about the harbuor and the bakerry?",
    "Who is epicgames?",
    "How much was paid after:2021-03-05?",
    "Where does the submarine dive?",
    "What happened in March 2021?",
    "What did the ferry do in March 2021?",
    "the latest on the harbour",
    "What’s new? source:AFP",
    "What happened in 1999?",
    "How much was paid by now?",
    "Hello!",
]


@pytest.fixture(params=["plain", "in memory", "from files", "with a delta"])
async def retriever(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Retriever]:
    """Each implementation over `COVERAGE`, the embedded one in each of its forms."""
    if request.param == "plain":
        yield EXPECTED
    elif request.param == "in memory":
        yield Searcher.of(COVERAGE)
    else:
        async with indexed() as made:
            if request.param == "with a delta":
                monkeypatch.setattr(building, "_LITTLE", 9.0)
                monkeypatch.setattr(diff, "_WORTH_KEEPING", 0.0)
                await made.put(OLDER)
                await made.searcher()
            await made.put(ARCHIVES)
            searcher = await made.searcher()
            assert (len(searcher.vocabularies) > 1) == (request.param == "with a delta")
            yield searcher


def ids(retriever: Retriever, text: str) -> list[int]:
    """The ids of the distinct terms of `text` that a retriever knows."""
    found = [retriever.find(term) for term in dict.fromkeys(retriever.analyzer.terms(text))]
    return [one for one in found if one != UNKNOWN]


def scored(retriever: Retriever, candidates: Candidates) -> dict[tuple[str, str, int], float]:
    """The score of each candidate, by its article's title and date and its number."""
    keys = candidates.keys()
    articles = retriever.articles_at([at for at, _ in keys])
    return {
        (f"{one.title} {one.id}", one.published, number): score
        for one, (_, number), score in zip(articles, keys, candidates.scores.tolist(), strict=True)
    }


def assert_same_candidates(
    one: Retriever, other: Retriever, query: str, wanted: Filter, k: int
) -> None:
    """Both find the same, with the same scores; among equals of the last, the choice is free."""
    found, expected = (
        scored(each, each.retrieve(ids(each, query), wanted, k)) for each in (one, other)
    )
    assert [*found.values()] == pytest.approx([*expected.values()], abs=1e-9)
    last = min(expected.values(), default=0.0)
    for hits, others in ((found, expected), (expected, found)):
        for key, score in hits.items():
            if score > last + 1e-9 or len(hits) < k:
                assert others[key] == pytest.approx(score, abs=1e-9)


async def test_candidates_and_their_scores(retriever: Retriever) -> None:
    for query, wanted, k in product(QUERIES, FILTERS, (1, 3, 100)):
        assert_same_candidates(retriever, EXPECTED, query, wanted, k)
        found = retriever.retrieve(ids(retriever, query), wanted, k)
        for about in retriever.articles_at(found.articles.tolist()):
            assert wanted.admits_source(about.publisher, about.author)
            assert wanted.admits_date(about.published)


async def test_other_passages_follow_until_there_are_enough(retriever: Retriever) -> None:
    assert retriever.size == sum(len(texts) for _, texts in COVERAGE)
    for query, wanted, k in product(QUERIES, FILTERS, (1, 100)):
        term_ids = ids(retriever, query)
        matches = retriever.retrieve(term_ids, wanted, k)
        everything = [text for article, texts in COVERAGE for text in texts
                      if wanted.admits_source(article.publisher, article.author)
                      and wanted.admits_date(article.published)]  # fmt: skip
        for at_least in (0, 1, 4, retriever.size, retriever.size + 1):
            found = retriever.retrieve(term_ids, wanted, k, at_least=at_least)
            size = len(matches)
            assert len(found) == max(size, min(at_least, len(everything)))
            assert len({*found.keys()}) == len(found)
            assert found.keys()[:size] == matches.keys()
            assert found.scores.tolist() == [*matches.scores.tolist(), *[0.0] * (len(found) - size)]
            order = found.source_order[size:].tolist()
            assert order == sorted(order)
            for about in retriever.articles_at(found.articles.tolist()):
                assert wanted.admits_source(about.publisher, about.author)
                assert wanted.admits_date(about.published)
            texts = retriever.texts(found.keys())
            if at_least >= retriever.size:
                assert sorted(texts) == sorted(everything)
            else:  # those of the first sources
                others = [*everything]
                for text in texts[:size]:
                    others.remove(text)
                assert texts[size:] == others[: len(texts) - size]


async def test_other_passages_are_described_in_full(retriever: Retriever) -> None:
    for query in ("ferry", "noon", ""):
        found = retriever.retrieve(ids(retriever, query), Filter(), 100, at_least=retriever.size)
        expected = EXPECTED.retrieve(ids(EXPECTED, query), Filter(), 100, at_least=retriever.size)
        assert scored(retriever, found) == pytest.approx(scored(EXPECTED, expected), abs=1e-9)
        assert article_scores_of(retriever, found) == pytest.approx(
            article_scores_of(EXPECTED, expected), abs=1e-9
        )
        sentences = np.diff(found.passages.texts).tolist()
        texts = retriever.texts(found.keys())
        assert sentences == [len(split_sentences(text)) or 1 for text in texts]


async def test_the_newest_passages(retriever: Retriever) -> None:
    assert retriever.published == EXPECTED.published
    for wanted, k in product(FILTERS, (1, 3, 100)):
        found, expected = (one.newest(wanted, k) for one in (retriever, EXPECTED))
        assert retriever.texts(found.keys()) == EXPECTED.texts(expected.keys())
        assert scored(retriever, found) == scored(EXPECTED, expected)
    newest = retriever.newest(Filter(), 5)
    keys = newest.keys()
    days = [one.published for one in retriever.articles_at([at for at, _ in keys])]
    assert days == ["2021-03-08", "2021-03-04", "2020-11", "2020", ""]
    assert newest.numbers.tolist() == [1] * 5


async def test_the_rarity_of_news_of_a_period(retriever: Retriever) -> None:
    march = months(2021, 3)
    assert retriever.period_idf(march) == pytest.approx(EXPECTED.period_idf(march), abs=1e-12)
    assert retriever.period_idf(march) < retriever.period_idf(months(1999, 1))


@given(
    stories=st.lists(story, max_size=6),
    query=st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join),
    wanted=st.sampled_from([Filter(), Filter(sources=("AFP",)), Filter(after="2021")]),
    k=st.integers(1, 12),
)
def test_candidates_in_any_coverage(
    stories: list[Story], query: str, wanted: Filter, k: int
) -> None:
    coverage = coverage_of((str(at), one) for at, one in enumerate(stories))
    assert_same_candidates(Searcher.of(coverage), PlainRetriever(coverage), query, wanted, k)


async def test_passages_with_stop_words_in_a_row_follow(retriever: Retriever) -> None:
    is_too = [stop_word_id("is"), stop_word_id("too")]
    of_them = [stop_word_id("of"), stop_word_id("them")]
    assert retriever.holds_run(of_them)
    assert not retriever.holds_run([*of_them, stop_word_id("is")])
    for query, wanted, k in product(("", "storm", "bank harbour"), FILTERS, (1, 5)):
        term_ids, expected_ids = ids(retriever, query), ids(EXPECTED, query)
        found = retriever.retrieve(term_ids, wanted, k, runs=[is_too, of_them])
        expected = EXPECTED.retrieve(expected_ids, wanted, k, runs=[is_too, of_them])
        assert retriever.texts(found.keys()) == EXPECTED.texts(expected.keys())
    found = retriever.retrieve([], Filter(), 1, runs=[of_them])
    merged = found.merged({of_them[0]: [(tuple(of_them), -2)]})
    assert -2 in merged.passages.tokens
    assert -2 not in found.passages.tokens


async def test_candidates_are_described_in_full(retriever: Retriever) -> None:
    for query in QUERIES:
        assert_described_in_full(retriever, query)


def assert_described_in_full(retriever: Retriever, query: str) -> None:
    term_ids = ids(retriever, query)
    found = retriever.retrieve(term_ids, Filter(), 100)
    keys, scores, order = found.keys(), found.scores.tolist(), found.source_order.tolist()
    texts = retriever.texts(keys)
    assert (len(found), len({*keys})) == (len(keys), len(keys))
    ranks = [(-score, at) for score, at in zip(scores, order, strict=True)]
    assert ranks == sorted(ranks)
    in_sources = [text for _, text in sorted(zip(order, texts, strict=True))]
    assert in_sources == [text for _, some in COVERAGE for text in some if text in texts]
    articles = found.articles.tolist()
    assert articles == sorted({at for at, _ in keys})
    assert [articles[at] for at in found.article_of] == [at for at, _ in keys]
    assert [keys[at] for at in found.best_of] == [
        next(key for key in keys if key[0] == at) for at in articles
    ]
    about = retriever.articles_at(articles)
    days = [first_day(one.published).toordinal() if one.published else 0 for one in about]
    assert found.published_days.tolist() == days
    assert [LANGUAGES[at] for at in found.languages] == ["en"] * len(articles)
    for index, titles in ((found.passages, texts), (found.headlines, [one.title for one in about])):
        assert [
            [
                (Span(*span), index.tokens[start:end].tolist())
                for span, start, end in zip(
                    index.spans[first:after].tolist(),
                    index.sentences[first:after],
                    index.sentences[first + 1 : after + 1],
                    strict=True,
                )
            ]
            for first, after in zip(index.texts, index.texts[1:], strict=False)
        ] == [
            [
                (span, [*map(retriever.term_id, retriever.analyzer.tokens(span.of(text)))])
                for span in split_sentences(text) or [Span(0, len(text))]
            ]
            for text in titles
        ]
    for at in range(len(found)):
        assert {*term_ids} & {*found.passages.take(np.array([at])).tokens.tolist()}


async def test_article_scores(retriever: Retriever) -> None:
    for query in QUERIES:
        expected = article_scores(EXPECTED, query)
        assert article_scores(retriever, query) == pytest.approx(expected, abs=1e-9)


def article_scores(retriever: Retriever, query: str) -> dict[tuple[str, str], float]:
    return article_scores_of(retriever, retriever.retrieve(ids(retriever, query), Filter(), 100))


def article_scores_of(retriever: Retriever, found: Candidates) -> dict[tuple[str, str], float]:
    articles = retriever.articles_at(found.articles.tolist())
    scores = found.article_scores.tolist()
    return {(one.id, one.title): score for one, score in zip(articles, scores, strict=True)}


async def test_articles_and_passages_by_id_position_and_key(retriever: Retriever) -> None:
    for key in {article.id for article, _ in COVERAGE}:
        positions = retriever.positions_of(key)
        same_id = [(article, texts) for article, texts in COVERAGE if article.id == key]
        assert retriever.articles_at(positions) == [article for article, _ in same_id]
        for position, (article, texts) in zip(positions, same_id, strict=True):
            passages = [Passage(article, at, text) for at, text in enumerate(texts, start=1)]
            assert retriever.passages_in(position) == passages
            keys = [(position, at) for at in range(len(texts), 0, -1)]  # in any order
            assert retriever.texts(keys) == texts[::-1]
            before = ["\n".join(texts[: at - 1]) for _, at in keys]
            assert retriever.preceding_texts(keys) == before
    assert [*retriever.positions_of("gone")] == []
    assert retriever.texts([]) == retriever.preceding_texts([]) == []
    assert retriever.articles_at([]) == []


async def test_terms_and_their_statistics(retriever: Retriever) -> None:
    analyzer = retriever.analyzer
    texts = [text for article, some in COVERAGE for text in (article.title, *some)]
    terms = {term for text in texts for term in analyzer.terms(text)}
    numbers = {term: retriever.find(term) for term in terms}
    assert len({*numbers.values()} - {UNKNOWN}) == len(terms)
    expected = EXPECTED.relative_idf(np.array([*map(EXPECTED.find, terms)], np.int32))
    relative = retriever.relative_idf(np.array([*numbers.values()], np.int32))
    assert relative == pytest.approx(expected, abs=1e-12)
    for term in (*terms, "zeppelin"):
        assert retriever.frequency(term) == EXPECTED.frequency(term)
        assert retriever.occurs(term) == EXPECTED.occurs(term) == (term in terms)
        assert retriever.idf(term) == pytest.approx(EXPECTED.idf(term), abs=1e-12)
    assert retriever.find("zeppelin") == UNKNOWN
    the, ferry, zeppelin = analyzer.tokens("the ferry zeppelin")
    assert retriever.term_id(the) == stop_word_id("the")
    assert (retriever.term_id(ferry), retriever.term_id(zeppelin)) == (numbers["ferri"], UNKNOWN)
    assert retriever.sources.names == EXPECTED.sources.names


async def test_words_of_publishers_authors_and_dates(retriever: Retriever) -> None:
    for word in ("Eldholm", "post", "AFP's", "ADA", "lund", "2021", "2020", "March", "november"):
        assert word in retriever.metadata
    for word in ("ferry", "Pos", "04", "1999", "May", "Gone", "."):
        assert word not in retriever.metadata
    [post] = retriever.metadata_of(retriever.positions_of("ferry"))
    assert all(word in post for word in ("Eldholm", "berg", "March", "2021"))
    assert all(word not in post for word in ("AFP", "Lund", "2020"))


async def test_words_and_their_neighbours_in_the_alphabet(retriever: Retriever) -> None:
    for typed in (*map(str.lower, ALL_WORDS), "bakeri", "ferri", "zz", "é"):
        assert retriever.similar_words(typed) == EXPECTED.similar_words(typed)
        assert retriever.word_frequency(typed) == EXPECTED.word_frequency(typed)
        for word in retriever.similar_words(typed):
            token = retriever.surface_form(word)
            assert token.text.lower() == word
            assert token.term == EXPECTED.surface_form(word).term
    with pytest.raises(KeyError):
        retriever.surface_form("zeppelin")


async def test_passages_alike(retriever: Retriever) -> None:
    keys = retriever.retrieve([], Filter(), 100, at_least=retriever.size).keys()
    text_of = dict(zip(keys, retriever.texts(keys), strict=True))
    assert retriever.size == len(keys) > 20
    for key, text in text_of.items():
        alike = retriever.alike(key)
        assert len({*alike}) == len(alike)
        assert key[0] not in {article for article, _ in alike}
        assert {*alike} <= {*keys}
        terms = {*retriever.analyzer.terms(text)}
        same = [
            other
            for other, words in text_of.items()
            if other[0] != key[0] and terms and {*retriever.analyzer.terms(words)} == terms
        ]
        assert {*same} <= {*alike}
    noon = [key for key, text in text_of.items() if "noon" in text]
    assert [retriever.alike(key) for key in noon] == [noon[1:], noon[:1]]


async def test_adjacent_terms(retriever: Retriever) -> None:
    terms = [*dict.fromkeys(EXPECTED.analyzer.terms(" ".join(ALL_WORDS)))]
    for one, other in product(terms, terms):
        expected = EXPECTED.are_adjacent(EXPECTED.find(one), EXPECTED.find(other))
        assert retriever.are_adjacent(retriever.find(one), retriever.find(other)) == expected


def asked(retriever: Retriever, question: str, before: str | None = None) -> Answer:
    found = answer(retriever, question, previous=before, top=3, more=5, asked_on=TODAY)
    return replace(
        found,
        took_ms=0,
        confidence=round(found.confidence, 9),
        hits=tuple(replace(hit, score=round(hit.score, 9)) for hit in found.hits),
    )


async def test_answers(retriever: Retriever) -> None:
    for question, before in product(QUESTIONS, (None, "Who runs the ferry?")):
        assert asked(retriever, question, before) == asked(EXPECTED, question, before)


async def test_answers_from_the_sample() -> None:
    lines = SAMPLE_QUESTIONS.read_text("utf-8").splitlines()
    async with open_engine(MEMORY, [Source(str(SAMPLE))]) as engine:
        await engine.reindex()
        coverage = [
            (article, [passage.text for passage in engine.searcher.passages_in(at)])
            for at, article in zip(
                engine.searcher.order.tolist(), engine.searcher.articles, strict=True
            )
        ]
        plain = PlainRetriever(coverage)
        for question in (json.loads(line)["question"] for line in lines):
            assert asked(engine.searcher, question) == asked(plain, question)


@pytest.mark.parametrize("implementation", [PlainRetriever, Searcher.of])
@pytest.mark.parametrize("texts", [None, [], ["The of."], ["?"]])
def test_coverage_without_terms(
    implementation: Callable[[Coverage], Retriever], texts: list[str] | None
) -> None:
    article = Article("a", "", "", "", "", "", brief=False, paragraphs=len(texts or []))
    retriever = implementation([] if texts is None else [(article, texts)])
    found = retriever.retrieve([], Filter(), 3)
    assert (len(found), found.keys(), len(found.passages), len(found.headlines)) == (0, [], 0, 0)
    assert len(retriever.newest(Filter(), 3)) == len(texts or [])
    assert retriever.published is None
    assert retriever.find("ferri") == UNKNOWN
    assert (retriever.frequency("ferri"), retriever.word_frequency("ferry")) == (0, 0)
    assert retriever.similar_words("ferry") == []
    assert [*retriever.positions_of("b")] == []
    assert not asked(retriever, "When does the ferry leave?").hits
